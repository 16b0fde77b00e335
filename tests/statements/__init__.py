"""Tests of `helpers.statements`."""

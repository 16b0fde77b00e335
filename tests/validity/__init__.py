"""Tests of `helpers.validity`."""

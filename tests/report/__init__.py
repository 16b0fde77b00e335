"""Tests of `helpers.report`."""

"""Tests of `helpers.figures`."""

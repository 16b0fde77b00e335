"""Tests of `helpers.lessons`."""

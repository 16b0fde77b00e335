"""Tests of `helpers.topics`."""

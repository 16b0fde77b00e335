"""Tests of `helpers.articles`."""

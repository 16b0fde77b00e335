"""Tests of the data that the project ships."""

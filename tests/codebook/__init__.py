"""Tests of `helpers.codebook`."""

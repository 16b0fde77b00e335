"""Tests of `helpers.coding`."""

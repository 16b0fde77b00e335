"""Readers: one file a source; each turns raw bytes into records or rejects."""

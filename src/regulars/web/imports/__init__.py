"""Bringing files in: choose, say what the columns mean, see what would happen, start, read the report."""

"""Reads. Each resolves merges: whoever was merged is shown as the one they were merged into."""

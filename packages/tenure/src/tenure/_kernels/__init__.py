"""Compiled loops. Each releases the interpreter's lock, has a plain twin in `tenure._twins`, and is cached on disk."""

"""Compiled loops of the value models; each has a slow, obvious twin in the tests."""

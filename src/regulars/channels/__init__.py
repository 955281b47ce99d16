"""Channels: bytes in, normalised messages up; messages down, bytes out."""

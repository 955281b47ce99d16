"""Signing in to a mailbox without its password: by tokens that somebody allowed once, and that are renewed."""

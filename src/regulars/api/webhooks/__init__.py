"""Telling others what happens at the desk: each fact to each address that asked for it, signed, until it is taken."""

"""Rows of customers into profiles, the ways to recognise them, and their consents."""

from regulars.customers.importing.profiles.rows import KEY, typed
from regulars.customers.importing.profiles.steps import steps

__all__ = ["KEY", "steps", "typed"]

"""Rows of facts into the log."""

from regulars.customers.importing.tracked.rows import KEY, typed
from regulars.customers.importing.tracked.steps import steps

__all__ = ["KEY", "steps", "typed"]

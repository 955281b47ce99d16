"""What can go wrong here, by name; each class's docstring is what the person reads."""

from __future__ import annotations

from tenure.errors import TenureError


class NothingHasEnded(TenureError):
    """No {period} has ended by {as_of}: the first fact is of {first}. Choose a later as_of or a shorter period."""


class WindowTooLong(TenureError):
    """The facts cover {days} days that have ended, fewer than the {length} of the trailing window. Choose fewer days
    with days=…, or wait."""

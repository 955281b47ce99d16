"""Why an effect cannot be stated, by name; each class's docstring is what the person reads."""

from __future__ import annotations

from tenure.errors import TenureError


class EffectError(TenureError):
    """The effect cannot be stated."""

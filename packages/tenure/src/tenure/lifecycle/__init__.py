"""The life of a customer base: who is new, returning, resurrected and dormant, and how often customers come by."""

from __future__ import annotations

from tenure.lifecycle.stages import Lifecycle, lifecycle
from tenure.lifecycle.sticking import Stickiness, stickiness

__all__ = ["Lifecycle", "Stickiness", "lifecycle", "stickiness"]

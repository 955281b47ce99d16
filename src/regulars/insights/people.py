"""What insights keeps about a customer: the mirror's copy of their facts."""

from collections.abc import Sequence
from typing import Any

from regulars.insights.mirror import erasing
from regulars.kernel import people


def export(customer_ids: Sequence[int]) -> dict[str, Any]:
    """Nothing of its own: the mirror copies the log, and the log exports itself."""
    return {}


people.register(people.Keeper(name="insights", models=(), export=export, erase=erasing.erase))

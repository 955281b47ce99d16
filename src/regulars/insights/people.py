"""What insights keeps about a customer: the mirror's copy of their facts."""

from collections.abc import Sequence
from typing import Any

from regulars.kernel import people


def export(customer_ids: Sequence[int]) -> dict[str, Any]:
    """Nothing of its own: the mirror copies the log, and the log exports itself."""
    return {}


def erase(customer_ids: Sequence[int]) -> int:
    """Write the files anew that hold them; Arrow is loaded when it comes to that."""
    from regulars.insights.mirror import erasing

    return erasing.erase(customer_ids)


people.register(people.Keeper(name="insights", models=(), export=export, erase=erase))

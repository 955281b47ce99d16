"""Whom an agent is likely to write to next."""

from typing import Final

from regulars.desk.selectors.visible import visible_to
from regulars.kernel.actors import Actor

MOST: Final = 8
LOOKED_THROUGH: Final = 60  # conversations: enough that a few talkative customers leave room for others


def customers(*, by: Actor) -> list[int]:
    """The customers of the conversations that moved last, each once; those that are their own come first."""
    moved = visible_to(by).filter(spam_at=None, merged_into=None).order_by("-last_at", "-id")
    rows = moved.values_list("customer_id", "assignee_id")[:LOOKED_THROUGH]
    own_first = sorted(rows, key=lambda row: row[1] != by.id)
    return list(dict.fromkeys(customer_id for customer_id, _assignee_id in own_first))[:MOST]

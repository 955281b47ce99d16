"""Bulk actions an agent did."""

from typing import Final

from django.db.models import QuerySet

from regulars.desk.errors import NoSuchBulk
from regulars.desk.models import Bulk
from regulars.kernel.actors import Actor

MOST: Final = 50


def recent(by: Actor) -> QuerySet[Bulk]:
    """The agent's own, newest first."""
    return Bulk.objects.filter(agent=by.id).defer("ids").order_by("-pk")[:MOST]


def bulk(bulk_id: int, *, by: Actor) -> Bulk:
    """One of the agent's own."""
    found = Bulk.objects.filter(pk=bulk_id, agent=by.id).defer("ids").first()
    if found is None:
        raise NoSuchBulk
    return found

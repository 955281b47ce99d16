"""What stands around a conversation: the customer's others, and those that belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from regulars.desk.models import Conversation, Link
from regulars.desk.selectors.around import around
from regulars.desk.selectors.visible import visible_to
from regulars.kernel.actors import Actor

MOST = 6


@dataclass(frozen=True, slots=True)
class Related:
    """A conversation that belongs to another, and why; `is_later` says which of the two came out of the other."""

    conversation: Conversation
    why: str
    link_id: int
    is_later: bool


@dataclass(frozen=True, slots=True)
class Others:
    """A customer's conversations, the newest first, and how many there are in all."""

    rows: list[Conversation]
    count: int


def of_customer(customer_ids: Sequence[int], *, by: Actor, without: int | None = None, most: int = MOST) -> Others:
    """What this actor may see of a customer's conversations."""
    rows = visible_to(by).filter(customer__in=customer_ids, merged_into=None, spam_at=None).exclude(pk=without)
    found = list(rows.order_by("-last_at", "-pk")[: most + 1])
    return Others(found[:most], rows.count() if len(found) > most else len(found))


def related(conversation: Conversation, *, by: Actor) -> list[Related]:
    """The conversations linked to this one that the actor may see."""
    known = around(conversation)
    if known is not None and not known.has_links:
        return []
    links = list(Link.objects.filter(Q(conversation=conversation) | Q(other=conversation)).order_by("pk"))
    ids = {link.other_id if link.conversation_id == conversation.pk else link.conversation_id for link in links}
    seen = {row.pk: row for row in visible_to(by).filter(pk__in=ids)} if ids else {}
    return [found for link in links if (found := _related(link, conversation.pk, seen))]


def _related(link: Link, pk: int, seen: dict[int, Conversation]) -> Related | None:
    is_later = link.conversation_id != pk
    row = seen.get(link.conversation_id if is_later else link.other_id)
    return Related(row, link.why, link.pk, is_later) if row else None

"""What stands around a conversation: the customer's others, and those that belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from regulars.desk.models import Conversation, Link
from regulars.desk.selectors.around import around
from regulars.desk.selectors.visible import hidden_from, visible_hiding, visible_to
from regulars.kernel.actors import Actor
from regulars.kernel.prepared import Compiled, Given

MOST = 6
_ALL: Final = Compiled(
    lambda *hidden: _of(visible_hiding(hidden).filter(customer=Given("customer"))).exclude(pk=Given("without"))
)
_FIRST: Final = Compiled(lambda *hidden: _newest(_ALL.made(*hidden), MOST))


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
    hidden = hidden_from(by) if len(customer_ids) == 1 and without is not None and most == MOST else None
    if hidden is not None:
        wanted = {"by": by.id, "customer": customer_ids[0], "without": without}
        found = _FIRST.rows(*hidden, **wanted)
        return Others(found[:most], _ALL.count(*hidden, **wanted) if len(found) > most else len(found))
    rows = _of(visible_to(by).filter(customer__in=customer_ids)).exclude(pk=without)
    found = list(_newest(rows, most))
    return Others(found[:most], rows.count() if len(found) > most else len(found))


def _of(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return rows.filter(merged_into=None, spam_at=None)


def _newest(rows: QuerySet[Conversation], most: int) -> QuerySet[Conversation]:
    return rows.only("subject", "preview", "status", "last_at").order_by("-last_at", "-pk")[: most + 1]


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

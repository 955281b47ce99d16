"""What stands around a conversation: the customer's others, and those that belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet, Window

from regulars.desk.models import Conversation, Link
from regulars.desk.selectors.around import around
from regulars.desk.selectors.visible import hidden_from, visible_hiding, visible_to
from regulars.kernel.actors import Actor
from regulars.kernel.prepared import Compiled, Given

MOST = 6
_FIRST: Final = Compiled(
    lambda *hidden: _newest(
        _of(visible_hiding(hidden).filter(customer=Given("customer"))).exclude(pk=Given("without")), MOST
    )
)


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
        found = _FIRST.rows(*hidden, by=by.id, customer=customer_ids[0], without=without)
    else:
        found = list(_newest(_of(visible_to(by).filter(customer__in=customer_ids)).exclude(pk=without), most))
    return Others(found, found[0].total if found else 0)  # type: ignore[attr-defined]  # counted beside each


def _of(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return rows.filter(merged_into=None, spam_at=None)


def _newest(rows: QuerySet[Conversation], most: int) -> QuerySet[Conversation]:
    """The newest, and beside each how many there are in all: another question would cost more than counting them."""
    counted = rows.annotate(total=Window(Count("*")))
    return counted.only("subject", "preview", "status", "last_at").order_by("-last_at", "-pk")[:most]


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

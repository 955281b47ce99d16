"""Whose conversations an actor may see: nothing is fetched but through here."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Q, QuerySet

from regulars.accounts import colleagues, permission
from regulars.customers.selectors import families
from regulars.desk.models import Conversation
from regulars.kernel.actors import Actor
from regulars.kernel.prepared import Given

BY: Final = Given("by")  # in a compiled query, the agent who asks


def visible_to(by: Actor) -> QuerySet[Conversation]:
    """The conversations this actor may see.

    An agent sees their own, those of no team, of open teams and of the teams they are in; a customer
    sees their own; rules, the bot, keys and the system see all. Whoever may not answer sees none.
    """
    if by.kind == "customer":
        return Conversation.objects.filter(customer__in=_family_ids(by), spam_at=None)
    if by.kind != "agent":
        return Conversation.objects.all()
    if not permission.has("answer", by=by):
        return Conversation.objects.none()
    return Conversation.objects.filter(where_visible(by))


def where_visible(by: Actor) -> Q:
    """The condition alone, for a query that is built elsewhere; it is empty where no team is closed."""
    return _outside(colleagues.teams().hidden_from(by.id) if by.kind == "agent" and by.id else [], by.id)


def visible_outside(hidden: Sequence[int], *, by: Actor) -> QuerySet[Conversation]:
    """What `visible_to` gives an agent of whom it was just asked that they may answer, and which teams are hidden."""
    return Conversation.objects.filter(_outside(hidden, by.id))


def hidden_from(by: Actor) -> tuple[int, ...] | None:
    """The teams whose conversations an agent does not see, as the form of a compiled query; None for others.

    Whoever may not answer is among the others: `visible_to` has the word on them.
    """
    if by.kind != "agent" or not by.id or not permission.has("answer", by=by):
        return None
    return tuple(colleagues.teams().hidden_from(by.id))


def visible_hiding(hidden: Sequence[int]) -> QuerySet[Conversation]:
    """What `visible_to` gives an agent from whom these teams are hidden, to be compiled: the agent is `BY`."""
    return Conversation.objects.filter(_outside(hidden, BY))


def _outside(hidden: Sequence[int], agent_id: int | Given | None) -> Q:
    return Q(team__isnull=True) | ~Q(team__in=hidden) | Q(assignee=agent_id) if hidden else Q()


def _family_ids(by: Actor) -> list[int]:
    head = families.heads([by.id or 0])
    return families.family(next(iter(head.values()))).ids if head else []

"""Whose conversations an actor may see: nothing is fetched but through here."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from regulars.accounts import colleagues, permission
from regulars.customers.selectors import families
from regulars.desk.models import Conversation
from regulars.kernel.actors import Actor


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
    return _outside(colleagues.teams().hidden_from(by.id) if by.kind == "agent" and by.id else [], by)


def visible_outside(hidden: Sequence[int], *, by: Actor) -> QuerySet[Conversation]:
    """What `visible_to` gives an agent of whom it was just asked that they may answer, and which teams are hidden."""
    return Conversation.objects.filter(_outside(hidden, by))


def _outside(hidden: Sequence[int], by: Actor) -> Q:
    return Q(team__isnull=True) | ~Q(team__in=hidden) | Q(assignee=by.id) if hidden else Q()


def _family_ids(by: Actor) -> list[int]:
    head = families.heads([by.id or 0])
    return families.family(next(iter(head.values()))).ids if head else []

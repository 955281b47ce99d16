"""The views of the inbox: those everybody has, one for each of an agent's teams, and the saved ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from regulars.accounts import colleagues
from regulars.desk.errors import NoSuchView
from regulars.desk.models import Conversation, View
from regulars.desk.selectors.conditions import Tree, both
from regulars.desk.selectors.listing import Wanted
from regulars.kernel.actors import Actor

MOST_SAVED: Final = 100
UNRESOLVED: Final = [status for status in Conversation.STATUSES if status != Conversation.RESOLVED]


@dataclass(frozen=True, slots=True)
class Looking:
    """One view: a key for addresses, and what it shows.

    `statuses` are what it shows unless somebody asks for others; None where its conditions decide.
    A built-in one has no name here: the page has its word in the reader's language.
    """

    key: str
    conditions: Tree
    statuses: list[str] | None = None
    sort: str = "newest"
    name: str = ""
    is_counted: bool = True
    is_spam: bool = False
    saved: View | None = None

    def wanted(self, *, statuses: list[str] | None = None, besides: Tree | None = None) -> Wanted:
        """What to list, perhaps in other statuses, perhaps narrowed further."""
        chosen = statuses or self.statuses
        in_status: Tree = {"field": "status", "is": "in", "value": chosen} if chosen else {}
        return Wanted(both(self.conditions, in_status, besides or {}), is_spam=self.is_spam)


def _assigned(*whose: object) -> Tree:
    return {"field": "assignee", "is": "in", "value": list(whose)}


OPEN: Final = [Conversation.OPEN]
BUILT_IN: Final = (
    Looking("mine", _assigned("me"), OPEN),
    Looking("unassigned", _assigned("nobody"), OPEN),
    Looking("following", {"field": "following", "is": "is", "value": True}, UNRESOLVED),
)
EVERYTHING: Final = (
    Looking("all", {}, OPEN),
    Looking("waiting", {"field": "status", "is": "in", "value": [Conversation.WAITING]}),
    Looking("snoozed", {"field": "status", "is": "in", "value": [Conversation.SNOOZED]}),
    Looking("resolved", {"field": "status", "is": "in", "value": [Conversation.RESOLVED]}, is_counted=False),
    Looking("spam", {}, is_counted=False, is_spam=True),
)


@dataclass(frozen=True, slots=True)
class Views:
    """All the views one agent has, in the order of the page."""

    own: tuple[Looking, ...]
    teams: tuple[Looking, ...]
    everything: tuple[Looking, ...]
    saved: tuple[Looking, ...]

    def __iter__(self) -> Iterator[Looking]:
        yield from (*self.own, *self.teams, *self.everything, *self.saved)

    def find(self, key: str) -> Looking:
        """The view of this key; no key is one's own conversations."""
        for each in self:
            if each.key == (key or "mine"):
                return each
        raise NoSuchView


def views_of(by: Actor) -> Views:
    """Every view of an agent: of the house, of their teams, and what is saved, for which there is one query."""
    teams = colleagues.teams().of(by.id)
    return Views(BUILT_IN, tuple(_of_team(team) for team in teams), EVERYTHING, tuple(map(_as_saved, saved(by))))


def saved(by: Actor) -> QuerySet[View]:
    """The agent's own saved views first, then those shared with everybody, each in its order."""
    rows = View.objects.filter(Q(agent=by.id) | Q(agent=None))
    return rows.order_by("agent", "position", "pk")[:MOST_SAVED]


def _of_team(team: Any) -> Looking:
    return Looking(f"team-{team.pk}", {"field": "team", "is": "in", "value": [team.pk]}, OPEN, name=team.name)


def _as_saved(view: View) -> Looking:
    return Looking(f"view-{view.pk}", view.conditions, sort=view.sort, name=view.name, saved=view)


def saved_view(view_id: int, *, by: Actor) -> View:
    """One saved view, the agent's own or a shared one."""
    found = View.objects.filter(Q(agent=by.id) | Q(agent=None), pk=view_id).first()
    if found is None:
        raise NoSuchView
    return found

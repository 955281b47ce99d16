"""Painting changes for open pages: which rows a list shows now, in which order, and how they look.

Pages with the same list, the same permissions and the same language are painted for once; a list that
means its reader ("mine") is that agent's alone. What a row says to one agent only (their draft, a
mention) is left out: the page keeps that.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict
from django.utils import translation

from regulars.accounts import selectors as accounts
from regulars.desk.actions.presence import TOPIC as PRESENCE
from regulars.desk.actions.steps import TOPIC as CONVERSATION
from regulars.desk.selectors import conditions, listing, present
from regulars.desk.selectors.views import Views, views_of
from regulars.desk.selectors.visible import visible_outside, visible_to
from regulars.kernel import live, looking
from regulars.kernel.actors import Actor
from regulars.kernel.errors import DomainError
from regulars.web.desk import asking, drawing
from regulars.web.live import signing_in
from regulars.web.live.open_page import OpenPage

Event = tuple[str, dict[str, Any]]
Changed = Mapping[str, set[int]]
Hidden = Mapping[int, tuple[int, ...]]  # of each agent, the closed teams they are not in

OF_READER: Final = {"watching", "mentioned", "following"}


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that are painted for at once."""

    query: str
    language: str
    hidden: tuple[int, ...]
    agent_id: int | None  # of whom the list speaks; None when it is the same for all of them


class DeskPainter:
    """Reads the database and renders; called in a thread."""

    def since(self, number: int) -> list[live.Told] | None:
        """What changed after a number; None when that is forgotten."""
        return live.since(number)

    def lately(self) -> list[live.Told]:
        """What changed in the last seconds."""
        return live.lately()

    def latest(self) -> int:
        """The number of the last change."""
        return live.latest()

    def still_in(self, session_keys: set[str]) -> set[str]:
        """Those of these sessions that are still somebody's."""
        return signing_in.still_in(session_keys)

    def present(self, page: OpenPage) -> list[dict[str, Any]]:
        """Who else is at which conversation at this moment, of those this page's agent may see."""
        with looking.look():
            hidden: Hidden = accounts.hidden_teams({page.agent_id})
            told: dict[OpenPage, list[Event]] = defaultdict(list)
            ids = present.busy(but=page.agent_id)
            if ids and page.agent_id in hidden:
                _paint_presence([page], hidden, ids, told)
            return [content for _name, content in told[page]]

    def paint(self, pages: Iterable[OpenPage], changed: Changed) -> dict[OpenPage, list[Event]]:
        """What each page is to be told, by what its agent may see at this moment."""
        with looking.look():
            return self._painted(pages, changed)

    def _painted(self, pages: Iterable[OpenPage], changed: Changed) -> dict[OpenPage, list[Event]]:
        hidden: Hidden = accounts.hidden_teams({page.agent_id for page in pages})
        allowed = [page for page in pages if page.agent_id in hidden]
        told: dict[OpenPage, list[Event]] = defaultdict(list)
        if conversations := changed.get(CONVERSATION):
            _paint_lists(allowed, hidden, conversations, told)
            for page in allowed:
                if page.conversation_id in conversations:
                    told[page].append(("conversation", {"id": page.conversation_id}))
        if presences := changed.get(PRESENCE):
            _paint_presence(allowed, hidden, presences, told)
        return told


def _paint_lists(pages: Iterable[OpenPage], hidden: Hidden, ids: set[int], told: dict[OpenPage, list[Event]]) -> None:
    groups: dict[Group, list[OpenPage]] = defaultdict(list)
    personal: dict[str, bool] = {}
    known = Known(ids)
    for page in pages:
        if page.query not in personal:
            personal[page.query] = _means_reader(page, known)
        is_own = personal[page.query] or bool(hidden[page.agent_id])
        own = page.agent_id if is_own else None
        groups[Group(page.query, page.language, hidden[page.agent_id], own)].append(page)
    for group, members in groups.items():
        content = _list(members[0], group, known)
        for page in members:
            told[page].append(("rows", content))


@dataclass(slots=True)
class Known:
    """What one painting asks for once: agents' views, and the changed rows, for all the lists they are on."""

    ids: set[int]
    views: dict[int, Views] = field(default_factory=dict)
    rows: dict[tuple[int | None, tuple[int, ...], bool], dict[int, Any]] = field(default_factory=dict)

    def views_of(self, agent_id: int) -> Views:
        if agent_id not in self.views:
            self.views[agent_id] = views_of(Actor("agent", agent_id))
        return self.views[agent_id]

    def changed(self, group: Group, *, by: Actor, sort: str) -> dict[int, Any]:
        """The rows that changed, with what is the reader's own left out."""
        seen, key = visible_outside(group.hidden, by=by), (group.agent_id, group.hidden, sort == "stake")
        if key not in self.rows:
            self.rows[key] = listing.dressed(self.ids, by=by, seen=seen, sort=sort)
            for row in self.rows[key].values():
                row.has_draft = row.mentions_me = False  # type: ignore[attr-defined]  # annotated
        return self.rows[key]


def _means_reader(page: OpenPage, known: Known) -> bool:
    """Whether a list shows each reader something else."""
    try:
        view = known.views_of(page.agent_id).find(QueryDict(page.query).get("view", "") or "")
    except DomainError:
        return True
    if view.saved is not None and view.saved.agent_id is not None:
        return True
    leaves = list(conditions.leaves(view.conditions))
    return any(leaf["field"] in OF_READER or _names_reader(leaf.get("value")) for leaf in leaves)


def _names_reader(value: Any) -> bool:
    return isinstance(value, list) and bool({"me", "mine"} & {each for each in value if isinstance(each, str)})


def _list(page: OpenPage, group: Group, known: Known) -> dict[str, Any]:
    """The list's first page as numbers in order, the changed rows in it, and those that left the list."""
    by = Actor("agent", page.agent_id)
    try:
        asked = asking.asked(QueryDict(page.query), known.views_of(page.agent_id))
        if asked.text:  # what was found stays as it was found
            return {"order": [], "rows": {}, "gone": []}
        seen = visible_outside(group.hidden, by=by)
        order, later = listing.standing(asked.wanted, known.ids, by=by, seen=seen, sort=asked.sort)
    except DomainError:
        return {"order": [], "rows": {}, "gone": []}
    rows = known.changed(group, by=by, sort=asked.sort)
    changed = [rows[pk] for pk in order if pk in rows]
    with translation.override(group.language):
        html = {row.pk: str(row.html) for row in drawing.drawn(changed, asked=asked)}
    return {"order": order, "rows": html, "gone": sorted(known.ids - set(order) - later)}


def _paint_presence(
    pages: Iterable[OpenPage], hidden: Hidden, ids: set[int], told: dict[OpenPage, list[Event]]
) -> None:
    who = present.present_at(ids)
    for page, seen in _seen(pages, hidden, ids):
        for pk in seen:
            others = [{"name": one.name, "writes": one.is_writing} for one in who[pk] if one.agent_id != page.agent_id]
            told[page].append(("presence", {"id": pk, "who": others}))


def _seen(pages: Iterable[OpenPage], hidden: Hidden, ids: set[int]) -> Iterable[tuple[OpenPage, list[int]]]:
    """Which of these conversations each page's agent may see; asked once for all who see every team."""
    everything: list[int] | None = None
    for page in pages:
        mine = visible_to(Actor("agent", page.agent_id)).filter(pk__in=ids).order_by("pk")
        if hidden[page.agent_id]:
            yield page, list(mine.values_list("pk", flat=True))
            continue
        everything = list(mine.values_list("pk", flat=True)) if everything is None else everything
        yield page, everything

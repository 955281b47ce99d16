"""The list of conversations: those of a view, in an order, a page at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet

from regulars.accounts import colleagues
from regulars.channels.selectors.ways import ways
from regulars.desk.models import Conversation, Draft, Mention
from regulars.desk.selectors import bounded, conditions
from regulars.desk.selectors.alone import OutOfTime
from regulars.desk.selectors.bounded import Fetch
from regulars.desk.selectors.sorting import LAST, SORTS, STAKE, Place, Sort, after, mark, mark_of, place
from regulars.desk.selectors.visible import BY, hidden_from, visible_hiding, visible_to
from regulars.kernel import clock, looking, prepared
from regulars.kernel.actors import Actor
from regulars.kernel.prepared import Compiled, Given

PAGE: Final = 25  # three screens; the next ones come while one scrolls

_AMONG: Final = Func(
    F("pk"), Given("ids"), template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()
)
_SHOWN: Final = Compiled(lambda *hidden: _dressed(visible_hiding(hidden).filter(_AMONG), agent_id=BY))
_LABELS: Final = """
SELECT worn.conversation_id, label.name, label.hue
  FROM desk_conversation_labels AS worn JOIN desk_label AS label ON label.id = worn.label_id
 WHERE worn.conversation_id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations: those that meet a tree of conditions; spam is only ever asked for alone."""

    conditions: conditions.Tree
    is_spam: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and where the next page begins; empty on the last.

    Where it `takes_long` the page may have fewer rows than there is room for, and the next goes on looking. It
    `is_cut` where an order is only looked for among the latest conversations: there may be more that nobody sees.
    """

    rows: list[Conversation]
    after: str
    takes_long: bool = False
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """Keys in order; `end` is where a look ended before there were enough."""

    keys: list[int]
    end: Place | None = None
    takes_long: bool = False
    is_cut: bool = False


def matching(wanted: Wanted, *, by: Actor) -> QuerySet[Conversation]:
    """Whatever the actor may see of what is wanted, merged ones left out, in no order."""
    return _meeting(visible_to(by), wanted, by=by)


def _meeting(
    seen: QuerySet[Conversation], wanted: Wanted, *, by: Actor, is_walked: bool = False
) -> QuerySet[Conversation]:
    shown = seen.filter(spam_at__isnull=not wanted.is_spam, merged_into__isnull=True)
    return shown.filter(conditions.where(wanted.conditions, by=by, now=clock.now(), is_walked=is_walked))


def standing(
    wanted: Wanted, among: Collection[int], *, by: Actor, seen: QuerySet[Conversation], sort: str = "newest"
) -> tuple[list[int], set[int]]:
    """The keys of the first page in order, and which of the others among these are on further pages.

    `seen` is what the agent may see, where that is known already; a list that is painted for many asks no more.
    """
    shown, order = _meeting(seen, wanted, by=by), SORTS.get(sort, SORTS["newest"])
    keys = _found(seen, wanted, order, None, limit=PAGE, by=by).keys
    elsewhere = set(among) - set(keys)
    return keys, set(shown.filter(pk__in=elsewhere).values_list("pk", flat=True)) if elsewhere else set()


def dressed(
    conversation_ids: Collection[int], *, by: Actor, seen: QuerySet[Conversation], sort: str = "newest"
) -> dict[int, Conversation]:
    """These conversations by key, as a list in this order shows them, of what the agent is known to see."""
    rows = _dressed(seen.filter(pk__in=conversation_ids), agent_id=_agent_id(by))
    order = SORTS.get(sort, SORTS["newest"])
    found = list(rows.annotate(**{STAKE: order.annotated}) if order.annotated else rows)
    return {row.pk: row for row in _with_labels(found)}


def page(
    wanted: Wanted, *, by: Actor, seen: QuerySet[Conversation] | None = None, sort: str = "newest", start: str = "",
    limit: int = PAGE,
) -> Page:  # fmt: skip
    """One page with everything a row shows, in three queries: which rows, the rows, and their labels.

    Where rows lack what is sorted by, those come last, with one query more on the page where they begin. `seen` is
    what may be shown where that is less than the actor sees by whom the conditions are read.
    """
    order = SORTS.get(sort, SORTS["newest"])
    seen = visible_to(by) if seen is None else seen
    found = _found(seen, wanted, order, place(start, order) if start else None, limit=limit + 1, by=by)
    rows = _rows(found.keys, order, by=by)
    goes_on = mark(rows[limit - 1], order) if len(rows) > limit else mark_of(found.end) if found.end else ""
    return Page(_with_labels(rows[:limit]), goes_on, found.takes_long, found.is_cut)


def row(conversation_id: int, *, wanted: Wanted, by: Actor) -> Conversation | None:
    """One conversation as the list shows it, while it is among what is wanted."""
    found = _dressed(matching(wanted, by=by).filter(pk=conversation_id), agent_id=_agent_id(by))
    return next(iter(_with_labels(list(found))), None)


def in_this_order(conversation_ids: Sequence[int], *, by: Actor) -> list[Conversation]:
    """These conversations as the list shows them, in the order given; those the actor may not see are left out."""
    if (hidden := hidden_from(by)) is not None:
        rows = _SHOWN.rows(*hidden, ids=list(conversation_ids), by=by.id)
    else:
        rows = list(_dressed(visible_to(by).filter(pk__in=conversation_ids), agent_id=_agent_id(by)))
    found = {row.pk: row for row in rows}
    return _with_labels([found[pk] for pk in conversation_ids if pk in found])


def _found(
    seen: QuerySet[Conversation], wanted: Wanted, sort: Sort, start: Place | None, *, limit: int, by: Actor
) -> _Found:
    """Which come first; see `bounded` for those no index leads to."""
    shown = _meeting(seen, wanted, by=by)
    if bounded.is_led(wanted.conditions):
        return _Found(_keys(shown, sort, start, limit=limit))
    name = bounded.name_of(wanted.conditions, wanted.is_spam, list(SORTS.values()).index(sort))
    if not bounded.took_long(name):
        try:
            return _Found(_keys(shown, sort, start, limit=limit, fetch=bounded.fetch(bounded.FIRST_SECONDS)))
        except OutOfTime:
            bounded.remember(name)
    walked = _meeting(seen, wanted, by=by, is_walked=True)
    if sort not in bounded.WALKED:
        latest = bounded.end_of_stretch(SORTS["newest"], None, is_spam=wanted.is_spam)
        among = walked.filter(bounded.until(SORTS["newest"], latest)) if latest else walked
        keys = _keys(among, sort, start, limit=limit, fetch=bounded.insisted)
        return _Found(keys, takes_long=True, is_cut=latest is not None)
    end = bounded.end_of_stretch(sort, start, is_spam=wanted.is_spam)
    stretch = walked.filter(bounded.until(sort, end)) if end else walked
    keys = _range([stretch], sort, start, limit=limit, fetch=bounded.insisted)
    return _Found(keys, end, takes_long=True)


def _rows(ids: Sequence[int], sort: Sort, *, by: Actor) -> list[Conversation]:
    """Everything about them: what is sorted are keys alone, not rows with all they show."""
    if sort.annotated or by.kind != "agent":
        rows = _dressed(Conversation.objects.filter(pk__in=ids), agent_id=_agent_id(by))
        everything = list(rows.annotate(**{STAKE: sort.annotated}) if sort.annotated else rows)
    else:
        everything = _SHOWN.rows(ids=list(ids), by=by.id)
    found = {row.pk: row for row in everything}
    return [found[pk] for pk in ids if pk in found]


def _keys(
    shown: QuerySet[Conversation], sort: Sort, start: Place | None, *, limit: int, fetch: Fetch = list
) -> list[int]:
    """Those that have what is sorted by first, then those that have not: two ranges of an index."""
    if not sort.first_with:
        return _range([shown], sort, start, limit=limit, fetch=fetch)
    keys: list[int] = []
    if start is None or not start.is_among_last:
        have = sort.halves(shown) if sort.halves else [shown.filter(**{f"{sort.first_with}__isnull": False})]
        keys, start = _range(have, sort, start, limit=limit, fetch=fetch), None
    if len(keys) < limit:
        if sort.annotated is not None:
            shown = shown.annotate(**{sort.first_with: sort.annotated})
        without = shown.filter(**{f"{sort.first_with}__isnull": True})
        keys += _range([without], LAST, start, limit=limit - len(keys), fetch=fetch)
    return keys


def _range(
    parts: Sequence[QuerySet[Conversation]], sort: Sort, start: Place | None, *, limit: int, fetch: Fetch = list
) -> list[int]:
    """The first of several sets in one order: each is sorted by the database, their beginnings here."""
    names = [key.name for key in sort.keys]
    orders = [key.order for key in sort.keys]
    rows: list[tuple[Any, ...]] = []
    for part in parts:
        after_place = part if start is None else part.filter(after(sort, start))
        rows += fetch(after_place.order_by(*orders).values_list(*names)[:limit])
    if len(parts) > 1:
        for place_, key in reversed(list(enumerate(sort.keys))):
            rows.sort(key=itemgetter(place_), reverse=key.is_descending)
    return [row[names.index("id")] for row in rows[:limit]]


def _agent_id(by: Actor) -> int | None:
    return by.id if by.kind == "agent" else None


def _dressed(shown: QuerySet[Conversation], *, agent_id: int | Given | None) -> QuerySet[Conversation]:
    """With what a row shows: who, and whether something of the agent's own waits there; see `_with_the_house`."""
    mine = {"agent": agent_id}
    return shown.select_related("customer", "customer__merged_into").annotate(
        has_draft=Exists(Draft.objects.filter(conversation=OuterRef("pk"), **mine).exclude(text="")),
        mentions_me=Exists(Mention.objects.filter(message__conversation=OuterRef("pk"), seen_at=None, **mine)),
    )


def _with_the_house(rows: Sequence[Conversation]) -> None:
    """Put in where each came in, whose and of which team it is: as every page knows them, without joining them in."""
    with looking.within():
        channels, teams, agents = ways().by_id, colleagues.teams().by_id, colleagues.colleagues().by_id
    for row in rows:
        known: Any = row._state.fields_cache
        known["channel"] = channels[row.channel_id]
        known["team"] = teams[row.team_id] if row.team_id else None
        known["assignee"] = agents[row.assignee_id] if row.assignee_id else None


def _with_labels(rows: Sequence[Conversation]) -> list[Conversation]:
    """The rows with their labels, of which each keeps the order of its name, and with what is known of the house."""
    if not rows:
        return []
    labels: dict[int, list[tuple[str, int]]] = {}
    with prepared.cursor() as cursor:
        cursor.execute(_LABELS, [[row.pk for row in rows]])
        for conversation_id, name, hue in cursor.fetchall():
            labels.setdefault(conversation_id, []).append((name, hue))
    _with_the_house(rows)
    for row in rows:
        row.worn = sorted(labels.get(row.pk, []), key=lambda label: label[0].casefold())  # type: ignore[attr-defined]
    return list(rows)

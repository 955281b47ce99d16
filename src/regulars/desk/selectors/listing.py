"""The list of conversations: those of a view, in an order, a page at a time; and how many each view has."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet
from psycopg.sql import quote

from regulars.accounts import colleagues
from regulars.channels.selectors.ways import ways
from regulars.desk.models import Conversation, Draft, Mention
from regulars.desk.selectors import conditions
from regulars.desk.selectors.counting import Counting
from regulars.desk.selectors.sorting import LAST, SORTS, STAKE, Place, Sort, after, mark, place
from regulars.desk.selectors.visible import BY, hidden_from, visible_hiding, visible_to
from regulars.kernel import clock, looking, prepared
from regulars.kernel.actors import Actor
from regulars.kernel.prepared import Compiled, Given

PAGE: Final = 25  # three screens; the next ones come while one scrolls
MOST_COUNTED: Final = 999

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
    """Rows, and where the next page begins; empty on the last."""

    rows: list[Conversation]
    after: str


def matching(wanted: Wanted, *, by: Actor) -> QuerySet[Conversation]:
    """Whatever the actor may see of what is wanted, merged ones left out, in no order."""
    return _meeting(visible_to(by), wanted, by=by)


def _meeting(seen: QuerySet[Conversation], wanted: Wanted, *, by: Actor) -> QuerySet[Conversation]:
    shown = seen.filter(spam_at__isnull=not wanted.is_spam, merged_into__isnull=True)
    return shown.filter(conditions.where(wanted.conditions, by=by, now=clock.now()))


def standing(
    wanted: Wanted, among: Collection[int], *, by: Actor, seen: QuerySet[Conversation], sort: str = "newest"
) -> tuple[list[int], set[int]]:
    """The keys of the first page in order, and which of the others among these are on further pages.

    `seen` is what the agent may see, where that is known already; a list that is painted for many asks no more.
    """
    shown, order = _meeting(seen, wanted, by=by), SORTS.get(sort, SORTS["newest"])
    keys = _keys(shown, order, None, limit=PAGE)
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


def page(wanted: Wanted, *, by: Actor, sort: str = "newest", start: str = "", limit: int = PAGE) -> Page:
    """One page with everything a row shows, in three queries: which rows, the rows, and their labels.

    Where rows lack what is sorted by, those come last, with one query more on the page where they begin.
    """
    order = SORTS.get(sort, SORTS["newest"])
    rows = _rows(matching(wanted, by=by), order, place(start, order) if start else None, limit=limit + 1, by=by)
    more = len(rows) > limit
    return Page(_with_labels(rows[:limit]), mark(rows[limit - 1], order) if more else "")


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


def counts(all_wanted: Iterable[tuple[str, Wanted]], *, by: Actor) -> dict[str, int]:
    """How many each of these has, by name, counted no further than 1,000; all in one round trip.

    A saved view that cannot be read any more is left out: it must not take the page with it.
    """
    sql, values = _counting(all_wanted, by=by)
    if not sql:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return dict(cursor.fetchall())


def usual_counts(all_wanted: Iterable[tuple[str, Wanted]], *, by: Actor) -> dict[str, int]:
    """The same for the views that everybody has, which every page counts: the database keeps how it does so.

    Words stand in the statement itself: only then does the plan know the index of what is open.
    """
    sql, values = _counting(all_wanted, by=by)
    if not sql:
        return {}
    texts = ["%s" if not isinstance(one, str) else quote(one).replace("%", "%%") for one in values]
    with prepared.cursor() as cursor:
        cursor.execute(sql.replace("%%", "%%%%") % tuple(texts), [one for one in values if not isinstance(one, str)])
        return dict(cursor.fetchall())


def _counting(all_wanted: Iterable[tuple[str, Wanted]], *, by: Actor) -> tuple[str, list[Any]]:
    counting = Counting(visible_to(by), by=by, now=clock.now(), limit=MOST_COUNTED + 1)
    parts, values = [], []
    for name, wanted in all_wanted:
        if (statement := counting.statement(wanted.conditions, is_spam=wanted.is_spam)) is None:
            continue
        parts.append(f"(SELECT %s::text, count(*) FROM ({statement[0]}) AS counted)")
        values += [name, *statement[1]]
    return " UNION ALL ".join(parts), values


def _rows(
    shown: QuerySet[Conversation], sort: Sort, start: Place | None, *, limit: int, by: Actor
) -> list[Conversation]:
    """First which, then everything about them: what is sorted are keys alone, not rows with all they show."""
    ids = _keys(shown, sort, start, limit=limit)
    if sort.annotated or by.kind != "agent":
        rows = _dressed(Conversation.objects.filter(pk__in=ids), agent_id=_agent_id(by))
        everything = list(rows.annotate(**{STAKE: sort.annotated}) if sort.annotated else rows)
    else:
        everything = _SHOWN.rows(ids=ids, by=by.id)
    found = {row.pk: row for row in everything}
    return [found[pk] for pk in ids if pk in found]


def _keys(shown: QuerySet[Conversation], sort: Sort, start: Place | None, *, limit: int) -> list[int]:
    """Those that have what is sorted by first, then those that have not: two ranges of an index."""
    if not sort.first_with:
        return _range([shown], sort, start, limit=limit)
    keys: list[int] = []
    if start is None or not start.is_among_last:
        have = sort.halves(shown) if sort.halves else [shown.filter(**{f"{sort.first_with}__isnull": False})]
        keys, start = _range(have, sort, start, limit=limit), None
    if len(keys) < limit:
        if sort.annotated is not None:
            shown = shown.annotate(**{sort.first_with: sort.annotated})
        without = shown.filter(**{f"{sort.first_with}__isnull": True})
        keys += _range([without], LAST, start, limit=limit - len(keys))
    return keys


def _range(parts: Sequence[QuerySet[Conversation]], sort: Sort, start: Place | None, *, limit: int) -> list[int]:
    """The first of several sets in one order: each is sorted by the database, their beginnings here."""
    names = [key.name for key in sort.keys]
    orders = [key.order for key in sort.keys]
    rows: list[tuple[Any, ...]] = []
    for part in parts:
        after_place = part if start is None else part.filter(after(sort, start))
        rows += after_place.order_by(*orders).values_list(*names)[:limit]
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

"""How many conversations each view has, counted no further than anybody reads."""

import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import connection
from psycopg.sql import quote

from regulars.desk.selectors import alone, bounded
from regulars.desk.selectors.alone import OutOfTime
from regulars.desk.selectors.counting import Counting
from regulars.desk.selectors.listing import Wanted
from regulars.desk.selectors.visible import visible_to
from regulars.kernel import clock, prepared
from regulars.kernel.actors import Actor

MOST_COUNTED: Final = 999
TOGETHER_SECONDS, APART_SECONDS, ALL_APART_SECONDS = 0.3, 0.15, 1.5  # for counting what no index leads to


def counts(all_wanted: Iterable[tuple[str, Wanted]], *, by: Actor) -> dict[str, int]:
    """How many each of these has, by name, counted no further than 1,000; all in one round trip.

    A saved view that cannot be read any more is left out: it must not take the page with it. So is one whose count
    takes longer than anybody waits for a number.
    """
    asked = {name: each for name, each in all_wanted if not bounded.took_long(_count_of(each))}
    if all(bounded.is_led(each.conditions) for each in asked.values()):
        return _counted_whole(asked, by=by)
    try:
        return _counted(asked, by=by, seconds=TOGETHER_SECONDS)
    except OutOfTime:
        return _counted_apart(asked, by=by)


def _counted_whole(asked: Mapping[str, Wanted], *, by: Actor) -> dict[str, int]:
    """However long it takes, which an index keeps short."""
    sql, values = _counting(asked.items(), by=by)
    if not sql:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return dict(cursor.fetchall())


def _counted(asked: Mapping[str, Wanted], *, by: Actor, seconds: float) -> dict[str, int]:
    sql, values = _counting(asked.items(), by=by)
    return dict(alone.ask(sql, values, seconds=seconds)) if sql else {}


def _counted_apart(asked: Mapping[str, Wanted], *, by: Actor) -> dict[str, int]:
    """One after the other, so that one that takes long keeps no other from its number."""
    found: dict[str, int] = {}
    deadline = time.monotonic() + ALL_APART_SECONDS
    for name, wanted in asked.items():
        if time.monotonic() > deadline:
            break
        try:
            found |= _counted({name: wanted}, by=by, seconds=APART_SECONDS)
        except OutOfTime:
            bounded.remember(_count_of(wanted))
    return found


def _count_of(wanted: Wanted) -> str:
    return bounded.name_of(wanted.conditions, wanted.is_spam, "count")


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

"""What is asked of the database for the latest conversations with certain words: four questions, as SQL.

In all of them `met.pk` is a conversation that has the words, latest first, and `shown` has a row where it is among
those asked for: a nested loop, which ends with the last one wanted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from regulars.desk.models import Conversation
from regulars.desk.models.searching import DAYS, IN_PERIOD

NEAR: Final = 200
COLUMNS: Final = ("title", "words")

_NEAR: Final = """
WITH near AS MATERIALIZED (
    SELECT conversation_id AS pk, last_at, {flags} FROM desk_searched WHERE {until}
    ORDER BY last_at DESC, conversation_id DESC LIMIT {near}
)
SELECT count(*), max(last_at), min(last_at), (array_agg(pk ORDER BY last_at, pk))[1],
       (SELECT min(last_at) FROM desk_searched),
       (SELECT reltuples FROM pg_class WHERE oid = 'desk_searched'::regclass),
       ARRAY[{shares}], ARRAY[{holding}], {found}
FROM near
"""
_FOUND: Final = """
ARRAY(SELECT met.pk FROM (SELECT pk FROM near WHERE {has} ORDER BY last_at DESC, pk DESC OFFSET 0) AS met
      CROSS JOIN {shown} LIMIT %s)
"""
_WALK: Final = """
SELECT met.pk FROM (
    SELECT pk FROM (
        SELECT conversation_id AS pk, title, words FROM desk_searched
        WHERE (last_at, conversation_id) < (%s, %s) ORDER BY last_at DESC, conversation_id DESC LIMIT {far}
    ) AS latest WHERE {has} OFFSET 0
) AS met CROSS JOIN {shown} LIMIT %s
"""
# In the order of the list, so that the words of no more are looked at than it takes to find enough.
_CHECKED: Final = """
SELECT met.pk FROM (SELECT asked.pk FROM ({asked}) AS asked (pk) OFFSET 0) AS met
CROSS JOIN LATERAL (SELECT 1 FROM desk_searched WHERE conversation_id = met.pk AND {has} OFFSET 0) AS held LIMIT %s
"""
# By no index of `last_at`: that would be the walk.
_LOOKED_UP: Final = """
SELECT found.pk, found.is_entitled FROM generate_series(%s::int, %s::int, -1) AS period (number) CROSS JOIN LATERAL (
    SELECT met.pk, met.is_entitled FROM (
        SELECT conversation_id AS pk, ts_match_vq(title, %s::tsquery) AS is_entitled FROM desk_searched
        WHERE {dated} @@ replace(%s, '''#', '''' || period.number || '#')::tsquery
              AND (last_at, conversation_id) < (%s, %s) AND {has}
        ORDER BY last_at + interval '0' DESC, conversation_id DESC OFFSET 0
    ) AS met CROSS JOIN {shown} OFFSET 0
) AS found LIMIT %s
"""


class Question(NamedTuple):
    """A statement or a part of one, and its values."""

    sql: str
    values: tuple[Any, ...] = ()


class Place(NamedTuple):
    """Where in the order a conversation stands."""

    last_at: datetime
    pk: int


@dataclass(frozen=True, slots=True)
class Words:
    """What must be there, each in any of its ways; what must not be in any message.

    A way is a beginning, but for those that are `whole` words: what stands in a phrase before others ends where it
    ends. They are letters and digits only, so that nothing in them can be taken for PostgreSQL's notation.
    """

    parts: Sequence[Sequence[str]]
    without: Sequence[str] = ()
    whole: Collection[str] = ()

    def query(self, parts: Sequence[int] | None = None, *, mark: str = "") -> str:
        """These parts, or all of them, in PostgreSQL's notation."""
        chosen = self.parts if parts is None else [self.parts[place] for place in parts]
        return " & ".join("(" + " | ".join(self._way(way, mark) for way in ways) + ")" for ways in chosen)

    def _way(self, way: str, mark: str) -> str:
        return f"'{mark}{way}'" if way in self.whole else f"'{mark}{way}':*"

    def spared(self, *, mark: str = "") -> str:
        """What must not be there, in the same notation."""
        return " & ".join(f"!'{mark}{word}'" for word in self.without)

    def held(self, column: str, parts: Sequence[int] | None = None) -> Question:
        """The condition on a row: these parts, or all of them, and nothing that must not be there."""
        asked = [(column, self.query(parts)), ("words", self.spared())]
        conditions = [(f"ts_match_vq({name}, %s::tsquery)", text) for name, text in asked if text]
        return Question(" AND ".join(sql for sql, _ in conditions) or "true", tuple(text for _, text in conditions))


@dataclass(frozen=True, slots=True)
class Near:
    """What the latest two hundred say: from when they are, how many have each word, or all; what is found there."""

    rows: int
    newest: datetime
    end: Place
    first: datetime  # of all there are, not of these
    rows_of_all: float  # about
    shares: Mapping[str, Sequence[int]]
    holding: Mapping[str, int]
    found: Mapping[str, list[int]]

    @property
    def periods(self) -> float:
        """How many there are."""
        return max((self.newest - self.first) / timedelta(days=DAYS), 1)


def shown(allowed: QuerySet[Conversation]) -> Question | None:
    """Whether `met.pk` is among these; None where nothing is."""
    one = allowed.filter(pk=RawSQL("met.pk", ())).order_by().values("pk")
    try:
        sql, values = one.query.sql_with_params()
    except EmptyResultSet:
        return None
    return Question(f"LATERAL ({sql} LIMIT 1) AS shown", tuple(values))


def checked(
    words: Words,
    column: str | None,
    allowed: QuerySet[Conversation],
    *,
    most: int,
    start: int | None = 0,
    end: int | None = None,
) -> Question | None:
    """The latest of those allowed, or of a stretch of them, that have the words; or, without a column, lack some."""
    try:
        asked = allowed.order_by("-last_at", "-pk").values("pk")[start:end].query.sql_with_params()
    except EmptyResultSet:
        return None
    has = words.held(column) if column else Question("ts_match_vq(words, %s::tsquery)", (words.spared(),))
    return _part(_CHECKED.format(asked=asked[0], has=has.sql), tuple(asked[1]), has.values, (most,))


def near(words: Words, among: Mapping[str, Question], *, most: int, until: datetime | None) -> Question:
    """One row for `read`."""
    flags, shares, holding, found = [], [], [], []
    for column in COLUMNS:
        for place in range(len(words.parts)):
            flags.append(Question(f"ts_match_vq({column}, %s::tsquery) AS {column}{place}", (words.query([place]),)))
            shares.append(f"count(*) FILTER (WHERE {column}{place})")
        has = " AND ".join(f"{column}{place}" for place in range(len(words.parts)))
        has += " AND spared" if words.without else ""
        holding.append(f"count(*) FILTER (WHERE {has})")
        found.append(_part(_FOUND.format(has=has, shown=among[column].sql), among[column].values, (most,)))
    if words.without:
        flags.append(Question("ts_match_vq(words, %s::tsquery) AS spared", (words.spared(),)))
    bound = Question("last_at < %s", (until,)) if until else Question("true")
    said = {"flags": _listed(flags), "until": bound, "found": _listed(found)}
    sql = _NEAR.format(
        **{name: part.sql for name, part in said.items()},
        near=NEAR,
        shares=", ".join(shares),
        holding=", ".join(holding),
    )
    return Question(sql, tuple(value for part in said.values() for value in part.values))


def read(row: tuple[Any, ...], words: Words) -> Near | None:
    """What `near` says; None where there is nothing at all."""
    rows, newest, oldest, pk, first, rows_of_all, shares, holding, *found = row
    if not rows:
        return None
    parts = len(words.parts)
    by_column = {column: shares[place * parts : (place + 1) * parts] for place, column in enumerate(COLUMNS)}
    return Near(
        rows,
        newest,
        Place(oldest, pk),
        first,
        rows_of_all,
        by_column,
        dict(zip(COLUMNS, holding, strict=True)),
        dict(zip(COLUMNS, found, strict=True)),
    )


def walk(words: Words, column: str, among: Question, from_: Place, *, far: int, most: int) -> Question:
    """What comes after a place, looked at one by one, no further than so many."""
    has = words.held(column)
    return _part(_WALK.format(far=far, has=has.sql, shown=among.sql), from_, has.values, among.values, (most,))


def looked_up(
    words: Words, leading: Sequence[int], column: str, among: Question, from_: Place, periods: range, *, most: int
) -> Question:
    """What comes after a place, by the index, from these periods; the leading parts are asked of it.

    With each stands whether its title has all the words.
    """
    others = [place for place in range(len(words.parts)) if place not in leading]
    has = words.held(column, others)  # what must not be there may stand in a message, and so in no title
    sql = _LOOKED_UP.format(dated=IN_PERIOD.format(words=column), has=has.sql, shown=among.sql)
    query = words.query(leading, mark="#")
    if words.without and column == "words":
        query += f" & {words.spared(mark='#')}"
    return _part(sql, (periods[0], periods[-1], words.query(), query), from_, has.values, among.values, (most,))


def _part(sql: str, *values: tuple[Any, ...]) -> Question:
    return Question(sql, tuple(value for some in values for value in some))


def _listed(parts: Sequence[Question]) -> Question:
    return _part(", ".join(part.sql for part in parts), *(part.values for part in parts))

"""The conversations behind every number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from regulars.desk.selectors.numbers import places
from regulars.desk.selectors.numbers.asking import Query, Question
from regulars.desk.selectors.numbers.lasting import SOURCES, column
from regulars.desk.selectors.numbers.places import Place
from regulars.desk.selectors.numbers.promised import conditions
from regulars.desk.selectors.numbers.rows import fetch
from regulars.kernel import clock

MOST: Final = 200  # on one page
AT_ONCE: Final = 2_000
BEGAN: Final = "coalesce(episode.began_at, episode.opened_at)"
# What a number may be about; each but the backlog is over the episodes that began in the period.
MEASURES: Final = (
    "first", "next", "resolution", "bot",
    "first kept", "first broken", "next kept", "next broken", "resolution kept", "resolution broken",
    "began", "reopenings", "resolved", "reopened", "backlog",
)  # fmt: skip

# Those taken up again are few: one list of them, looked through by hash, where EXISTS would look up every row.
REOPENED = """(episode.conversation_id, episode.ordinal + 1) IN
              (SELECT conversation_id, ordinal FROM desk_episode WHERE ordinal > 1)"""


@dataclass(frozen=True, slots=True)
class Behind:
    """One conversation behind a number: which of its episodes, when that began, and how long it took."""

    conversation_id: int
    episode: int
    began_at: datetime
    seconds: float | None
    row_id: int = 0  # what tells two waits of one episode apart


@dataclass(frozen=True, slots=True)
class Found:
    """Those that are shown, the longest first, after how many, and how many there are."""

    rows: list[Behind]
    n: int
    start: int = 0

    @property
    def end(self) -> int:
        """How many there are up to the last of them."""
        return self.start + len(self.rows)

    @property
    def next(self) -> Place | None:
        """After what the next page begins; none where this is the last."""
        return self._place(self.rows[-1], self.end) if self.rows and self.end < self.n else None

    @property
    def back(self) -> Place | None:
        """Before what the page before ends; none where this is the first."""
        return self._place(self.rows[0], self.start) if self.rows and self.start else None

    def _place(self, row: Behind, start: int) -> Place:
        return Place(row.seconds, row.began_at, row.conversation_id, row.episode, row.row_id, start, self.n)


@dataclass(frozen=True, slots=True)
class Drill:
    """Everything behind a number, the longest first; nothing is asked before a page or all of it is wanted."""

    seconds: str
    source: str  # from which rows, and which of them
    given: Mapping[str, Any]
    row: str = "episode"

    def page(self, *, after: Place | None = None, before: Place | None = None, most: int = MOST) -> Found:
        """Some of it: the first, those after a place, or those before one."""
        if before is not None:
            where = places.before(before, seconds=self.seconds, columns=self._columns)
            rows = self._rows(f" AND {where}", order=places.BACKWARDS, given=before.given, most=most)
            return Found(rows[::-1], before.n, max(before.start - len(rows), 0))
        if after is not None:
            where = places.after(after, seconds=self.seconds, columns=self._columns)
            rows = self._rows(f" AND {where}", order=places.ORDER, given=after.given, most=most)
            return Found(rows, max(after.n, after.start + len(rows)), after.start)
        counted = list(fetch(f"{self._sql(also=', count(*) OVER ()')} LIMIT %(most)s", {**self.given, "most": most}))
        return Found([Behind(*row[:5]) for row in counted], counted[0][5] if counted else 0)

    def every(self) -> Iterator[Behind]:
        """All of it, which may be much: it is read from the database bit by bit."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(self._sql(), self.given)
            while rows := cursor.fetchmany(AT_ONCE):
                yield from (Behind(*row) for row in rows)

    def _rows(self, where: str, *, order: str, given: Mapping[str, Any], most: int) -> list[Behind]:
        sql = f"{self._sql(where=where, order=order)} LIMIT %(most)s"
        return [Behind(*row) for row in fetch(sql, {**self.given, **given, "most": most})]

    @property
    def _columns(self) -> str:
        return f"{BEGAN}, episode.conversation_id, episode.ordinal, {self.row}.id"

    def _sql(self, *, also: str = "", where: str = "", order: str = places.ORDER) -> str:
        columns = f"episode.conversation_id, episode.ordinal, {BEGAN}, {self.seconds}, {self.row}.id{also}"
        return f"SELECT {columns} {self.source}{where} ORDER BY {order}"


def conversations(
    question: Question, measure: str, *, is_business: bool = True, step: date | None = None, group: str | None = None
) -> Found:
    """The first page of what a number is made of, as `drill` finds it."""
    return drill(question, measure, is_business=is_business, step=step, group=group).page()


def drill(
    question: Question, measure: str, *, is_business: bool = True, step: date | None = None, group: str | None = None
) -> Drill:
    """What a number is made of: of one step, of one group, or all of it.

    `step` is the first day of the step, for the backlog the day at whose end it was open. `group` is
    the group's value as text, empty for those without one.
    """
    if measure not in MEASURES:
        raise ValueError(f"there is no such number: {measure}")
    kind, _, outcome = measure.partition(" ")
    kind = kind if kind in ("first", "next", "resolution", "bot") else ""
    row, condition = SOURCES[kind] if kind else ("episode", "true")
    query = Query(question, row, {"now": clock.now(), "step": step, "group": group})
    seconds = column(kind, is_business=is_business) if kind else "NULL::double precision"
    wanted = [condition, _outcome(measure, kind, outcome)]
    if measure == "backlog":
        wanted.append(f"{_open_at_end_of_day(query)} {query.narrowed()}")
    else:
        wanted.append(query.counted())
        if step is not None:
            wanted.append(f"{query.bucket(query.began_at)} = %(step)s")
    if group is not None:
        wanted.append(f"coalesce({query.group()}, '') = %(group)s")
    source = f"""
        {query.tables(also="episode")} {query.spread() if group is not None else ""}
        WHERE {" AND ".join(wanted)}
    """
    return Drill(seconds, source, query.given, row)


def _outcome(measure: str, kind: str, outcome: str) -> str:
    if outcome:
        is_kept, is_broken, _ = conditions(kind)
        return is_kept if outcome == "kept" else is_broken
    if kind:
        return f"{column(kind, is_business=False)} IS NOT NULL"
    return {
        "began": "true",
        "reopenings": "episode.ordinal > 1",
        "resolved": "episode.ending = 'resolved'",
        "reopened": f"episode.ending = 'resolved' AND {REOPENED}",
        "backlog": "true",
    }[measure]


def _open_at_end_of_day(query: Query) -> str:
    """Open at the end of `step`, or of the period's last day."""
    end = "((coalesce(%(step)s::date, %(until)s::date - 1) + 1)::timestamp AT TIME ZONE %(zone)s)"
    return f"episode.opened_at < {end} AND (episode.ended_at IS NULL OR episode.ended_at >= {end})"

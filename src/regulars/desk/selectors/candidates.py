"""The latest conversations with certain words, at a bounded cost however common the words are.

The latest two hundred are looked at first: there common words are met at once, and how common the others
are shows there. Where words are common, the walk goes on from there, back in time. Rarer ones are looked up
in their index together with the days they may stand in, so that of a word that ten thousand conversations
have only the latest are fetched. Where few of those are allowed because the other conditions narrow, these
lead the way and the words are only checked.
"""

import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, Count, ExpressionWrapper, Func, Lookup, Q, QuerySet

from regulars.desk.models import Conversation, Searched
from regulars.desk.models.searching import PERIODS, beginning, in_period

NEAR: Final = 200
COMMON: Final = 6  # of the latest two hundred: to walk on costs less than to read its list in the index
OFTEN: Final = 50  # of them: its list is too long even where all of a rarer word's rows would be looked at
FAR: Final = 8_000
FURTHER: Final = 4  # times as far with every further step
AT_ONCE: Final = 1_000  # rows of the index
LEADING: Final = 3  # more words than these make a look in the index longer, and what is found hardly fewer
NARROW: Final = 5_000  # so many conversations can be looked at one by one
MOST_COST: Final = 15_000  # by the planner's measure; a million looked at one by one are 50,000
COLUMNS: Final = ("title", "words")


@dataclass(frozen=True, slots=True)
class Words:
    """What must be there, each in PostgreSQL's own notation; what must not be in any message."""

    parts: Sequence[str]
    without: str = ""

    @property
    def query(self) -> str:
        return " & ".join(self.parts)

    def checked(self, allowed: QuerySet[Conversation], column: str) -> QuerySet[Conversation]:
        """Those that have the words, in a way that no index is asked."""
        return self.spared(allowed.filter(**{f"searched__{column}__holds": self.query}))

    def spared(self, allowed: QuerySet[Conversation]) -> QuerySet[Conversation]:
        """Those without what must not be there."""
        return allowed.filter(searched__words__holds=self.without) if self.without else allowed


class OutOfTime(Exception):
    """The search takes longer than anybody waits."""


class Met(NamedTuple):
    """A conversation, when something was said there last, and where the words stand."""

    pk: int
    last_at: datetime
    title: bool = True
    words: bool = True


class Latest:
    """The latest conversations that have some words; `until` is a moment none of them comes after.

    No further step is begun after so many `seconds`: `so_far` is what was found until then.
    """

    def __init__(self, words: Words, *, until: datetime | None = None, seconds: float = math.inf) -> None:
        self.so_far: list[int] = []
        self._words = words
        self._deadline = time.monotonic() + seconds
        self._searched = Searched.objects.filter(last_at__lt=until) if until else Searched.objects.all()
        self._near = self._nearest()
        self._seen = {row.pk for row in self._near}

    def having(self, column: str, allowed: QuerySet[Conversation], *, most: int) -> list[int]:
        """The keys of those among the allowed that have the words in this column, latest first."""
        near = [row for row in self._near if getattr(row, column)]
        self.so_far = self._among(allowed, near, most=most)
        if len(self._near) < NEAR:
            return self.so_far
        examined, is_asked = len(near), False
        further = self._walked if len(near) >= COMMON else self._looked_up
        steps = further(column, allowed, most)
        while len(self.so_far) < most and (step := next(steps, None)):
            found, looked_at = step
            self.so_far, examined = self.so_far + found, examined + looked_at
            if not is_asked and examined > NEAR and len(self.so_far) < most and len(self.so_far) * 10 < examined:
                is_asked = True
                if _is_narrow(allowed):
                    return _sorted(self._words.checked(allowed, column), most=most)
            if time.monotonic() > self._deadline:
                raise OutOfTime
        return self.so_far

    def _nearest(self) -> list[Met]:
        """The latest of all, and whether they have the words in each column."""
        holds = {f"is_{name}": _is(Q(**{f"{name}__holds": self._words.query})) for name in COLUMNS}
        rows = self._searched.order_by("-last_at", "-pk").annotate(**holds)
        return [Met(*row) for row in rows.values_list("pk", "last_at", *holds)[:NEAR]]

    def _rarest(self, column: str) -> tuple[list[str], list[str]]:
        """Which words to ask the index for, of some days and of all: of each it reads the whole list.

        Of some days the rarest have few rows, which are soon looked at. Of all there may be any number.
        """
        if len(self._words.parts) == 1:
            return list(self._words.parts), list(self._words.parts)
        counted = {
            f"n{place}": Count("pk", filter=Q(**{f"{column}__holds": part}))
            for place, part in enumerate(self._words.parts)
        }
        counts = Searched.objects.filter(pk__in=self._seen).aggregate(**counted)
        by_rarity = sorted(zip(map(counts.__getitem__, counted), self._words.parts, strict=True))
        rare, less_rare = ([part for share, part in by_rarity if share < most][:LEADING] for most in (COMMON, OFTEN))
        rarest = [by_rarity[0][1]]
        return rare or rarest, less_rare or rarest

    def _among(self, allowed: QuerySet[Conversation], met: Sequence[Met], *, most: int) -> list[int]:
        """Which of these are allowed, in their order, as many as are wanted."""
        found: list[int] = []
        for start in range(0, len(met), NEAR):
            part = [row.pk for row in met[start : start + NEAR]]
            right = set(self._words.spared(allowed.filter(pk__in=part)).values_list("pk", flat=True))
            found += [pk for pk in part if pk in right]
            if len(found) >= most:
                break
        return found[:most]

    def _walked(self, column: str, allowed: QuerySet[Conversation], most: int) -> Iterator[tuple[list[int], int]]:
        """Further and further back in time, looking at each; and at how many."""
        checked = self._words.checked(allowed, column).order_by("-searched__last_at", "-pk")
        steps, beyond = NEAR, self._near[-1].last_at
        while True:
            further = FAR if steps == NEAR else steps * FURTHER
            border = self._border(further)
            part = checked.filter(searched__last_at__lte=beyond)
            if border is not None:
                part = part.filter(searched__last_at__gt=border)
            wanted = most - len(self.so_far)
            met = part.values_list("pk", flat=True)[: wanted + NEAR]  # those at the border may have been seen
            yield [pk for pk in met if pk not in self._seen][:wanted], further - steps
            if border is None:
                return
            steps, beyond = further, border

    def _border(self, steps: int) -> datetime | None:
        """Where the latest so many end; None when there are no more."""
        times = self._searched.order_by("-last_at").values_list("last_at", flat=True)
        return times[steps : steps + 1].first()

    def _looked_up(self, column: str, allowed: QuerySet[Conversation], most: int) -> Iterator[tuple[list[int], int]]:
        """By the index: those of the period that should have enough, then of longer ones, then all there are."""
        newest, oldest = self._near[0].last_at, self._near[-1].last_at
        met = 1 + sum(getattr(row, column) for row in self._near)
        leading, leading_of_all = self._rarest(column)
        beyond = oldest + timedelta(microseconds=1)  # others may have come at the same moment as the last one seen
        for days in PERIODS:
            if met / max((newest - beyond) / timedelta(days=1), 1e-6) * days < most:
                continue
            for rows in self._rows(column, leading, beyond, days=days):
                met += len(rows)
                yield self._among(allowed, rows, most=most - len(self.so_far)), len(rows)
            beyond = beginning(days, oldest)
        for rows in self._rows(column, leading_of_all, beyond):
            yield self._among(allowed, rows, most=most - len(self.so_far)), len(rows)

    def _rows(
        self, column: str, leading: Sequence[str], beyond: datetime, *, days: int | None = None
    ) -> Iterator[list[Met]]:
        """What the index has from before a moment, of some days or all: latest first, a part at a time."""
        asked = " & ".join(leading)
        met = {f"{column}__meets": in_period(asked, days, self._near[-1].last_at) if days else asked}
        if others := [part for part in self._words.parts if part not in leading]:
            met[f"{column}__holds"] = " & ".join(others)
        found = self._searched.filter(last_at__lt=beyond, **met)
        latest = found.order_by(_Unindexed("last_at").desc(), "-pk").values_list("pk", "last_at")
        while rows := [Met(*row) for row in latest[:AT_ONCE]]:
            yield [row for row in rows if row.pk not in self._seen]
            if len(rows) < AT_ONCE:
                return
            end = rows[-1]
            latest = latest.filter(Q(last_at__lt=end.last_at) | Q(last_at=end.last_at, pk__lt=end.pk))


def _is(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, BooleanField())


def _sorted(found: QuerySet[Conversation], *, most: int) -> list[int]:
    """All of them, sorted: a look at the index by time would be the walk again."""
    return list(found.order_by(_Unindexed("searched__last_at").desc(), "-pk").values_list("pk", flat=True)[:most])


def _is_narrow(allowed: QuerySet[Conversation]) -> bool:
    """Whether they are few, and found without looking at all there are, as the planner has it from its statistics."""
    plan = json.loads(allowed.order_by().values("pk").explain(format="json"))[0]["Plan"]
    return plan["Plan Rows"] <= NARROW and plan["Total Cost"] <= MOST_COST


class _Unindexed(Func):
    """A moment as it is, but not as any index has it."""

    template = "(%(expressions)s + interval '0')"


@SearchVectorField.register_lookup
class Holds(Lookup):
    """Like `meets`, but asked of each row, never of an index."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"ts_match_vq({left}, {right}::tsquery)", (*left_values, *right_values)

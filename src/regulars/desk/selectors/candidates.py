"""The latest conversations with certain words, at a bounded cost however common the words are.

One look at the latest two hundred says how common each word is, and finds at once what is common. Then either
the walk goes on from there, back in time, looking at each; or the words are looked up in their index, one period
of days after the other, latest first, until there are enough: whichever looks at fewer. Where the other conditions
leave few, these lead the way and the words are only checked. Each of these is one question to the database.
"""

import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from regulars.desk.models import Conversation
from regulars.desk.models.searching import period_of
from regulars.desk.selectors import alone
from regulars.desk.selectors import candidate_questions as questions
from regulars.desk.selectors.alone import OutOfTime
from regulars.desk.selectors.candidate_questions import COLUMNS, Near, Question, Words

LISTED: Final = 100  # so many of a word's list in the index are read while one row is fetched and checked
LEADING: Final = 3  # more words than these make a look in the index longer, and what is found hardly fewer
FEW: Final = 1  # of the latest two hundred
FAR: Final = 8_000  # rows looked at one after the other
DEARER: Final = 2  # to fetch a row that the index has and put it in order, against to come by it on the walk
AT_ONCE: Final = 4  # periods, until it is seen whether the conditions lead better
FURTHER: Final = 8  # times as many with every further step
BRIEF: Final = 20_000  # so many rows are fetched well within the time there is
NARROW: Final = 5_000  # so many conversations can be looked at one by one
CHECKING: Final = 8  # times what it costs to fetch a row that the index has; and the planner guesses their number
MOST_COST: Final = 15_000  # by the planner's measure; a million looked at one by one are 50,000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which conversations are asked for in each column, how many, and from before which moment.

    `is_narrowed` says that there are conditions that may leave few.
    """

    words: Words
    allowed: Mapping[str, QuerySet[Conversation]]
    most: int
    until: datetime | None = None
    is_narrowed: bool = True


class Latest:
    """The latest conversations that have some words.

    No further question is asked after so many `seconds`: `so_far` is what was found until then.
    """

    def __init__(self, asked: Asked, *, seconds: float = math.inf) -> None:
        self.so_far: list[int] = []
        self._asked = asked
        self._seconds, self._deadline = seconds, time.monotonic() + seconds
        self._is_alike = asked.allowed["title"] is asked.allowed["words"]  # but for phrases
        shown = questions.shown(asked.allowed["words"])
        self._among = {"title": shown if self._is_alike else questions.shown(asked.allowed["title"]), "words": shown}
        self._is_entitled: dict[int, bool] = {}  # as far as that was said by the way
        self._left: dict[int, float] = {}
        self._near = self._nearest()

    def ranked(self) -> list[int]:
        """The keys of those with the words in the title, then of those with them anywhere, each the latest first.

        Whatever has them in the title has them: of few there are, those are picked, and no title is looked up.
        """
        if self._near is None:
            return []
        if self._near.holding["words"] > FEW:
            entitled = self.having("title")
            if len(entitled) >= self._asked.most:
                return entitled
            return list(dict.fromkeys([*entitled, *self.having("words")]))[: self._asked.most]
        said = self.having("words")
        entitled = self.having("title") if len(said) >= self._asked.most else self._entitled(said)
        return list(dict.fromkeys([*entitled, *said]))[: self._asked.most]

    def having(self, column: str) -> list[int]:
        """The keys of those that are allowed and have the words in this column, latest first."""
        if (near := self._near) is None:
            return []
        most, self.so_far = self._asked.most, list(near.found[column])
        if near.rows < questions.NEAR or len(self.so_far) >= most:
            return self.so_far
        for found in self._further(column, near):
            known = set(self.so_far)
            self.so_far += [pk for pk in found if pk not in known]
            if len(self.so_far) >= most:
                break
            if time.monotonic() > self._deadline:
                raise OutOfTime
        return self.so_far[:most]

    def _entitled(self, said: list[int]) -> list[int]:
        """Those of them with the words in the title; only what was not told of each by the way is asked for."""
        if self._is_alike and self._near:
            near = self._near.found
            known = self._is_entitled | {pk: pk in near["title"] for pk in near["words"]}
            if all(pk in known for pk in said):
                return [pk for pk in said if known[pk]]
        allowed = self._asked.allowed["title"].filter(pk__in=said, searched__title__holds=self._asked.words.query())
        held = {pk for (pk,) in alone.rows(allowed.order_by().values_list("pk"), seconds=self._seconds)} if said else ()
        return [pk for pk in said if pk in held]

    def _nearest(self) -> Near | None:
        among = {column: shown for column, shown in self._among.items() if shown is not None}
        if len(among) < len(COLUMNS):
            return None
        words = self._asked.words
        row = self._rows(questions.near(words, among, most=self._asked.most, until=self._asked.until))[0]
        return questions.read(row, words)

    def _further(self, column: str, near: Near) -> Iterator[list[int]]:
        """What comes after the latest two hundred, a step at a time; a step may name again what is known."""
        words, among = self._asked.words, self._among[column]
        assert among  # else nothing was near
        leading, from_ = _leading(near.shares[column]), near.end
        by_index = _expected(column, near, leading) * near.periods
        if self._narrowed(column) * CHECKING <= by_index:
            yield self._by_conditions(column)
            return
        if far := self._worth_walking(column, near, leading):
            yield self._keys(questions.walk(words, column, among, from_, far=far, most=self._wanted))
        again = len(self.so_far) - len(near.found[column])  # the walk's come again: to ask where it ended took longer
        last, first = period_of(from_.last_at), period_of(near.first)
        steps = last - first + 1 if by_index < BRIEF else AT_ONCE
        while last >= first:
            periods = range(last, max(last - steps, first - 1), -1)
            asked = questions.looked_up(words, leading, column, among, from_, periods, most=self._wanted + again)
            found: dict[int, bool] = dict(self._rows(asked))  # type: ignore[arg-type]  # pairs
            self._is_entitled |= found
            yield list(found)
            last = periods[-1] - 1
            if steps == AT_ONCE and last >= first and self._narrowed(column) <= NARROW:
                yield self._by_conditions(column)
                return
            steps *= FURTHER

    @property
    def _wanted(self) -> int:
        return self._asked.most - len(self.so_far)

    def _worth_walking(self, column: str, near: Near, leading: Sequence[int]) -> int:
        """How far the walk should go, by what was met so far; 0 where the index has to fetch less."""
        by_walk = min(self._wanted * questions.NEAR / max(len(near.found[column]), 0.5), FAR)
        return min(2 * round(by_walk), FAR) if by_walk <= DEARER * _expected(column, near, leading) else 0

    def _by_conditions(self, column: str) -> list[int]:
        asked = questions.checked(self._asked.words, column, self._asked.allowed[column], most=self._asked.most)
        return self._keys(asked) if asked else []

    def _narrowed(self, column: str) -> float:
        """How many the conditions leave, as the planner has it; no end where all there are would be looked at."""
        if not self._asked.is_narrowed:
            return math.inf
        allowed = self._asked.allowed[column]  # without phrases the same for both
        if (known := self._left.get(id(allowed))) is None:
            sql, values = allowed.order_by().values("pk").query.sql_with_params()
            plan = self._rows(Question(f"EXPLAIN (FORMAT JSON) {sql}", values))[0][0]
            plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
            known = self._left[id(allowed)] = plan["Plan Rows"] if plan["Total Cost"] <= MOST_COST else math.inf
        return known

    def _keys(self, question: Question) -> list[int]:
        return [row[0] for row in self._rows(question)]

    def _rows(self, question: Question) -> list[tuple[Any, ...]]:
        return alone.ask(*question, seconds=self._seconds)


def _expected(column: str, near: Near, leading: Sequence[int]) -> float:
    """How many rows the index may have for these parts in one period."""
    share = math.prod((near.shares[column][place] + 0.5) / near.rows for place in leading)
    return share * max(near.rows_of_all, near.rows) / near.periods


def _leading(shares: Sequence[int]) -> list[int]:
    """Which parts to ask the index for, the rarest first: of each it reads the whole list of a period."""
    by_rarity = sorted(range(len(shares)), key=shares.__getitem__)
    most = LISTED * shares[by_rarity[0]]
    return [part for part in by_rarity if shares[part] <= most][:LEADING]

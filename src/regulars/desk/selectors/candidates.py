"""The latest conversations with certain words, at a bounded cost however common the words are.

A walk back from the latest soon meets enough conversations with common words; to look common words up
in the index would be to sort half of all there is. Rare words are looked up. Which they are shows in
the latest thousand. Where words are common but the other conditions narrow, these lead the way and the
words are only checked. What is neither is walked to, further and further.
"""

import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Count, Func, Lookup, Q, QuerySet

from regulars.desk.models import Conversation, Searched

NEAR: Final = 1_000
FAR: Final = 8_000
FURTHER: Final = 4  # times as far with every further walk
RARE: Final = 10  # of the latest thousand: to sort everybody who has the word costs less than to walk
NARROW: Final = 20_000  # so many conversations can be looked at one by one
LEADING: Final = 3  # more words than these make a look at the index longer, and what is found hardly fewer


@dataclass(frozen=True, slots=True)
class Words:
    """What must be there, each in PostgreSQL's own notation, and in which column; what must not be in any message."""

    column: str  # "words", or "title" alone
    parts: Sequence[str]
    without: str = ""

    def checked(self, allowed: QuerySet[Conversation], *, parts: Sequence[str] | None = None) -> QuerySet[Conversation]:
        """Those that have the words, in a way that no index is asked."""
        asked = self.parts if parts is None else parts
        if asked:
            allowed = allowed.filter(**{f"searched__{self.column}__holds": " & ".join(asked)})
        return allowed.filter(searched__words__holds=self.without) if self.without else allowed


class OutOfTime(Exception):
    """The walk takes longer than anybody waits."""


class Latest:
    """The latest of these conversations that have some words; `until` is a moment none of them comes after.

    No further step is begun after so many `seconds`: `so_far` is what was found until then.
    """

    def __init__(
        self, allowed: QuerySet[Conversation], *, until: datetime | None = None, seconds: float = math.inf
    ) -> None:
        self.so_far: list[int] = []
        self._deadline = time.monotonic() + seconds
        self._allowed = allowed
        self._until = until
        self._searched = Searched.objects.filter(last_at__lt=until) if until else Searched.objects.all()
        self._borders: dict[int, datetime | None] = {}

    def with_words(self, words: Words, *, most: int) -> list[int]:
        """The keys of those that have the words, latest first."""
        self.so_far, steps, border = [], NEAR, self._until
        is_asked = False
        while True:
            beyond, border = border, self._border(steps)
            self.so_far += self._walked(words, border, beyond, most=most - len(self.so_far))
            if len(self.so_far) >= most or border is None:
                return self.so_far
            if not is_asked and len(self.so_far) * FAR < most * steps:
                is_asked, way = True, self._other_way(words)
                if way is not None:
                    return _sorted(way, most=most)
            if time.monotonic() > self._deadline:
                raise OutOfTime
            steps = FAR if steps == NEAR else steps * FURTHER

    def _walked(self, words: Words, border: datetime | None, beyond: datetime | None, *, most: int) -> list[int]:
        """Those between two moments, or where there is none, from the first or to the last of all."""
        allowed = self._allowed
        if border is not None:
            allowed = allowed.filter(searched__last_at__gte=border)
        if beyond is not None:
            allowed = allowed.filter(searched__last_at__lt=beyond)
        rows = words.checked(allowed).order_by("-searched__last_at", "-pk")
        return list(rows.values_list("pk", flat=True)[:most])

    def _border(self, steps: int) -> datetime | None:
        """Where the latest so many end; None when there are no more."""
        if steps not in self._borders:
            times = self._searched.order_by("-last_at").values_list("last_at", flat=True)
            self._borders[steps] = times[steps : steps + 1].first()
        return self._borders[steps]

    def _other_way(self, words: Words) -> QuerySet[Conversation] | None:
        """Those that have the words, by the index of rare ones or by narrow conditions; None to walk on."""
        together, *each = _shares(words, self._searched.filter(last_at__gte=self._border(NEAR)))
        if together <= RARE:
            by_rarity = sorted(zip(each, words.parts, strict=True))
            leading = [part for share, part in by_rarity if share <= RARE][:LEADING]
            leading = leading or [part for _, part in by_rarity[:LEADING]]
            found = self._allowed.filter(**{f"searched__{words.column}__meets": " & ".join(leading)})
            return words.checked(found, parts=[part for part in words.parts if part not in leading])
        return words.checked(self._allowed) if _estimated(self._allowed) <= NARROW else None


def _sorted(found: QuerySet[Conversation], *, most: int) -> list[int]:
    """All of them, sorted: a look at the index by time would be the walk again."""
    return list(found.order_by(_Unindexed("searched__last_at").desc(), "-pk").values_list("pk", flat=True)[:most])


def _shares(words: Words, latest: QuerySet[Searched]) -> list[int]:
    """How many of the latest have the words together, and each of them."""
    asked = [" & ".join(words.parts), *words.parts]
    counts = {f"n{place}": Count("pk", filter=Q(**{f"{words.column}__holds": one})) for place, one in enumerate(asked)}
    found = latest.aggregate(**counts)
    return [found[name] for name in counts]


def _estimated(allowed: QuerySet[Conversation]) -> int:
    """How many there may be, as the planner has it from its statistics."""
    plan = allowed.order_by().values("pk").explain(format="json")
    return json.loads(plan)[0]["Plan"]["Plan Rows"]


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

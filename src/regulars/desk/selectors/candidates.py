"""The latest conversations with certain words, at a bounded cost however common the words are.

Two ways lead to them. Rare words are looked up in the index of words, which gives everybody who has
them, to be sorted. Of common words that would be half of all there is; but then a walk back from the
latest soon meets enough. Which way to go shows in the latest thousand. Words that are common where
the other conditions are narrow are only checked, and the conditions lead the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import Func, Lookup, QuerySet

from regulars.desk.models import Conversation, Searched

NEAR: Final = 1_000
FAR: Final = 8_000
RARE: Final = 10  # of the latest thousand: to sort everybody who has the word costs less than to walk


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


class Latest:
    """The latest of these conversations; asked about several columns, it looks once where the latest thousand end."""

    def __init__(self, allowed: QuerySet[Conversation]) -> None:
        self._allowed = allowed
        self._borders: dict[int, datetime | None] = {}

    def with_words(self, words: Words, *, most: int) -> list[int]:
        """The keys of those that have the words, latest first."""
        near = self._walked(words, NEAR, most=most)
        if len(near) >= most or self._border(NEAR) is None:
            return near
        if len(near) * FAR >= most * NEAR:
            far = self._walked(words, FAR, most=most)
            if len(far) >= most or self._border(FAR) is None:
                return far
        together, *each = _shares(words, self._border(NEAR))
        if together > RARE:
            return _sorted(words.checked(self._allowed), most=most)
        rare = [part for part, share in zip(words.parts, each, strict=True) if share <= RARE] or words.parts
        found = self._allowed.filter(**{f"searched__{words.column}__meets": " & ".join(rare)})
        return _sorted(words.checked(found, parts=[part for part in words.parts if part not in rare]), most=most)

    def _walked(self, words: Words, steps: int, *, most: int) -> list[int]:
        """Those among the latest so many conversations."""
        border, allowed = self._border(steps), self._allowed
        if border is not None:
            allowed = allowed.filter(searched__last_at__gte=border)
        rows = words.checked(allowed).order_by("-searched__last_at", "-pk")
        return list(rows.values_list("pk", flat=True)[:most])

    def _border(self, steps: int) -> datetime | None:
        """Where the latest so many end; None when there are no more."""
        if steps not in self._borders:
            times = Searched.objects.order_by("-last_at").values_list("last_at", flat=True)
            self._borders[steps] = times[steps : steps + 1].first()
        return self._borders[steps]


def _sorted(found: QuerySet[Conversation], *, most: int) -> list[int]:
    """All of them, sorted: a look at the index by time would be the walk again."""
    return list(found.order_by(_Unindexed("searched__last_at").desc(), "-pk").values_list("pk", flat=True)[:most])


def _shares(words: Words, border: datetime | None) -> list[int]:
    """How many of the latest have the words together, and each of them."""
    asked = [" & ".join(words.parts), *words.parts]
    counts = ", ".join(f"count(*) FILTER (WHERE ts_match_vq({words.column}, %s::tsquery))" for _ in asked)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts} FROM desk_searched WHERE last_at >= %s", [*asked, border])
        return list(cursor.fetchone())


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

"""What the search reads: the words of every conversation, and every word there is."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Lookup

from regulars.desk.models.conversations import Conversation

PERIODS: Final = (1, 4, 16, 64)  # days; each conversation stands in one of every length
_FIRST: Final = date(1970, 1, 1)
_DAY: Final = "(({last_at} AT TIME ZONE 'UTC')::date - '1970-01-01'::date)"
# What the indexes of words have: the words of a column, and the periods of `last_at` as words that no text can hold.
DATED: Final = (
    "({words} || array_to_tsvector(ARRAY["
    + ", ".join(f"'#{days}#' || ({_DAY} / {days})::text" for days in PERIODS)
    + "]))"
)


class Searched(models.Model):
    """The words of one conversation, of all its messages, files and names; `title` those of subject and customer.

    Written a moment after the conversation changed, by a reader of the log; it can be made anew at any time.
    The indexes of words and titles, `searched_words_by_period` and `searched_title_by_period`, are a migration's:
    they have the periods among the words, so that the latest can be looked up and no others fetched.
    """

    conversation = models.OneToOneField(
        Conversation, primary_key=True, on_delete=models.CASCADE, related_name="searched"
    )
    last_at = models.DateTimeField()
    title = SearchVectorField()
    words = SearchVectorField()

    class Meta:
        verbose_name_plural = "searched"
        indexes = [models.Index(F("last_at").desc(), name="searched_last")]


class Word(models.Model):
    """A word that somebody wrote: what a mistyped one may have been meant to be."""

    text = models.TextField(primary_key=True)

    class Meta:
        indexes = [GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="word_alike")]

    def __str__(self) -> str:
        return self.text


@SearchVectorField.register_lookup
class Meets(Lookup):
    """`words__meets="'order':* & 'late'"`: a query in PostgreSQL's own notation, taken as it is; see `in_period`."""

    lookup_name = "meets"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        last_at = f"{left.rpartition('.')[0]}.last_at"
        return f"{DATED.format(words=left, last_at=last_at)} @@ {right}::tsquery", (*left_values, *right_values)


def in_period(query: str, days: int, moment: datetime) -> str:
    """A query narrowed to the period of this length a moment is in, and the one before."""
    last = _day(moment) // days
    return f"('#{days}#{last}' | '#{days}#{last - 1}') & {query}"


def beginning(days: int, moment: datetime) -> datetime:
    """When the period before the one of a moment begins: nothing of `in_period` is older."""
    return datetime.combine(_FIRST + timedelta(days=(_day(moment) // days - 1) * days), time(), UTC)


def _day(moment: datetime) -> int:
    return (moment.astimezone(UTC).date() - _FIRST).days

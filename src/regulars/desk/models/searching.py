"""What the search reads: the words of every conversation, and every word there is."""

from datetime import UTC, date, datetime
from typing import Any, Final

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Lookup

from regulars.desk.models.conversations import Conversation

DAYS: Final = 16  # of a period
_FIRST: Final = date(1970, 1, 1)
PERIOD: Final = f"(((last_at AT TIME ZONE 'UTC')::date - '1970-01-01'::date) / {DAYS})"
# What the indexes of words have: each word behind the number of the period of `last_at`, as no text can hold it.
IN_PERIOD: Final = f"(replace(' ' || {{words}}::text, ' ''', ' ''' || {PERIOD}::text || '#')::tsvector)"


class Searched(models.Model):
    """The words of one conversation, of all its messages, files and names; `title` those of subject and customer.

    Written a moment after the conversation changed, by a reader of the log; it can be made anew at any time.
    The indexes of words and titles, `searched_words_in_period` and `searched_title_in_period`, are a migration's:
    they have `1298#order` for a word of the 1298th period, so that the latest are looked up and no others.
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
class Holds(Lookup):
    """`words__holds="'order':* & 'late'"`: a query in PostgreSQL's notation, asked of each row, never of an index."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"ts_match_vq({left}, {right}::tsquery)", (*left_values, *right_values)


def period_of(moment: datetime) -> int:
    """The number of the period a moment is in."""
    return int((moment.astimezone(UTC).date() - _FIRST).days / DAYS)  # towards zero, as PostgreSQL divides

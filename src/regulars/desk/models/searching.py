"""What the search reads: the words of every conversation, and every word there is."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Lookup

from regulars.desk.models.conversations import Conversation


class Searched(models.Model):
    """The words of one conversation, of all its messages, files and names; `title` those of subject and customer.

    Written a moment after the conversation changed, by a reader of the log; it can be made anew at any time.
    """

    conversation = models.OneToOneField(
        Conversation, primary_key=True, on_delete=models.CASCADE, related_name="searched"
    )
    last_at = models.DateTimeField()
    title = SearchVectorField()
    words = SearchVectorField()

    class Meta:
        verbose_name_plural = "searched"
        indexes = [
            GinIndex(fields=["words"], name="searched_words"),
            GinIndex(fields=["title"], name="searched_titles"),
            models.Index(F("last_at").desc(), name="searched_last"),
        ]


class Word(models.Model):
    """A word that somebody wrote: what a mistyped one may have been meant to be."""

    text = models.TextField(primary_key=True)

    class Meta:
        indexes = [GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="word_alike")]

    def __str__(self) -> str:
        return self.text


@SearchVectorField.register_lookup
class Meets(Lookup):
    """`words__meets="'order':* & 'late'"`: a query in PostgreSQL's own notation, taken as it is."""

    lookup_name = "meets"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}::tsquery", (*left_values, *right_values)

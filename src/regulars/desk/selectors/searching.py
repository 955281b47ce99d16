"""Search through conversations: by words, forgiving of typing errors, best first, never beyond permission.

Two ranges of candidates are read, neither ever sorted whole: the latest conversations with the words
anywhere, and the latest with the words in the subject or the customer's name. A hit counts by how many
of the words stand in the title, and by how lately something was said. A word matches whatever begins
with it or with its stem ("orders" finds "order"), and where that finds too little, the words there are
that look like it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from regulars.customers.selectors import families
from regulars.customers.selectors import searching as customers
from regulars.customers.selectors.searching import slips
from regulars.desk.models import Conversation, Message
from regulars.desk.selectors import conditions, listing, search_query
from regulars.desk.selectors.search_query import Query
from regulars.desk.selectors.visible import visible_to
from regulars.kernel import clock, page_settings
from regulars.kernel.actors import Actor

PAGE: Final = 50
CANDIDATES: Final = 300
TOO_FEW: Final = 3
GUESSES: Final = 4
MOST_SENDERS: Final = 200
A_MONTH: Final = 30 * 24 * 3600.0
IN_TITLE: Final = 1.0
STEMS: Final = ("english_stem", "german_stem")
LEAST_STEM: Final = 4


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, best first; `instead` names each word that was taken for others, and for which."""

    rows: list[Conversation]
    instead: dict[str, list[str]] = field(default_factory=dict)
    is_more: bool = False


def search(text: str, *, by: Actor, limit: int = PAGE) -> Found:
    """The conversations the actor may see that are asked for."""
    query = search_query.read(text, zone=page_settings.value("time_zone"))
    if query.is_empty:
        return Found([])
    allowed = _allowed(query, by=by)
    numbered = list(allowed.filter(pk=query.number).values_list("pk", flat=True)) if query.number else []
    stems = _stems(query.words)
    ids, instead = _ranked(allowed, query, {word: [word, *stems[word]] for word in query.words}), {}
    if len(ids) < TOO_FEW and not numbered and (guesses := _guesses(query.words)):
        meant = {word: [word, *stems[word], *guesses.get(word, [])] for word in query.words}
        better = _ranked(allowed, query, meant)
        if len(better) > len(ids):
            ids, instead = better, guesses
    ids = list(dict.fromkeys([*numbered, *ids]))
    return Found(listing.in_this_order(ids[:limit], by=by), instead, is_more=len(ids) > limit)


def _allowed(query: Query, *, by: Actor) -> QuerySet[Conversation]:
    shown = visible_to(by).filter(merged_into=None, spam_at__isnull=not query.is_spam)
    for tree in query.trees:
        shown = shown.filter(conditions.where(tree, by=by, now=clock.now()))
    for sender in query.senders:
        shown = shown.filter(customer__in=_senders(sender))
    for phrase in query.phrases:
        shown = shown.filter(_says(phrase))
    return shown


def _says(phrase: str) -> Q:
    """Whether a phrase stands in the subject or a message as it is written."""
    mine = Q(conversation=OuterRef("pk")) | Q(conversation__merged_into=OuterRef("pk"))
    said = Message.objects.filter(mine, text__icontains=phrase, removed_at=None)
    return Q(subject__icontains=phrase) | Q(Exists(said))


def _senders(sender: str) -> list[int]:
    heads = customers.search(sender, limit=MOST_SENDERS)
    return list(families.members(heads))


def _ranked(allowed: QuerySet[Conversation], query: Query, words: dict[str, list[str]]) -> list[int]:
    """The candidates' numbers, best first."""
    if not query.words:
        rows = allowed.order_by("-last_at", "-pk").values_list("pk", flat=True)
        return list(rows[: PAGE + 1])
    asked = _tsquery(words.values(), query.without)
    anywhere = allowed.filter(searched__words__meets=asked).order_by("-searched__last_at")
    entitled = anywhere.filter(searched__title__meets=_tsquery(words.values(), ()))
    found: dict[int, float] = {}
    for candidates, worth in ((entitled[:CANDIDATES], IN_TITLE), (anywhere[:CANDIDATES], 0.0)):
        for pk, last_at in candidates.values_list("pk", "searched__last_at"):
            found.setdefault(pk, worth + _lateness(last_at))
    return sorted(found, key=lambda pk: (-found[pk], -pk))


def _lateness(last_at: datetime) -> float:
    """Between 0 and 1: what was said a month ago counts half as much as what was said now."""
    return 1 / (1 + max(0.0, (clock.now() - last_at).total_seconds()) / A_MONTH)


def _tsquery(words: Iterable[Sequence[str]], without: Iterable[str]) -> str:
    """PostgreSQL's notation: each word as a beginning, or its stem, or what it may have been meant to be.

    Words are letters and digits only, so that nothing in them can be taken for notation.
    """
    parts = ["(" + " | ".join(f"'{each}':*" for each in dict.fromkeys(meant)) + ")" for meant in words]
    parts += [f"!'{word}'" for word in without]
    return " & ".join(parts)


def _stems(words: Sequence[str]) -> dict[str, list[str]]:
    """What each word begins with in its other forms; a final i is left off, for "delivery" and "deliveries"."""
    found: dict[str, list[str]] = {word: [] for word in words}
    long = [word for word in words if len(word) > LEAST_STEM and word.isalpha()]
    if not long:
        return found
    columns = ", ".join(f"(ts_lexize('{each}', word))[1]" for each in STEMS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT word, {columns} FROM unnest(%s::text[]) AS asked (word)", [long])
        for word, *stems in cursor.fetchall():
            bare = [stem.removesuffix("i") for stem in stems if stem]
            found[word] = [stem for stem in bare if len(stem) >= LEAST_STEM and stem != word]
    return found


def _guesses(words: Sequence[str]) -> dict[str, list[str]]:
    """For each word, those that are written that one may have meant: one slip away, else of like letters."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for word in (word for word in words if len(word) >= LEAST_STEM and word.isalpha()):
            for condition, values in (("text LIKE ANY(%s)", [slips(word)]), ("text %% %s", [word])):
                cursor.execute(
                    f"SELECT text FROM desk_word WHERE {condition} AND text <> %s"
                    " ORDER BY similarity(text, %s) DESC, text LIMIT %s",
                    [*values, word, word, GUESSES],
                )
                if alike := [row[0] for row in cursor.fetchall()]:
                    found[word] = alike
                    break
    return found

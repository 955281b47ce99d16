"""Search through conversations: by words, forgiving of typing errors, best first, never beyond permission.

Those with all the words in the subject or the customer's name come first, then those with the words
anywhere, each the latest first. A word matches whatever begins with it or with its stem ("orders"
finds "order"), and where that finds too little, the words there are that look like it. A search that
cannot be done in two seconds is given up, with what was found so far.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from regulars.customers.selectors import families
from regulars.customers.selectors import searching as customers
from regulars.customers.selectors.searching import slips
from regulars.desk.models import Conversation
from regulars.desk.selectors import alone, conditions, listing, phrases, search_query
from regulars.desk.selectors import candidate_questions as questions
from regulars.desk.selectors.alone import OutOfTime
from regulars.desk.selectors.candidates import Asked, Latest, Words
from regulars.desk.selectors.search_query import Query
from regulars.desk.selectors.visible import visible_to
from regulars.desk.words import in_order
from regulars.kernel import clock, page_settings, prepared
from regulars.kernel.actors import Actor

PAGE: Final = 25  # as in a list; the next ones come while one scrolls
CANDIDATES: Final = 300  # whoever reads on, page by page, gets no further than twice this
LONGEST_SECONDS: Final = 2
TOO_FEW: Final = 3
GUESSES: Final = 4
MOST_SENDERS: Final = 200
MOST_NAMED: Final = 1_000  # then each conversation's customer is asked instead
LOOKED_AT: Final[tuple[int | None, ...]] = (
    400,
    4_000,
    None,
)  # conversations, one after the other, for what must not be there
STEMS: Final = ("english_stem", "german_stem")
LEAST_STEM: Final = 4
_ARABIC: Final = re.compile("[\u0620-\u064a]{2}")
_ARTICLE: Final = "\u0627\u0644"  # is written together with its word


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, best first; `instead` names each word that was taken for others, and for which.

    `unknown` names the operators that say nothing here, such as a label that is none. `sought` is what the words that
    were looked for begin with, folded.
    `is_cut` says that the search was given up for lack of time: a further word makes it quicker.
    """

    rows: list[Conversation]
    instead: dict[str, list[str]] = field(default_factory=dict)
    is_more: bool = False
    is_cut: bool = False
    unknown: tuple[str, ...] = ()
    sought: tuple[str, ...] = ()


def search(text: str, *, by: Actor, start: int = 0, limit: int = PAGE) -> Found:
    """The conversations the actor may see that are asked for, the best first, from the `start`th on."""
    first, limit = start, start + limit
    query = search_query.read(text, zone=page_settings.value("time_zone"))
    if query.is_empty:
        return Found([], unknown=tuple(query.unknown))
    allowed = _allowed(query, by=by)
    ids = _numbered(allowed, query)
    is_said_outright = bool(ids)
    meant, instead = _meant(query), {}
    is_cut = not _in_time(lambda: ids.extend(_ranked(allowed, query, meant, most=limit + 1)))
    if len(ids) < TOO_FEW and not is_said_outright and not is_cut:
        if guesses := _guesses(_unquoted(query)):
            better: list[int] = []
            perhaps = {word: [*ways, *guesses.get(word, [])] for word, ways in meant.items()}
            is_cut = not _in_time(lambda: better.extend(_ranked(allowed, query, perhaps, most=limit + 1)))
            if len(better) > len(ids):
                ids, instead, meant = better, guesses, perhaps
        is_cut |= not _in_time(lambda: ids.extend(_dialled(allowed, query, most=limit + 1)))
    ids = list(dict.fromkeys(ids))
    rows = listing.in_this_order(ids[first:limit], by=by)
    is_more = len(ids) > limit and limit <= 2 * CANDIDATES
    sought = tuple(dict.fromkeys(way for ways in meant.values() for way in ways))
    return Found(rows, instead, is_more=is_more, is_cut=is_cut, unknown=tuple(query.unknown), sought=sought)


def _numbered(allowed: QuerySet[Conversation], query: Query) -> list[int]:
    """Those asked for by their numbers, the first one asked for first."""
    if not query.numbers:
        return []
    there = set(_saying(allowed, query).filter(pk__in=query.numbers).values_list("pk", flat=True))
    return [pk for pk in dict.fromkeys(query.numbers) if pk in there]


def _meant(query: Query) -> dict[str, list[str]]:
    """What each word may begin with: itself, what may stand in its place, and the stems of these."""
    asked = {word: [word, *query.either.get(word, [])] for word in query.words}
    loose = [each for ways in asked.values() for each in ways if each not in query.as_written]
    forms = _stems(loose)
    for each in filter(_ARABIC.match, loose):
        is_long = each.startswith(_ARTICLE) and len(each) > LEAST_STEM
        forms[each].append(each.removeprefix(_ARTICLE) if is_long else f"{_ARTICLE}{each}")
    return {word: [way for each in ways for way in (each, *forms.get(each, []))] for word, ways in asked.items()}


def _dialled(allowed: QuerySet[Conversation], query: Query, *, most: int) -> list[int]:
    """The latest of whoever has the telephone's number that was typed, with or without the country's."""
    if not query.dialled:
        return []
    callers = customers.dialled(query.dialled)
    theirs = allowed.filter(customer__in=list(families.members(callers))) if callers else allowed.none()
    return _latest(theirs, Words([]), most=most)


def _in_time(look: Callable[[], None]) -> bool:
    """Whether it was done before the time was up; what it found until then is kept."""
    try:
        look()
    except OutOfTime:
        return False
    return True


def _allowed(query: Query, *, by: Actor) -> QuerySet[Conversation]:
    shown = visible_to(by).filter(merged_into=None, spam_at__isnull=not query.is_spam)
    for tree in query.trees:
        shown = shown.filter(conditions.where(tree, by=by, now=clock.now()))
    if query.senders:
        shown = shown.filter(_sent(query.senders))
    if query.without_senders:
        shown = shown.exclude(_sent(query.without_senders))
    for phrase in query.without_phrases:
        words = Words([[word] for word in in_order(phrase)]).query()
        shown = shown.exclude(Q(searched__words__holds=words) & phrases.said(phrase))
    return shown


def _sent(senders: Iterable[str]) -> Q:
    """What any of them sent. Whoever is called so, a whole address being one person's; only where nobody is, who may
    have been meant; and of those none is passed over, however many are called so.
    """
    sent = Q()
    for sender in senders:
        own = customers.written(sender) if "@" in sender[1:] else []
        heads = own or customers.search(sender, limit=MOST_SENDERS, enough=1)
        if len(heads) >= MOST_SENDERS:
            heads = customers.named(sender, most=MOST_NAMED)
        is_few = len(heads) < MOST_NAMED
        sent |= Q(customer__in=list(families.members(heads))) if is_few else customers.called(sender, of="customer")
    return sent


def _ranked(allowed: QuerySet[Conversation], query: Query, meant: dict[str, list[str]], *, most: int) -> Iterator[int]:
    """The keys of what was found, best first; those of one kind before the next kind is looked for."""
    words = Words([_ways(each) for each in meant.values()], query.without, query.whole)
    if not query.words:
        yield from _latest(allowed, words, most=most)
        return
    allowed = _in_places(allowed, query, meant)
    among = {"title": _entitled(allowed, query), "words": _saying(allowed, query)}
    asked = Asked(words, among, most, until=_until(query), is_narrowed=bool(query.trees or query.senders))
    latest = Latest(asked, seconds=LONGEST_SECONDS)
    is_title = bool(query.in_subject) and set(query.words) <= {w for each in query.in_subject for w in in_order(each)}
    try:
        yield from latest.having("title") if is_title else latest.ranked()
    except OutOfTime:
        yield from latest.so_far
        raise


def _latest(allowed: QuerySet[Conversation], words: Words, *, most: int) -> list[int]:
    """The latest that are allowed. What must not be there is looked for in few at first: most have it not."""
    if not words.without:
        latest = allowed.order_by("-last_at", "-pk").values_list("pk")[:most]
        return [pk for (pk,) in alone.rows(latest, seconds=LONGEST_SECONDS)]
    found: list[int] = []
    for start, end in zip((0, *LOOKED_AT[:-1]), LOOKED_AT, strict=True):
        asked = questions.checked(words, None, allowed, most=most - len(found), start=start, end=end)
        found += [pk for (pk,) in alone.ask(*asked, seconds=LONGEST_SECONDS)] if asked else []
        if len(found) >= most:
            break
    return found


def _entitled(allowed: QuerySet[Conversation], query: Query) -> QuerySet[Conversation]:
    """Those with every phrase in the subject or the customer's name, as it is written."""
    for phrase in query.phrases:
        allowed = allowed.filter(phrases.entitled(phrase))
    return allowed


def _saying(allowed: QuerySet[Conversation], query: Query) -> QuerySet[Conversation]:
    """Those with every phrase in one of the places their words are from, as it is written."""
    for phrase in query.phrases:
        allowed = allowed.filter(phrases.said(phrase))
    return allowed


def _in_places(
    allowed: QuerySet[Conversation], query: Query, meant: Mapping[str, Sequence[str]]
) -> QuerySet[Conversation]:
    """Those that have the words asked for in the subject or in a file's name there."""
    for said in query.in_subject:
        ways = [_ways(meant.get(word, [word])) for word in in_order(said)]
        allowed = allowed.filter(phrases.in_subject(Words(ways).query(), ["|".join(each) for each in ways]))
        if said in query.phrases:
            allowed = allowed.filter(subject__icontains=said)
    for said in query.in_files:
        allowed = allowed.filter(phrases.in_file_name(said))
    return allowed


def _until(query: Query) -> datetime | None:
    """The moment before which everything asked for was, where one is given: there the search begins."""
    bounds = [tree["value"] for tree in query.trees if (tree.get("field"), tree.get("is")) == ("last", "before")]
    return min(map(datetime.fromisoformat, bounds), default=None)


def _ways(meant: Iterable[str]) -> list[str]:
    """What a word may begin with: itself, its stem, what it may have been meant to be; see `Words`.

    What begins with another of them is found with it.
    """
    ways = dict.fromkeys(meant)
    return [way for way in ways if not any(way != other and way.startswith(other) for other in ways)]


def _unquoted(query: Query) -> list[str]:
    """The words that may have been meant to be others: what is quoted is looked for as it is written."""
    return [word for word in query.words if word not in query.as_written]


def _stems(words: Sequence[str]) -> dict[str, list[str]]:
    """What each word begins with in its other forms; a final i is left off, for "delivery" and "deliveries"."""
    found: dict[str, list[str]] = {word: [] for word in words}
    long = [word for word in words if len(word) > LEAST_STEM and word.isalpha()]
    if not long:
        return found
    columns = ", ".join(f"(ts_lexize('{each}', word))[1]" for each in STEMS)
    with prepared.cursor() as cursor:
        cursor.execute(f"SELECT word, {columns} FROM unnest(%s::text[]) AS asked (word)", [long])
        for word, *stems in cursor.fetchall():
            bare = [stem.removesuffix("i") for stem in stems if stem]
            found[word] = [stem for stem in bare if len(stem) >= LEAST_STEM and stem != word]
    return found


def _guesses(words: Sequence[str]) -> dict[str, list[str]]:
    """For each word, those that are written that one may have meant: one slip away, else of like letters."""
    unsure = [word for word in words if len(word) >= LEAST_STEM and word.isalpha()]
    found = _alike("text LIKE ANY(%s)", {word: slips(word) for word in unsure})
    return found | _alike("text %% %s", {word: word for word in unsure if word not in found})


def _alike(condition: str, asked: Mapping[str, str | list[str]]) -> dict[str, list[str]]:
    """The likest of the words there are that meet the condition, for each of these words that has any."""
    one = (
        f"SELECT %s AS word, array(SELECT text FROM desk_word WHERE {condition} AND text <> %s"
        " ORDER BY similarity(text, %s) DESC, text LIMIT %s) AS alike"
    )
    if not asked:
        return {}
    with connection.cursor() as cursor:
        values = [value for word, sought in asked.items() for value in (word, sought, word, word, GUESSES)]
        cursor.execute(" UNION ALL ".join([one] * len(asked)), values)
        return {word: alike for word, alike in cursor.fetchall() if alike}

"""Search that forgives typing errors.

Four nets, each cast only when the ones before caught too few: an identity written exactly; every
word at the beginning or inside; every word with one slip of the finger; every word similar
(`pg_trgm`'s word similarity). All read the trigram index on `search_text`; none sorts more than a
few hundred candidates, so a common word costs little more than a rare one.
"""

from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from regulars.customers import normalise
from regulars.customers.models import Customer, Identity

LIMIT = 20
ENOUGH: Final = 20  # with so many found by what was written, nobody needs what was perhaps meant
MOST_WORDS: Final = 6
LONGEST_WORD: Final = 64
SHORT: Final = 3  # a shorter word has no triple of its own: it can only be a beginning
CANDIDATES: Final = 400
SLIPPED: Final = 4  # a shorter word with a letter wrong could be anything
SIMILAR: Final = 0.45

_WRITTEN = """
SELECT DISTINCT coalesce(customer.merged_into_id, customer.id)
FROM unnest(%s::text[], %s::text[]) AS wanted (kind, value)
JOIN customers_identity identity USING (kind, value)
JOIN customers_customer customer ON customer.id = identity.customer_id
"""

_WITH_WORDS = """
WITH candidates AS MATERIALIZED (
    (SELECT id, merged_into_id, search_text, last_seen_at FROM customers_customer
     WHERE search_text LIKE %(beginning)s LIMIT {most})
    UNION
    (SELECT id, merged_into_id, search_text, last_seen_at FROM customers_customer WHERE {words} LIMIT {most})
)
SELECT coalesce(merged_into_id, id)
FROM candidates
ORDER BY search_text LIKE %(beginning)s DESC, {at_beginnings} DESC, last_seen_at DESC NULLS LAST, id
"""

_LIKELY = """
WITH candidates AS MATERIALIZED (
    SELECT id, merged_into_id, search_text, last_seen_at FROM customers_customer WHERE {words} LIMIT {most}
)
SELECT coalesce(merged_into_id, id)
FROM candidates
ORDER BY {likeness} DESC, last_seen_at DESC NULLS LAST, id
"""


def search(text: str, *, limit: int = LIMIT, enough: int = ENOUGH) -> list[int]:
    """The customers that are shown for what somebody typed, best first; with so many, no further net is cast."""
    words = [word[:LONGEST_WORD] for word in normalise.fold(text).split()[:MOST_WORDS]]
    if not words:
        return []
    found: dict[int, None] = {}
    bare = [word.partition("@")[0] or word for word in words]  # everybody has nearly the same domain
    nets = (lambda: written(text), lambda: _with_words(words), lambda: _with_slips(bare), lambda: _similar(bare))
    for net in nets:
        found |= dict.fromkeys(customer_id for customer_id in net() if customer_id not in found)
        if len(found) >= min(limit, enough):
            break
    return list(found)[:limit]


def written(text: str) -> list[int]:
    """Whose identity it is, written as it is."""
    ways = [
        (kind, value)
        for kind in Identity.KINDS
        if kind != Identity.ANONYMOUS and (value := normalise.identity(kind, text.strip()))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, [[kind for kind, _ in ways], [value for _, value in ways]])
        return [row[0] for row in cursor.fetchall()]


def named(text: str, *, most: int) -> list[int]:
    """So many of those whose names and addresses have each of the words, in no order: the first two nets alone."""
    found = Customer.objects.filter(_called("", text)).annotate(head_id=Coalesce("merged_into_id", "pk"))
    return list(found.values_list("head_id", flat=True)[:most])


def called(text: str, *, of: str) -> Q:
    """The same as a condition on the customer `of` something, where they are too many to be named one by one."""
    return _called(f"{of}__", text) | _called(f"{of}__merged_into__", text)


def _called(of: str, text: str) -> Q:
    words = [word[:LONGEST_WORD] for word in normalise.fold(text).split()[:MOST_WORDS]]
    return Q(*(_has(f"{of}search_text", word) for word in words))


def _has(column: str, word: str) -> Q:
    if len(word) >= SHORT:
        return Q((f"{column}__contains", word))
    return Q((f"{column}__startswith", word)) | Q((f"{column}__contains", f" {word}"))


def dialled(number: str) -> list[int]:
    """Whoever has this telephone's number, written with the country's in front, with a nought, or with neither."""
    digits = number.removeprefix("+").removeprefix("00").removeprefix("0")
    return written(number) or _with_words([digits])[:LIMIT]


def _with_words(words: list[str]) -> list[int]:
    values: dict[str, str] = {"beginning": _escaped(" ".join(words)) + "%"}
    conditions, beginnings = [], []
    for number, word in enumerate(words):
        name = f"word{number}"
        values |= {name: f"%{_escaped(word)}%", f"{name}a": f"{_escaped(word)}%", f"{name}b": f"% {_escaped(word)}%"}
        begins = f"(search_text LIKE %({name}a)s OR search_text LIKE %({name}b)s)"
        beginnings.append(begins)
        conditions.append(begins if len(word) < SHORT else f"search_text LIKE %({name})s")
    sql = _WITH_WORDS.format(
        words=" AND ".join(conditions), at_beginnings=f"({' AND '.join(beginnings)})", most=CANDIDATES
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def _with_slips(words: list[str]) -> list[int]:
    """Words of four letters and more may have one letter wrong, missing, too many or swapped with its neighbour."""
    values: dict[str, str] = {}
    conditions = []
    for number, word in enumerate(words):
        written = [f"{_escaped(word)}%"] if len(word) < SLIPPED else [f"{slip}%" for slip in slips(word)]
        patterns = {
            f"slip{number}_{place}": text for place, text in enumerate([*written, *(f"% {w}" for w in written)])
        }
        values |= patterns
        conditions.append("(" + " OR ".join(f"search_text LIKE %({name})s" for name in patterns) + ")")
    return _likely(words, conditions, values) if any(len(word) >= SLIPPED for word in words) else []


def slips(word: str) -> list[str]:
    """Patterns for the word as it is and with one slip anywhere but in its first letter."""
    ends = [(_escaped(word[:place]), word[place:]) for place in range(1, len(word) + 1)]
    swapped = [
        _escaped(word[:place] + word[place + 1] + word[place] + word[place + 2 :]) for place in range(len(word) - 1)
    ]
    wrong = [f"{start}_{_escaped(end[1:])}" for start, end in ends if end]
    missing = [f"{start}_{_escaped(end)}" for start, end in ends]
    too_many = [f"{start}{_escaped(end[1:])}" for start, end in ends if end]
    return list(dict.fromkeys([_escaped(word), *swapped, *wrong, *missing, *too_many]))


@transaction.atomic
def _similar(words: list[str]) -> list[int]:
    long = {f"similar{number}": word for number, word in enumerate(words) if len(word) >= SHORT}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(SIMILAR)])
    return _likely(words, [f"%({name})s <%% search_text" for name in long], long) if long else []


def _likely(words: list[str], conditions: list[str], values: dict[str, str]) -> list[int]:
    """Whoever meets the conditions, the likest to the words first."""
    likeness = [f"word_similarity(%(word{number})s, search_text)" for number in range(len(words))]
    sql = _LIKELY.format(words=" AND ".join(conditions), likeness=" + ".join(likeness), most=CANDIDATES)
    with connection.cursor() as cursor:
        cursor.execute(sql, values | {f"word{number}": word for number, word in enumerate(words)})
        return [row[0] for row in cursor.fetchall()]


def _escaped(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")

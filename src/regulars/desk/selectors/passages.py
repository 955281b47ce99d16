"""Where in a conversation something is said that was searched for: a line around it, and which words in it are meant.

A search compares folded words, and messages are kept as they were written. So the database is asked for a text in
which each letter may wear an accent, and which of its words are meant is seen by folding them one by one.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from regulars.customers.normalise import fold
from regulars.kernel import prepared

LONGEST_LINE: Final = 160
BEFORE: Final = 18  # characters of the line that stand before what is meant, where a narrow list still shows it
READ: Final = 20_000  # characters of a message; what is said later in it is found without a line
MOST_SOUGHT: Final = 24
FIRST_LETTERS: Final = 12  # of each are asked for, so that nobody's search becomes a long expression

_RUNS: Final = re.compile(r"[^\W_]+")
_DENSE: Final = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_QUERY: Final = """
SELECT DISTINCT ON (conversation_id) conversation_id, left(text, %(read)s)
FROM desk_message
WHERE conversation_id = ANY(%(ids)s) AND removed_at IS NULL AND left(text, %(read)s) ~ %(pattern)s
ORDER BY conversation_id, at DESC, id DESC
"""


def lines(ids: Sequence[int], sought: Sequence[str]) -> dict[int, str]:
    """For each of these conversations that the reader may see, a line of its newest message that says one of these.

    `sought` are beginnings of folded words, as `Found.sought` has them.
    """
    if not ids or not sought:
        return {}
    with prepared.cursor() as cursor:
        cursor.execute(_QUERY, {"ids": list(ids), "read": READ, "pattern": _pattern(sought)})
        found = dict(cursor.fetchall())
    return {pk: said for pk, text in found.items() if (said := line(text, sought))}


def spans(text: str, sought: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each word that is meant begins and ends, in order; of scripts without spaces, the letters themselves."""
    beginnings = tuple(sought)
    for run in _RUNS.finditer(text):
        word = run[0]
        if not _DENSE.search(word):
            if fold(word).startswith(beginnings):
                yield run.span()
            continue
        start = run.start()
        yield from (
            (start + place, start + place + len(each))
            for place in range(len(word))
            for each in beginnings
            if word.startswith(each, place)
        )


def line(text: str, sought: Sequence[str]) -> str:
    """One line around the first word that is meant, begun and ended between words; nothing where none is."""
    at = next((start for start, _end in spans(text, sought)), None)
    if at is None:
        return ""
    start = max(0, at - BEFORE)
    if start:
        start = next((gap.end() for gap in re.finditer(r"\s+", text[start:at])), 0) + start
    cut = text[start : start + LONGEST_LINE]
    if start + LONGEST_LINE < len(text):
        cut = cut[: cut.rindex(" ")] if " " in cut[LONGEST_LINE // 2 :] else cut
        cut += " …"
    return ("… " if start else "") + " ".join(cut.split())


def _pattern(sought: Sequence[str]) -> str:
    """A regular expression of the database's that a text with one of these meets, each letter with any accent."""
    few = (each[:FIRST_LETTERS] for each in sought[:MOST_SOUGHT])
    return "|".join(("" if _DENSE.search(each) else r"\m") + "".join(_letters(each)) for each in few)


def _letters(word: str) -> Iterator[str]:
    place = 0
    while place < len(word):
        pair = word[place : place + 2]
        one = "".join(f"[{letter}{letter.upper()[0]}{_written()[letter]}]" for letter in pair)
        if is_one := len(pair) == 2 and pair in _written():  # two letters that may be written as one
            yield f"(?:[{_written()[pair]}]|{one})"
        else:
            yield one[: one.index("]") + 1]
        place += 1 + is_one


@cache
def _written() -> defaultdict[str, str]:
    """The letters of Latin scripts that fold to another letter, or to two."""
    found: defaultdict[str, str] = defaultdict(str)
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        if (bare := fold(chr(code))) != chr(code):
            found[bare] += chr(code)
    return found

"""Words as the search compares them: folded, taken apart at whatever is no letter or digit.

Scripts that put no spaces between words (Chinese, Japanese, Thai) are taken apart into pairs of letters, so that any
part of a sentence can be found; the last letter is written down by itself too, for whoever looks for one letter.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from regulars.customers import normalise

LONGEST_TEXT: Final = 200_000
LONGEST_WORD: Final = 40
MOST_WORDS: Final = 20_000

_RUNS = re.compile(r"[^\W_]+")
_WITHOUT_SPACES = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")


def words_of(texts: Iterable[str]) -> list[str]:
    """The different words of some texts, in order; no more than the longest conversation needs."""
    found: dict[str, None] = {}
    for text in texts:
        for word in _in_order(text, is_kept=True):
            found[word] = None
            if len(found) >= MOST_WORDS:
                return sorted(found)
    return sorted(found)


def in_order(text: str) -> Iterator[str]:
    """The words of a text, one after the other."""
    return _in_order(text)


def _in_order(text: str, *, is_kept: bool = False) -> Iterator[str]:
    for run in _RUNS.findall(normalise.fold(text[:LONGEST_TEXT])):
        if run.isascii():
            yield run[:LONGEST_WORD]
        else:
            yield from _taken_apart(run, is_kept=is_kept)


def _taken_apart(run: str, *, is_kept: bool) -> Iterator[str]:
    end = 0
    for dense in _WITHOUT_SPACES.finditer(run):
        if before := run[end : dense.start()]:
            yield before[:LONGEST_WORD]
        letters, end = dense.group(), dense.end()
        yield from (letters[place : place + 2] for place in range(max(1, len(letters) - 1)))
        if is_kept:
            yield letters[-1]
    if rest := run[end:]:
        yield rest[:LONGEST_WORD]

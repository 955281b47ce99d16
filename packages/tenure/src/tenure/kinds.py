"""The five kinds of retention, in words, and the bracket's two ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tenure.errors import BracketBackwards, BracketUnsteady, UnknownKind

Kind = Literal["full", "classic", "rolling", "return", "bracket"]
KINDS: Final[tuple[Kind, ...]] = ("full", "classic", "rolling", "return", "bracket")
DEFINITIONS: Final[dict[str, str]] = {
    "full": "came back in every {period} from 1 to N",
    "classic": "came back in {period} N",
    "rolling": "came back in {period} N or any later one",
    "return": "came back at least once in {period}s 1 to N",
    "bracket": "came back at least once in {period}s {bracket} to N",
}

BracketFrom = int | Callable[[int], int] | None


def checked_kinds(kinds: Iterable[str] | str | None) -> tuple[Kind, ...]:
    """The kinds asked for, in the order of KINDS, each once."""
    asked = (kinds,) if isinstance(kinds, str) else tuple(KINDS if kinds is None else kinds)
    for kind in asked:
        if kind not in KINDS:
            raise UnknownKind(kind=kind)
    return tuple(kind for kind in KINDS if kind in asked)


def bracket_starts(bracket_from: BracketFrom, *, periods: int, period: str) -> NDArray[np.int32]:
    """M for each N in 0..periods; 0 where the bracket M..N does not exist (N below a fixed M, and N = 0)."""
    starts = np.zeros(periods + 1, np.int32)
    for n in range(1, periods + 1):
        first = _start(bracket_from, n, period=period)
        if first < 1 or (callable(bracket_from) and first > n):
            raise BracketBackwards(first=first, last=n)
        if first < starts[n - 1]:
            raise BracketUnsteady(first=first, last=n)
        starts[n] = first if first <= n else 0
    if isinstance(bracket_from, int) and bracket_from > periods:
        raise BracketBackwards(first=bracket_from, last=periods)
    return starts


def bracket_words(bracket_from: BracketFrom, *, period: str) -> str:
    """The bracket's first period as the question states it."""
    if callable(bracket_from):
        return "M(N)"
    if bracket_from is None:
        return f"max(1, N-{_default_width(period)})"
    return str(bracket_from)


def _start(bracket_from: BracketFrom, n: int, *, period: str) -> int:
    if callable(bracket_from):
        return int(bracket_from(n))
    if bracket_from is None:
        return max(1, n - _default_width(period))
    return int(bracket_from)


def _default_width(period: str) -> int:
    """A bracket is a week of days, or three of anything longer."""
    return 6 if period == "day" else 2

"""Kept parts of what is reduced from the log, each for one stretch of it, in files that never change.

New facts become a part of their own, and what lies there already is neither read nor written again. Only a part that
has grown to half of the one before it is joined with it. Files are named by the stretch they stand for; a form is a
row of parts that begins with the log, each beginning where the one before it ends, so a file that was left over, or
is not there yet, is never counted twice or forgotten.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol, Self, TypeVar

from regulars.kernel.tail import START, Position


class Stretch(Protocol):
    """What the facts of after < fact ≤ upto came to."""

    @property
    def after(self) -> Position: ...

    @property
    def upto(self) -> Position: ...

    @property
    def size(self) -> int:
        """What copying it costs, about."""
        ...

    def join(self, later: Self) -> Self:
        """Both, where the other begins with the end of this."""
        ...


Part = TypeVar("Part", bound=Stretch)


def reach(parts: tuple[Stretch, ...]) -> Position:
    """How far into the log they reach together."""
    return parts[-1].upto if parts else START


def settled(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The same with the last ones joined, as long as each is at least half as large as the one before it."""
    kept = list(parts)
    while len(kept) > 1 and 2 * kept[-1].size >= kept[-2].size:
        later = kept.pop()
        kept[-1] = kept[-1].join(later)
    return tuple(kept)


def load(
    folder: Path,
    name: str,
    suffix: str,
    read: Callable[[Path, Position, Position], Part | None],
    *,
    known: Iterable[Part] = (),
) -> tuple[Part, ...]:
    """What is on disk, as far as it can be read; parts somebody holds in memory already are taken from there."""
    at_hand = {(part.after, part.upto): part for part in known}
    ends: dict[Position, list[Position]] = defaultdict(list)
    for path in folder.glob(f"{name}.*.*.{suffix}"):
        after, upto = (_position(text) for text in path.name.split(".")[1:3])
        ends[after].append(upto)

    def following(after: Position) -> Part | None:
        """The part that goes on from a position, the longest that can be read."""
        for upto in sorted((upto for upto in ends[after] if upto > after), reverse=True):
            path = folder / f"{_stem(name, after, upto)}.{suffix}"
            if (part := at_hand.get((after, upto)) or read(path, after, upto)) is not None:
                return part
        return None

    parts: tuple[Part, ...] = ()
    while (part := following(reach(parts))) is not None:
        parts = (*parts, part)
    return parts


def save(folder: Path, name: str, suffix: str, parts: tuple[Part, ...], write: Callable[[Path, Part], None]) -> None:
    """Write those that are not there yet, then remove what stands for the same stretches."""
    stems = {_stem(name, part.after, part.upto): part for part in parts}
    for stem, part in stems.items():
        if not (folder / f"{stem}.{suffix}").exists():
            write(folder / f"{stem}.{suffix}", part)
    for path in folder.glob(f"{name}.*.*"):
        if path.name.rpartition(".")[0] not in stems:
            path.unlink(missing_ok=True)


def _stem(name: str, after: Position, upto: Position) -> str:
    return f"{name}.{after}.{upto}"


def _position(text: str) -> Position:
    return Position(*map(int, text.split("-")))

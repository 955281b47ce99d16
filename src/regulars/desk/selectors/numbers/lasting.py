"""How long it takes, each figure with its n, and how many promises of it were kept."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

import numpy as np

from regulars.desk.selectors.numbers.asking import Question
from regulars.desk.selectors.numbers.days import Tables
from regulars.desk.selectors.numbers.picking import tables_for
from regulars.desk.selectors.numbers.promised import Kept
from regulars.desk.selectors.numbers.quick import Measuring
from regulars.desk.selectors.numbers.rows import Parts
from regulars.desk.selectors.numbers.spans import Spans

K = TypeVar("K", date, str)

KINDS: Final = ("first", "next", "resolution", "bot")
# For each kind the row that has it, and the further condition.
SOURCES: Final = {
    "first": ("turn", "turn.ordinal = 0"),
    "next": ("turn", "turn.ordinal > 0"),
    "resolution": ("episode", "true"),
    "bot": ("episode", "true"),
}


@dataclass(frozen=True, slots=True)
class Lasting:
    """Seconds of `n` spans; null when there is none. The percentiles interpolate (`percentile_cont`)."""

    n: int = 0
    median: float | None = None
    ninetieth: float | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """How long one kind of span takes, and what was promised of it."""

    lasting: Lasting = Lasting()  # frozen, and nothing but its defaults
    kept: Kept = Kept()  # noqa: RUF009


NOTHING: Final = Measured()


def column(kind: str, *, is_business: bool) -> str:
    """The column of the seconds."""
    name = "business_seconds" if is_business else "seconds"
    return f"{SOURCES[kind][0]}.{'bot_' if kind == 'bot' else ''}{name}"


def measured(question: Question, kind: str, *, is_business: bool = True) -> Parts[Measured]:
    """First responses, next responses, resolutions or the bot's answers of the episodes that began in the period.

    The whole counts each span once, also where groups overlap.
    """
    return all_measured(question, is_business=is_business, kinds=[kind])[kind]


def all_measured(
    question: Question, *, is_business: bool = True, kinds: Sequence[str] = KINDS, tables: Tables | None = None
) -> dict[str, Parts[Measured]]:
    """Several kinds, from the same rows."""
    tables = tables or tables_for(question)
    measuring = {row: Measuring(question, tables, row) for row in dict.fromkeys(SOURCES[kind][0] for kind in kinds)}
    found = {}
    for kind in kinds:
        each, name = measuring[SOURCES[kind][0]], column(kind, is_business=is_business).partition(".")[2]
        grouped = each.by_group(kind, name) if question.by else []
        found[kind] = _parts(question, each.by_step(kind, name), grouped)
    return found


def _parts(question: Question, cells: Sequence[Spans], grouped: Sequence[Spans]) -> Parts[Measured]:
    steps: dict[date, list[Spans]] = defaultdict(list)
    groups: dict[str, list[Spans]] = defaultdict(list)
    for cell in cells:
        steps[cell.step].append(cell)
    for cell in grouped if question.by else ():
        groups[cell.group].append(cell)
    return Parts(_told(cells), _worth_telling(steps), _worth_telling(groups))


def _worth_telling(parts: dict[K, list[Spans]]) -> dict[K, Measured]:
    told = {name: _told(parts[name]) for name in sorted(parts)}  # type: ignore[type-var]  # days, or texts
    return {name: one for name, one in told.items() if one != NOTHING}


def _told(cells: Sequence[Spans]) -> Measured:
    seconds = np.concatenate([cell.seconds for cell in cells]) if cells else np.empty(0)
    kept = Kept(*(sum(cell.counts[place] for cell in cells) for place in range(3)))
    return Measured(_lasting(seconds), kept)


def _lasting(seconds: np.ndarray) -> Lasting:
    """The percentiles as PostgreSQL's `percentile_cont` has them: between the two nearest, by the distance."""
    if not seconds.size:
        return Lasting()
    places = [share * (seconds.size - 1) for share in (0.5, 0.9)]
    nearest = sorted({end for place in places for end in (math.floor(place), math.ceil(place))})
    ordered = np.partition(seconds, nearest)
    median, ninetieth = (_between(ordered, place) for place in places)
    return Lasting(seconds.size, median, ninetieth, float(seconds.mean()))


def _between(ordered: np.ndarray, place: float) -> float:
    low, high = float(ordered[math.floor(place)]), float(ordered[math.ceil(place)])
    return low + (place - math.floor(place)) * (high - low)

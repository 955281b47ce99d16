"""The quickest reduced form: bit planes by cohort, built once from facts or days, counted in a millisecond or two."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.days import Runs
from tenure.following import Counts
from tenure.kinds import Kind
from tenure.localising import Buckets, extent
from tenure.partitions import Parts, customer_cuts
from tenure.periods import period_of
from tenure.sharing import even, gather, share, threads

LONGEST: Final = 63  # periods in a machine word, after period 0
_PLACES: Final[dict[Kind, int]] = {"full": 0, "classic": 1, "rolling": 2, "return": 3, "bracket": 4}
_FOREVER = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True, eq=False)
class Masks:
    """One word per customer (bit N: seen N periods after the first), the first and the last period."""

    masks: NDArray[np.uint64]
    first: NDArray[np.int32]
    last: NDArray[np.int32]

    def where(self, chosen: NDArray[np.bool_]) -> Masks:
        """Those of some customers."""
        return Masks(self.masks[chosen], self.first[chosen], self.last[chosen])

    def beside(self, other: Masks) -> Masks:
        """These, and the other ones after them."""
        return Masks(
            np.concatenate([self.masks, other.masks]),
            np.concatenate([self.first, other.first]),
            np.concatenate([self.last, other.last]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """Rows are cohorts: block r of `words` holds planes 1..horizon and one for anything later, a bit per customer.

    Block r begins at starts[r] * (horizon + 1), and each of its planes is starts[r + 1] - starts[r] words long.
    """

    cohort: NDArray[np.int32]
    sizes: NDArray[np.int64]
    starts: NDArray[np.int64]
    words: NDArray[np.uint64]
    horizon: int


def masks_of_parts(parts: Parts) -> Masks:
    """From scattered facts."""
    from tenure._kernels.masks import masks_of_parts as run

    count, taken = len(parts.words), np.zeros(1, np.int64)  # memory that is not written to costs nothing
    masks, first, last = np.empty(count, np.uint64), np.empty(count, np.int32), np.empty(count, np.int32)
    columns = parts.starts, parts.words, parts.bits, parts.span, taken, masks, first, last
    share(lambda a, b: run(a, b, *columns), even(len(parts.starts) - 1, 8 * threads()))
    some = slice(int(taken[0]))
    return _counted_from(parts.origin, masks[some], first[some], last[some])


def masks_of_runs(customers: NDArray[np.int64], moments: NDArray[np.int64], table: Buckets, origin: int) -> Masks:
    """From facts that lie together by customer."""
    from tenure._kernels.masks import masks_of_runs as run

    cuts = customer_cuts(customers, 8 * threads())
    return _joined(cuts, lambda a, b: run(a, b, customers, moments, table.shift, table.base, table.entry), origin)


def masks_of_days(offsets: NDArray[np.int64], days: NDArray[np.int32], *, period: str) -> Masks:
    """From each customer's ascending days, by day or straight into longer periods."""
    from tenure._kernels.masks import masks_of_lists, masks_of_numbered

    count, days = len(offsets) - 1, np.ascontiguousarray(days, np.int32)
    found = Masks(np.empty(count, np.uint64), np.empty(count, np.int32), np.empty(count, np.int32))
    if not count:
        return found
    out, cuts = (found.masks, found.first, found.last), even(count, 2 * threads())
    if period == "day":
        share(lambda a, b: masks_of_lists(a, b, offsets, days, *out), cuts)
        return found
    low, high = extent(days)
    numbers = period_of(np.arange(low, high + 1), period)
    share(lambda a, b: masks_of_numbered(a, b, offsets, days, low, numbers, *out), cuts)
    return found


def planes_of_masks(masks: Masks, *, horizon: int) -> Planes:
    """Customers put in order of their first period, 64 to a word; horizon at most LONGEST."""
    from tenure._kernels.planes import by_cohort, cohort_sizes
    from tenure._kernels.planes import planes_of_masks as run

    low, high = int(masks.first.min()), int(masks.first.max())
    tally = np.zeros(high - low + 1, np.int64)
    cohort_sizes(masks.first, low, tally)
    ordered = np.empty_like(masks.masks)
    by_cohort(masks.masks, masks.first, masks.last, low, horizon, np.cumsum(tally) - tally, ordered)
    cohort, sizes, starts, begins = _rows(tally, low)
    words = np.zeros(int(starts[-1]) * (horizon + 1), np.uint64)
    share(lambda a, b: run(a, b, begins, ordered, starts, horizon, words), _stretches(begins))
    return Planes(cohort, sizes, starts, words, horizon)


def planes_of_runs(
    base: NDArray[np.int32], customer: NDArray[np.int64], runs: Runs, *, horizon: int, follow_up: int | None
) -> Planes:
    """Customers born in period `base`, with their returns; any horizon."""
    from tenure._kernels.planes import planes_of_runs as run

    low = int(base.min())
    tally = np.bincount(base - np.int32(low))
    order = np.argsort((base - np.int32(low)).astype(np.uint16 if len(tally) < 2**16 else np.int32), kind="stable")
    cohort, sizes, starts, begins = _rows(tally, low)
    words = np.zeros(int(starts[-1]) * (horizon + 1), np.uint64)
    last = _FOREVER if follow_up is None else follow_up

    def some(a: int, b: int) -> None:
        run(a, b, order, begins, base, customer, runs.offsets, runs.values, starts, horizon, last, words)

    share(some, _stretches(begins))
    return Planes(cohort, sizes, starts, words, horizon)


def count(planes: Planes, *, ended: int, kinds: tuple[Kind, ...], starts: NDArray[np.int32]) -> Counts:
    """All five kinds; `ended` is the last period that is over."""
    from tenure._kernels.planes import count_planes

    horizon, rows = planes.horizon, len(planes.sizes)
    limits = (ended - planes.cohort).astype(np.int32)
    counts = np.zeros((5, rows, horizon + 1), np.int64)

    def some(a: int, b: int) -> None:
        count_planes(a, b, planes.starts, limits, horizon, starts, planes.words, counts)

    share(some, _stretches(planes.starts, 2 * threads()))
    counts[:, :, 0] = planes.sizes
    at_risk = np.where(np.arange(horizon + 1) <= np.maximum(limits, 0)[:, None], planes.sizes[:, None], 0)
    return Counts(
        planes.cohort,
        np.zeros(rows, np.int64),
        planes.sizes,
        at_risk,
        {kind: counts[_PLACES[kind]] for kind in kinds},
        limits,
    )


def _joined(cuts: list[tuple[int, int]], masks_of: Callable[[int, int], Any], origin: int) -> Masks:
    """The masks of every stretch, one after the other; periods told relative to `origin` until here."""
    columns = (np.concatenate(columns) for columns in zip(*gather(masks_of, cuts), strict=True))
    return _counted_from(origin, *columns)


def _counted_from(origin: int, masks: NDArray[np.uint64], first: NDArray[np.int32], last: NDArray[np.int32]) -> Masks:
    first += np.int32(origin)
    last += np.int32(origin)
    return Masks(masks, first, last)


def _rows(
    tally: NDArray[np.int64], low: int
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Cohorts, their sizes, where their blocks begin and where their customers do; tally[0] is period `low`."""
    some = np.flatnonzero(tally)
    sizes = tally[some].astype(np.int64)
    starts = np.concatenate([[0], np.cumsum((sizes + 63) // 64)])
    begins = np.concatenate([[0], np.cumsum(sizes)])
    return (some + low).astype(np.int32), sizes, starts, begins


def _stretches(begins: NDArray[np.int64], parts: int = 8) -> list[tuple[int, int]]:
    """Stretches of rows with about as much in each."""
    marks = np.unique(np.searchsorted(begins, np.linspace(0, begins[-1], parts + 1)[1:-1]))
    edges = np.unique(np.concatenate([[0], marks, [len(begins) - 1]]))
    return [(int(a), int(b)) for a, b in itertools.pairwise(edges)]

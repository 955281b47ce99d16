"""Newton's method on Cox's partial likelihood, over rows sorted or tallied by time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.survival.errors import NotSettled, SameForAll, SaysTheSame, Separated

_FEW_SUMS: Final = 1 << 15  # numbers; sums by block that stay in the processor's cache
_MANY: Final = 200_000
_STRIDE: Final = 20  # a first fit on every 20th row saves the big one most of its steps
_STEPS: Final = 40
_HALVINGS: Final = 30
_SETTLED: Final = 1e-10
_MODERATE: Final = 300.0
_DISTANT: Final = 12.0  # an effect of e¹² per standard deviation is no effect but a sign of separation


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Standardised covariates x[n, p] of followed customers; a block is one time in one stratum, latest first.

    `block` is each row's, and rows come in any order; or `starts` says where each begins, and rows are sorted.
    `opens` marks the first block of each stratum, `deaths` counts who left at each.
    """

    x: NDArray[np.float64]
    left: NDArray[np.bool_]
    block: NDArray[np.int32] | None
    starts: NDArray[np.int64] | None
    opens: NDArray[np.bool_]
    deaths: NDArray[np.int64]
    sizes: NDArray[np.int64]
    names: tuple[str, ...]
    widest: NDArray[np.float64]
    _kept: dict[str, Rows] = field(default_factory=dict)

    def sorted(self) -> tuple[Rows, NDArray[np.int64] | None]:
        """The same by block, and the order that makes it so (None: as they are)."""
        if self.block is None:
            return self, None
        order = np.argsort(self.block.astype(np.uint16 if len(self.sizes) < 2**16 else np.int32), kind="stable")
        starts = np.concatenate([[0], np.cumsum(self.sizes)])
        moved = Rows(
            self.x[order], self.left[order], None, starts, self.opens, self.deaths, self.sizes, self.names, self.widest
        )  # fmt: skip
        return moved, order

    def thinned(self) -> Rows:
        """Every twentieth row, sorted: what a quick look at very many rows can already tell; kept."""
        if "thinned" not in self._kept:
            self._kept["thinned"] = self._every_twentieth()
        return self._kept["thinned"]

    def _every_twentieth(self) -> Rows:
        block = np.repeat(np.arange(len(self.sizes)), self.sizes) if self.block is None else self.block
        few, left = block[::_STRIDE], self.left[::_STRIDE]
        order = np.argsort(few, kind="stable")
        used, starts = np.unique(few[order], return_index=True)
        stratum = np.cumsum(self.opens)[used]
        opens = np.r_[True, stratum[1:] != stratum[:-1]]
        deaths = np.bincount(few[left], minlength=len(self.sizes))[used]
        x = np.ascontiguousarray(self.x[::_STRIDE])[order]
        edges = np.r_[starts, len(few)]
        return Rows(x, left[order], None, edges, opens, deaths, np.diff(edges), self.names, self.widest)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Where Newton's method came to rest, on the standardised scale."""

    beta: NDArray[np.float64]
    log_likelihood: float
    information: NDArray[np.float64]
    steps: int


def fit(rows: Rows, *, efron: bool, ridge: float) -> Fit:
    """Maximise the partial likelihood (less ½·ridge·|β|² on the standardised scale).

    Steps are halved until the likelihood does not fall; it has settled when Newton's decrement says that at most
    10⁻¹⁰ of log-likelihood is left to gain. Raises Separated, SaysTheSame or NotSettled rather than return what is
    not a maximum.
    """
    beta = _first_guess(rows, efron=efron, ridge=ridge)
    value, gradient, information = _at(rows, beta, efron, ridge)
    step = np.zeros(len(beta))
    for taken in range(1, _STEPS + 1):
        step = _newton(information, gradient, rows)
        if float(gradient @ step) < 2 * _SETTLED * max(1.0, abs(value) * 1e-6):
            beta, value, information = _last_step(rows, beta, step, (value, information), efron, ridge)
            _refuse_distant(rows, beta, step, ridge)
            return Fit(beta, _plain(value, beta, ridge), information - ridge * np.eye(len(beta)), taken)
        beta, (value, gradient, information) = _uphill(rows, beta, step, value, efron, ridge)
        _refuse_distant(rows, beta, step, ridge)
    raise NotSettled(steps=_STEPS, column=rows.names[int(np.abs(step).argmax())])


def null_log_likelihood(deaths: NDArray[np.int64], sizes: NDArray[np.int64], opens: Any, *, efron: bool) -> float:
    """The log partial likelihood when nothing matters: only how many were at risk."""
    from scipy.special import gammaln

    at_risk = _at_risk(sizes, opens)[deaths > 0]
    d = deaths[deaths > 0]
    if not efron:
        return -float(np.sum(d * np.log(at_risk)))
    several = gammaln(at_risk + 1.0) - gammaln(at_risk - d + 1.0)  # Σ log(n − l) over l below d
    return -float(np.sum(np.where(d == 1, np.log(at_risk), several)))


def _at_risk(sizes: NDArray[np.int64], opens: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many are at risk at each block: everybody of its stratum seen as long or longer."""
    total = np.cumsum(sizes)
    before = total - sizes
    return total - before[np.flatnonzero(opens)[np.cumsum(opens) - 1]]


def _first_guess(rows: Rows, *, efron: bool, ridge: float) -> NDArray[np.float64]:
    """Zero; with very many rows, the answer of a twentieth of them, where there is one."""
    none = np.zeros(rows.x.shape[1])
    if len(rows.left) < _MANY:
        return none
    try:
        return fit(rows.thinned(), efron=efron, ridge=ridge).beta
    except (Separated, SaysTheSame, SameForAll, NotSettled):
        return none


def _at(rows: Rows, beta: Any, efron: bool, ridge: float) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The penalised log-likelihood, its gradient and minus its second derivative."""
    p = len(beta)
    gradient, information = np.zeros(p), np.zeros((p, p))
    is_extreme = float(np.abs(beta) @ rows.widest) > _MODERATE
    with np.errstate(all="ignore"):
        if rows.block is None or is_extreme:
            value = _over_sorted(rows.sorted()[0], beta, is_extreme, efron, gradient, information)
        else:
            value = _over_blocks(rows, beta, efron, gradient, information)
    information += np.triu(information, 1).T
    if ridge:
        value -= 0.5 * ridge * float(beta @ beta)
        gradient -= ridge * beta
        information += ridge * np.eye(p)
    is_sound = np.isfinite(value) and np.isfinite(gradient).all() and np.isfinite(information).all()
    return (value if is_sound else -np.inf), gradient, information


def _over_sorted(rows: Rows, beta: Any, is_extreme: bool, efron: bool, gradient: Any, information: Any) -> float:
    from tenure._kernels.proportional import run_sorted

    return run_sorted(rows.x, beta, is_extreme, rows.starts, rows.opens, rows.left, efron, gradient, information)


def _over_blocks(rows: Rows, beta: Any, efron: bool, gradient: Any, information: Any) -> float:
    from tenure._kernels.proportional import add_rows, finish_blocks
    from tenure.sharing import even, share, threads

    p = len(beta)
    cuts = even(len(rows.left), threads())
    shape = (len(cuts), len(rows.deaths), 1 + p + p * (p + 1) // 2)
    sums, leavers, flat, told = np.zeros(shape), np.zeros(shape), np.zeros((len(cuts), p)), np.zeros(len(cuts))

    def some(i: int, a: int, b: int) -> None:
        told[i] = add_rows(a, b, rows.x, beta, rows.block, rows.left, sums[i], leavers[i], flat[i])

    share(some, [(i, *cut) for i, cut in enumerate(cuts)])
    gradient += flat.sum(axis=0)
    logs = finish_blocks(
        rows.opens, rows.deaths, sums.sum(axis=0), leavers.sum(axis=0), efron, gradient, information
    )  # fmt: skip
    return float(told.sum()) + logs


def _newton(information: NDArray[np.float64], gradient: NDArray[np.float64], rows: Rows) -> NDArray[np.float64]:
    try:
        step = np.asarray(np.linalg.solve(information, gradient), np.float64)
    except np.linalg.LinAlgError:
        step = np.full(len(gradient), np.nan)
    if np.isfinite(step).all() and gradient @ step >= 0:
        return step
    vectors = np.linalg.eigh(information)[1]
    _refuse_separating(rows, vectors[:, 0])
    raise NotSettled(steps=0, column=rows.names[int(np.abs(vectors[:, 0]).argmax())])


def _uphill(rows: Rows, beta: Any, step: Any, value: float, efron: bool, ridge: float) -> tuple[Any, Any]:
    """The whole step, or the first of its halves after which the likelihood has not fallen."""
    for half in range(_HALVINGS):
        tried = beta + step / 2.0**half
        found = _at(rows, tried, efron, ridge)
        if found[0] >= value - 1e-9 * max(1.0, abs(value)):
            return tried, found
    for direction in (beta, step):
        _refuse_separating(rows, direction)
    raise NotSettled(steps=_HALVINGS, column=rows.names[int(np.abs(step).argmax())])


def _last_step(rows: Rows, beta: Any, step: Any, before: Any, efron: bool, ridge: float) -> tuple[Any, Any, Any]:
    """One more step squares the error that is left; it is taken unless rounding makes it worse."""
    if not np.abs(step).max() > 1e-12:
        return beta, *before
    value, _, information = _at(rows, beta + step, efron, ridge)
    return (beta + step, value, information) if value >= before[0] - 1e-6 else (beta, *before)


def _plain(value: float, beta: NDArray[np.float64], ridge: float) -> float:
    return value + 0.5 * ridge * float(beta @ beta)


def _refuse_distant(rows: Rows, beta: NDArray[np.float64], step: NDArray[np.float64], ridge: float) -> None:
    """Where the likelihood has gone flat far out, it is separation and not a maximum."""
    if not ridge and np.abs(beta).max() > _DISTANT:
        for direction in (step, beta):
            _refuse_separating(rows, direction)


def _refuse_separating(rows: Rows, step: NDArray[np.float64]) -> None:
    """If along the step every leaver is the most extreme of those at risk, the likelihood rises for ever."""
    from tenure._kernels.proportional import extremes

    length = float(np.abs(step).max())
    if not np.isfinite(length) or length == 0:
        return
    ordered, _ = rows.sorted()
    along = (ordered.x @ (step / length))[:, None]
    found = np.zeros((3, 1), np.bool_)
    extremes(along, ordered.starts, ordered.opens, ordered.left, 1e-4, found)
    if (found[0, 0] or found[1, 0]) and found[2, 0]:
        parts = np.abs(step) > 0.05 * length
        names = [name for name, is_part in zip(rows.names, parts, strict=True) if is_part]
        how = "along it, every customer who left was the most extreme of those who could have"
        together = f" (together with {', '.join(names[1:])})" if len(names) > 1 else ""
        raise Separated(column=names[0], how=how + together)


def refuse_hopeless(rows: Rows, *, ridge: float) -> None:
    """Look for constant, overlapping and separating columns before any step is taken."""
    few = rows.thinned() if len(rows.left) >= _MANY else None
    if few is None or not _is_harmless(_extremes(few)):
        _refuse_extremes(_extremes(rows.sorted()[0]), rows.names, ridge)
    if not ridge and (few is None or overlap(few.x, few.names) is not None):
        refuse_overlap(rows.x, rows.names)


def _extremes(rows: Rows) -> NDArray[np.bool_]:
    from tenure._kernels.proportional import extremes

    found = np.zeros((3, len(rows.names)), np.bool_)
    extremes(rows.x, rows.starts, rows.opens, rows.left, 0.0, found)
    return found


def _is_harmless(found: NDArray[np.bool_]) -> bool:
    """What some rows show to differ and not to separate, all rows do."""
    return bool(found[2].all() and not found[:2].any())


def _refuse_extremes(found: NDArray[np.bool_], names: tuple[str, ...], ridge: float) -> None:
    for name, high, low, differs in zip(names, *found, strict=True):
        if not differs:
            raise SameForAll(column=name)
        if (high or low) and not ridge:
            raise Separated(column=name, how=_how(name, "highest" if high else "lowest"))


def _how(name: str, which: str) -> str:
    if name.endswith("]"):
        return "nobody with this value left before those without it" if which == "lowest" else "only those with it left"
    return f"whoever left always had the {which} value of those who could have"


def refuse_overlap(x: NDArray[np.float64], names: tuple[str, ...]) -> None:
    """Refuse a column that the ones before it determine."""
    found = overlap(x, names)
    if found is not None:
        raise SaysTheSame(column=found[0], others=found[1])


def overlap(x: NDArray[np.float64], names: tuple[str, ...]) -> tuple[str, str] | None:
    """The first column that the ones before it determine, and which those are, by the Gram matrix."""
    gram = x.T @ x / len(x)
    for j in range(1, len(names)):
        weights, *_ = np.linalg.lstsq(gram[:j, :j], gram[:j, j], rcond=None)
        rest = gram[j, j] - weights @ gram[:j, j]
        if rest < 1e-9 * max(gram[j, j], 1e-300):
            others = [names[i] for i in range(j) if abs(weights[i]) > 1e-6]
            return names[j], " and ".join(others) or "a constant"
    return None


def rows_of(
    columns: list[NDArray[np.float64]],
    times: NDArray[np.float64],
    left: NDArray[np.bool_],
    strata: NDArray[np.int64] | None,
    *,
    names: tuple[str, ...],
    centre: NDArray[np.float64],
    scale: NDArray[np.float64],
) -> tuple[Rows, NDArray[np.int64] | None, NDArray[np.float64]]:
    """Rows ready to be fitted, the order they were put in (None: as they came), and each block's time."""
    from tenure._kernels.proportional import gather
    from tenure.sharing import even, share, threads
    from tenure.survival.blocks import blocks_of

    width = 1 + len(names) + len(names) * (len(names) + 1) // 2
    blocks = blocks_of(times, left, strata, width=width, few=_FEW_SUMS)
    order = np.zeros(0, np.int64) if blocks.order is None else blocks.order
    x = np.empty((len(times), len(names)))
    cuts = even(len(times), threads())
    widest = np.zeros((len(cuts), len(names)))

    def some(i: int, a: int, b: int) -> None:
        for j, column in enumerate(columns):
            widest[i, j] = gather(a, b, column, order, float(centre[j]), float(scale[j]), j, x)

    share(some, [(i, *cut) for i, cut in enumerate(cuts)])
    moved = left if blocks.order is None else left[blocks.order]
    rows = Rows(
        x, moved, blocks.block, blocks.starts, blocks.opens, blocks.deaths, blocks.sizes, names, widest.max(axis=0)
    )  # fmt: skip
    return rows, blocks.order, blocks.time

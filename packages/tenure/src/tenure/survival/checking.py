"""Is the fit any good, and does it hold: concordance, residuals, and whether effects stay the same over time."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.errors import UnknownChoice
from tenure.survival.curves import curve_of_counts
from tenure.survival.fitting import Rows

if TYPE_CHECKING:
    import pyarrow as pa

    from tenure.survival.proportional import Cox

TRANSFORMS: Final = ("rank", "identity", "log", "km")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Proportionality:
    """Per covariate (and for all together), χ² and p of the idea that its effect does not change over time.

    `residuals` are Schoenfeld's, one row per departure in the order of `time`: the leaver's covariates less the
    average of those at risk; `scaled` are multiplied so that their mean over time is the effect's drift.
    """

    names: tuple[str, ...]
    statistic: NDArray[np.float64]
    p: NDArray[np.float64]
    together: tuple[float, float]
    time: NDArray[np.float64]
    residuals: NDArray[np.float64]
    scaled: NDArray[np.float64]
    transform: str

    def table(self) -> pa.Table:
        """An Arrow table: covariate, statistic, p; the last line is all together."""
        import pyarrow as pa

        return pa.table({
            "covariate": [*self.names, "all together"], "statistic": [*self.statistic, self.together[0]],
            "p": [*self.p, self.together[1]],
        })  # fmt: skip

    def chart(self, **choices: Any) -> Any:
        """Scaled residuals over time; needs `pip install tenure[chart]`."""
        from tenure.survival.drawing import drift

        return drift(self, **choices)

    def sentence(self) -> str:
        """The result in words."""
        changing = [name for name, p in zip(self.names, self.p, strict=True) if p < 0.05]
        if not changing:
            return "No covariate's effect is seen to change over time."
        return f"The effect of {', '.join(changing)} seems to change over time: stratify by it, or fit periods apart."

    def _repr_html_(self) -> str:
        lines = "".join(
            f"<tr><th>{escape(row['covariate'])}</th><td>{row['statistic']:.2f}</td><td>{row['p']:.4f}</td></tr>"
            for row in self.table().to_pylist()
        )
        head = "<tr><th></th><th>χ²</th><th>p</th></tr>"
        return f'<div class="tenure"><p>{escape(self.sentence())}</p><table>{head}{lines}</table></div>'

    def __repr__(self) -> str:
        return f"<Proportionality: {self.sentence()}>"


def concordance_of(found: Cox) -> float:
    """Harrell's C over all comparable pairs, within strata; NaN where no pair can be compared."""
    from tenure._kernels.surviving import agreeing_pairs

    rows, _ = found._inner["rows"].sorted()
    _, rank = np.unique(rows.x @ found._inner["beta"], return_inverse=True)
    counts = np.zeros(3, np.int64)
    for first, last in _strata(rows):
        starts = rows.starts[first : last + 1]
        inside = slice(int(starts[0]), int(starts[-1]))
        agreeing_pairs(starts - starts[0], rows.left[inside], rank[inside], int(rank.max()) + 1, counts)
    agree, tied, pairs = counts.tolist()
    return (agree + 0.5 * tied) / pairs if pairs else float("nan")


def score_residuals(rows: Rows, order: Any, beta: NDArray[np.float64], *, efron: bool) -> NDArray[np.float64]:
    """float64[n, p]: what each customer adds to the score, in the input's order and on the standardised scale."""
    from tenure._kernels.proportional import centres, hazards
    from tenure._kernels.proportional import score_residuals as run

    ordered, moved = rows.sorted()
    weight, p = _weights(ordered, beta), len(beta)
    count = len(ordered.sizes)
    jump, own, (mean, own_mean, centre) = np.zeros(count), np.zeros(count), np.zeros((3, count, p))
    hazards(ordered.x, weight, ordered.starts, ordered.opens, ordered.left, efron, jump, own, mean, own_mean)
    centres(ordered.x, weight, ordered.starts, ordered.opens, ordered.left, efron, centre)
    out = np.empty_like(ordered.x)
    run(
        ordered.x, weight, ordered.starts, ordered.opens, ordered.left, jump, own, mean, own_mean, centre, out
    )  # fmt: skip
    back = np.empty_like(out)
    back[moved if order is None and moved is not None else order] = out
    return back


def proportionality_of(found: Cox, *, transform: str) -> Proportionality:
    """Grambsch and Therneau (1994): do Schoenfeld's residuals go up or down with (transformed) time?

    `transform` of time: "rank" of the departures, "identity", "log", or "km" (1 − S). The statistic of covariate j is
    (Σ (g − ḡ) r*)² / (d·V_jj·Σ (g − ḡ)²) with scaled residuals r* = d·r·V, χ² with one degree of freedom.
    """
    from scipy.special import chdtrc

    if transform not in TRANSFORMS:
        raise UnknownChoice(name="transform", value=transform, choices=", ".join(TRANSFORMS))
    rows, _ = found._inner["rows"].sorted()
    time, residuals = _schoenfeld(found, rows)
    bread = found._inner["bread"]
    g = _transformed(time, transform, found, rows)
    g, d = g - g.mean(), len(g)
    scaled = d * residuals @ bread
    square = float(g @ g)
    drift = g @ residuals
    if square == 0:
        statistic, together = np.zeros(len(found.names)), 0.0
    else:
        statistic = (g @ scaled) ** 2 / (d * np.diag(bread) * square)
        together = float(drift @ bread @ drift) * d / square
    scale = found._inner["scale"]
    return Proportionality(
        found.names, statistic, chdtrc(1, statistic), (together, float(chdtrc(len(found.names), together))),
        time, residuals * scale, scaled / scale, transform,
    )  # fmt: skip


def _schoenfeld(found: Cox, rows: Rows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each departure's time and residual, earliest first."""
    from tenure._kernels.proportional import centres

    centre = np.zeros((len(rows.sizes), len(found.names)))
    weight = _weights(rows, found._inner["beta"])
    centres(rows.x, weight, rows.starts, rows.opens, rows.left, found.ties == "efron", centre)
    block = np.repeat(np.arange(len(rows.sizes)), rows.sizes)[rows.left]
    time, residuals = found._inner["time"][block], rows.x[rows.left] - centre[block]
    order = np.argsort(time, kind="stable")
    return time[order], residuals[order]


def _transformed(time: NDArray[np.float64], transform: str, found: Cox, rows: Rows) -> NDArray[np.float64]:
    if transform == "identity":
        return time
    if transform == "log":
        return np.log(np.maximum(time, time[time > 0].min() / 2 if (time > 0).any() else 1.0))
    if transform == "km":
        return 1 - _pooled_survival(found, rows, time)
    from scipy.stats import rankdata

    return rankdata(time)


def _pooled_survival(found: Cox, rows: Rows, time: NDArray[np.float64]) -> NDArray[np.float64]:
    """S just before each time, over all strata."""
    times, place = np.unique(found._inner["time"], return_inverse=True)
    ended = np.bincount(place, weights=rows.sizes).astype(np.int64)
    lost = np.bincount(place, weights=rows.deaths).astype(np.int64)
    curve = curve_of_counts(times, ended, lost, group=None, level=0.95)
    return np.r_[1.0, curve.survival][np.searchsorted(times, time)]


def _weights(rows: Rows, beta: NDArray[np.float64]) -> NDArray[np.float64]:
    eta = rows.x @ beta
    return np.exp(eta - eta.max())


def _strata(rows: Rows) -> list[tuple[int, int]]:
    """The first and last-plus-one block of each stratum."""
    begins = [*np.flatnonzero(rows.opens).tolist(), len(rows.opens)]
    return list(itertools.pairwise(begins))

"""Whether groups leave at the same pace: the log-rank test, and its weighted forms."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.errors import UnknownChoice
from tenure.survival.errors import NobodyLeft, OneGroup
from tenure.survival.followed import Followed, groups_of, read_followed

if TYPE_CHECKING:
    import pyarrow as pa

WEIGHTS: Final = {
    "log-rank": "every departure weighs the same",
    "gehan": "departures weigh as many customers as were at risk (Gehan, Breslow, Wilcoxon)",
    "tarone-ware": "departures weigh the square root of how many were at risk",
    "peto": "departures weigh the share still there (Peto and Peto)",
    "fleming-harrington": "departures weigh S(t−)^p (1 − S(t−))^q",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LogRank:
    """Observed and expected departures by group, and the test that all groups leave at the same pace.

    `statistic` is χ² with `degrees` of freedom when they do, `p` how often it would be this large then.
    """

    groups: tuple[Any, ...]
    customers: NDArray[np.int64]
    observed: NDArray[np.int64]
    expected: NDArray[np.float64]
    score: NDArray[np.float64]
    variance: NDArray[np.float64]
    statistic: float
    degrees: int
    p: float
    weights: str
    by: str
    notes: tuple[str, ...] = ()

    def table(self) -> pa.Table:
        """An Arrow table: group, customers, observed, expected, observed over expected."""
        import pyarrow as pa

        expected = np.where(self.expected > 0, self.expected, np.nan)
        return pa.table({
            self.by: pa.array(list(self.groups)), "customers": self.customers, "observed": self.observed,
            "expected": self.expected, "ratio": pa.array(self.observed / expected, from_pandas=True),
        })  # fmt: skip

    def chart(self, **choices: Any) -> Any:
        """Observed over expected departures by group; needs `pip install tenure[chart]`."""
        from tenure.survival.drawing import departures

        return departures(self, **choices)

    def sentence(self) -> str:
        """The result in words."""
        said = "leave at different paces" if self.p < 0.05 else "may well leave at the same pace"
        return (
            f"The {len(self.groups)} groups of {self.by} {said}: "
            f"χ² = {self.statistic:.2f} with {self.degrees} degrees of freedom, p {_p(self.p)}."
        )

    def _repr_html_(self) -> str:
        lines = "".join(
            f"<tr><th>{escape(str(g))}</th><td>{n:,}</td><td>{o:,}</td><td>{e:,.1f}</td></tr>"
            for g, n, o, e in zip(self.groups, self.customers, self.observed, self.expected, strict=True)
        )
        head = "<tr><th></th><th>customers</th><th>left</th><th>expected to, at one pace</th></tr>"
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        listed = f"<ul>{notes}</ul>" if notes else ""
        words = f"<p>{escape(self.sentence())} {escape(WEIGHTS[self.weights].capitalize())}.</p>"
        return f'<div class="tenure">{words}<table>{head}{lines}</table>{listed}</div>'

    def __repr__(self) -> str:
        return f"<LogRank: {self.sentence()}>"


def log_rank(
    data: Any = None,
    *,
    duration: Any,
    event: Any,
    by: Any,
    strata: Any = None,
    weights: str = "log-rank",
    power: tuple[float, float] = (1.0, 0.0),
    unit: str = "month",
) -> LogRank:
    """Do the groups of `by` leave at the same pace?

    At each time with departures, the number from each group is compared with its share of those at risk; the sum
    of the differences Z has the hypergeometric variance V, and ZᵀV⁻Z is χ² with one degree of freedom less than
    groups (Mantel 1966; Peto and Peto 1972). `strata` adds the differences up within each stratum. `weights` are
    named in WEIGHTS; `power` is (p, q) for "fleming-harrington". Raises a TenureError.
    """
    if weights not in WEIGHTS:
        raise UnknownChoice(name="weights", value=weights, choices=", ".join(WEIGHTS))
    followed = read_followed(data, duration=duration, event=event, unit=unit)
    groups, codes = groups_of(followed.values(by, name="by"))
    if len(groups) < 2:
        raise OneGroup(count=f"{len(codes):,}", group=groups[0])
    if not followed.left.any():
        raise NobodyLeft(count=f"{len(codes):,}", column=followed.event)
    layers = None if strata is None else groups_of(followed.values(strata, name="strata"))[1]
    observed, expected, score, variance = _compared(followed, codes, len(groups), layers, weights, power)
    statistic, degrees = _quadratic(score, variance)
    return LogRank(
        tuple(groups), np.bincount(codes, minlength=len(groups)), observed, expected, score, variance, statistic,
        degrees, _chance(statistic, degrees), weights, by if isinstance(by, str) else "group", followed.notes,
    )  # fmt: skip


def _compared(
    followed: Followed,
    codes: NDArray[np.int64],
    count: int,
    layers: NDArray[np.int64] | None,
    weights: str,
    power: tuple[float, float],
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    from tenure._kernels.surviving import compare_groups

    observed, expected, score = np.zeros(count, np.int64), np.zeros(count), np.zeros(count)
    variance = np.zeros((count, count))
    order = np.argsort(followed.times, kind="stable")
    if layers is not None:
        order = order[np.argsort(layers[order], kind="stable")]
    sizes = np.array([len(codes)]) if layers is None else np.bincount(layers)
    for rows in np.split(order, np.cumsum(sizes)[:-1]):
        at_risk = np.bincount(codes[rows], minlength=count).astype(np.int64)
        compare_groups(
            followed.times[rows], followed.left[rows], codes[rows], list(WEIGHTS).index(weights),
            np.array(power, float), at_risk, observed, expected, score, variance,
        )  # fmt: skip
    return observed, expected, score, variance + np.triu(variance, 1).T


def _quadratic(score: NDArray[np.float64], variance: NDArray[np.float64]) -> tuple[float, int]:
    """ZᵀV⁻Z with the rank of V as degrees of freedom: groups nobody of whom was ever at risk of leaving drop out."""
    if not variance.any():
        return 0.0, 0
    values, vectors = np.linalg.eigh(variance)
    some = values > values.max() * 1e-10
    along = score @ vectors[:, some]
    return float(np.sum(along**2 / values[some])), int(some.sum())


def _chance(statistic: float, degrees: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(degrees, statistic)) if degrees else 1.0


def _p(p: float) -> str:
    return "below 0.0001" if p < 0.0001 else f"= {p:.4f}"

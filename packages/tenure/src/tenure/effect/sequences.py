"""Looking every day: intervals that hold at all looks together, so that one may stop when one has seen enough."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.effect.columns import moments
from tenure.effect.errors import TooFewToCompare, WhenUnknown
from tenure.effect.estimates import checked_level
from tenure.effect.evidence import EVIDENCE, Evidence
from tenure.effect.means import adjusted_means
from tenure.effect.reading import Unwanted
from tenure.effect.trials import Trial, read_trial
from tenure.pages import page

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_LOOKS: Final = 200
_MOST_FITS: Final = 60  # looks with covariates, each of which is a regression
_FEWEST_EACH: Final = 20
_FEWEST_TELLING: Final = 10  # outcomes other than 0: before, an amount's spread is not known at all


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Watch:
    """The effect of one arm after each look: `n` customers so far, `value` with `low` and `high`, all together 95 %.

    At the last look the value is the experiment's own; the interval, of all looks so far together, is wider, which is
    the price of looking. Once it has left out zero it never takes it back.
    `moment` is when the nth customer's outcome came (µs UTC), where times were given.
    """

    arm: str
    control: str
    outcome: str
    n: NDArray[np.int64]
    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    moment: NDArray[np.int64] | None
    planned: int
    is_share: bool
    currency: str | None
    level: float
    notes: tuple[str, ...] = ()
    evidence: Final[Evidence] = "randomised"

    @property
    def now(self) -> tuple[float, float, float]:
        """The value at the last look and its ends."""
        return float(self.value[-1]), float(self.low[-1]), float(self.high[-1])

    @property
    def settled_after(self) -> int | None:
        """After how many customers the interval first left out zero: one may stop there. None: not yet."""
        settled = np.flatnonzero((self.low > 0) | (self.high < 0))
        return int(self.n[settled[0]]) if len(settled) else None

    @property
    def sentence(self) -> str:
        """May one stop?"""
        value, low, high = (self._said(figure) for figure in self.now)
        so_far = f"After {self.n[-1]:,} customers {self.arm} changes “{self.outcome}” by {value} ({low} to {high})."
        if self.settled_after is None:
            return f"{so_far} It is not settled yet: keep going. Looking as often as you like does no harm here."
        return (
            f"{so_far} It was settled after {self.settled_after:,} customers, and stopping then or now is fair: this "
            f"interval allows for having looked all the time."
        )

    def table(self) -> pa.Table:
        """A line per look: n, (time,) value, low, high."""
        import pyarrow as pa

        columns: dict[str, Any] = {"n": self.n}
        if self.moment is not None:
            columns["time"] = pa.array(self.moment.view("datetime64[us]"), pa.timestamp("us", "UTC"))
        return pa.table({**columns, "value": self.value, "low": self.low, "high": self.high})

    def chart(self, **choices: Any) -> Any:
        """The value over the looks with its band; needs `pip install tenure[chart]`."""
        from tenure.effect import drawing

        rows = [
            {"at": int(n), "value": float(value), "low": float(low), "high": float(high)}
            for n, value, low, high in zip(self.n, self.value, self.low, self.high, strict=True)
        ]
        choices.setdefault("title", f"Effect of {self.arm} on “{self.outcome}”, looked at all along")
        later = len(self.n) // 10
        within = float(self.low[later]), float(self.high[later])
        note = f"band: holds at all looks together with {self.level:.0%}"
        return drawing.band(
            rows[:: max(1, len(rows) // _MOST_LOOKS)], x="customers so far", y="effect", percent=self.is_share,
            note=note, within=within if within[0] < within[1] else None, **choices,
        )  # fmt: skip

    def _repr_html_(self) -> str:
        places = np.unique(np.linspace(0, len(self.n) - 1, 10).astype(int))
        body = [
            [f"{n:,.0f}", self._said(value), f"{self._said(low)} to {self._said(high)}"]
            for n, value, low, high in np.column_stack((self.n, self.value, self.low, self.high))[places].tolist()
        ]
        head = ("customers", "effect", f"{self.level:.0%} at all looks together")
        meant = f"Evidence: {self.evidence}. {EVIDENCE[self.evidence].capitalize()}."
        return page(self.sentence, head, body, notes=(meant, *self.notes))

    def __repr__(self) -> str:
        return f"<Watch: {self.sentence}>"

    def _said(self, figure: float) -> str:
        from tenure.effect import drawing

        return drawing.figure(figure, "%" if self.is_share else self.currency or "")


def watch(
    data: Any = None,
    *,
    arm: Any,
    outcome: Any,
    planned: int,
    at: Any = None,
    customer: Any = None,
    control: str | None = None,
    treated: str | None = None,
    shares: Mapping[str, float] | None = None,
    covariates: Sequence[str] | Mapping[str, Any] = (),
    covariates_at: Any = None,
    assigned_at: Any = None,
    exposed_at: Any = None,
    late: Unwanted = "refuse",
    in_two_arms: Unwanted = "refuse",
    currency: str | None = None,
    first_look: int = 100,
    most_looks: int | None = _MOST_LOOKS,
    zone: str = "UTC",
    level: float = 0.95,
) -> Watch:
    """An asymptotic confidence sequence for one arm's effect: look as often as you like, stop when you like.

    `planned` is about how many customers there will be in all; the intervals are tightest there. Say the same number
    at every look: it must not follow from what was seen. `at` is when each outcome became known (left out: the order
    of the rows). From `first_look` customers on, the value ± σ̂·√(2(nρ²+1)/(n²ρ²)·log(√(nρ²+1)/α)), where σ̂²/n is the
    estimate's variance: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and
    asymptotic confidence sequences", Annals of Statistics 52 (2024), Theorem 2.2, for an asymptotically linear
    estimator. Clusters are not offered: hand over one row per cluster.
    """
    checked_level(level)
    trial = read_trial(
        data, arm=arm, outcome=outcome, customer=customer, control=control, arms=None if treated is None else [treated],
        shares=shares, covariates=covariates, covariates_at=covariates_at, assigned_at=assigned_at,
        exposed_at=exposed_at, late=late, in_two_arms=in_two_arms, currency=currency, zone=zone,
    )  # fmt: skip
    if len(trial.arms) > 2:
        from tenure.effect.errors import WhichArm

        raise WhichArm(arms=", ".join(trial.arms[1:]))
    trial, moment, note = _in_order(trial, data, at, zone=zone)
    is_adjusted = bool(trial.covariates.names)
    looks = _looks(trial, first_look, _MOST_FITS if is_adjusted else most_looks)
    value, variance = _adjusted_path(trial, looks) if is_adjusted else _plain_path(trial, looks)
    reach = np.sqrt(variance * looks) * boundary(looks, planned=planned, alpha=1 - level)
    low, high = np.maximum.accumulate(value - reach), np.minimum.accumulate(value + reach)
    if trial.is_share:
        low, high = np.maximum(low, -1), np.minimum(high, 1)
    if not low[-1] <= value[-1] <= high[-1]:
        note.append("Earlier and later customers disagree: the effect, or who enters, seems to have changed meanwhile.")
    return Watch(
        trial.arms[1], trial.arms[0], trial.name, looks, value, low, high,
        None if moment is None else moment[looks - 1], planned, trial.is_share, trial.currency, level,
        (*trial.notes, *note),
    )  # fmt: skip


def boundary(n: NDArray[np.int64], *, planned: int, alpha: float) -> NDArray[np.float64]:
    """The half-width for σ = 1 after n customers: √(2(nρ²+1)/(n²ρ²)·log(√(nρ²+1)/α)).

    ρ² = (−2 log α + log(1 − 2 log α))/planned makes it tightest about there (the paper's appendix on choosing ρ).
    """
    rho2 = (-2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha))) / max(1, planned)
    scaled = n * rho2 + 1
    return np.sqrt(2 * scaled / (n.astype(float) ** 2 * rho2) * np.log(np.sqrt(scaled) / alpha))


def _in_order(trial: Trial, data: Any, at: Any, *, zone: str) -> tuple[Trial, NDArray[np.int64] | None, list[str]]:
    """The trial in the order in which outcomes became known."""
    if at is None:
        return trial, None, ["The rows were taken to be in the order in which their outcomes came; if not, give at=…"]
    from tenure.effect.columns import values_of
    from tenure.inputs import as_frame

    moment, is_known = moments(values_of(None if data is None else as_frame(data), at), zone=zone)
    moment, is_known = moment[trial.rows], is_known[trial.rows]
    if not is_known.all():
        raise WhenUnknown(count=f"{int((~is_known).sum()):,}")
    order = np.argsort(moment, kind="stable")
    known = replace(trial.covariates, matrix=trial.covariates.matrix[order])
    ordered = replace(
        trial, arm=trial.arm[order], outcome=trial.outcome[order], rows=trial.rows[order], covariates=known
    )
    return ordered, moment[order], []


def _looks(trial: Trial, first: int, most: int | None) -> NDArray[np.int64]:
    """From the first look on, once each arm has enough to know its spread; all of them or evenly thinned."""
    columns = trial.covariates.matrix.shape[1]
    needed = _FEWEST_EACH + columns
    each = np.minimum(*(np.cumsum(trial.arm == place) for place in (0, 1)))
    telling = (trial.outcome != 0) | (trial.is_share and not columns)
    told = np.minimum(*(np.cumsum(telling & (trial.arm == place)) for place in (0, 1)))
    enough = np.flatnonzero((each >= needed) & (told >= _FEWEST_TELLING))
    if not len(enough):
        place = int(trial.size(1) < trial.size(0))
        why = f" to begin looking, {_FEWEST_TELLING} of them not 0"
        raise TooFewToCompare(arm=trial.arms[place], count=trial.size(place), noun="customers", needed=needed, why=why)
    begin = min(max(first, int(enough[0]) + 1), len(trial.arm))
    count = len(trial.arm) - begin + 1
    return np.unique(np.linspace(begin, len(trial.arm), count if most is None else min(count, most)).astype(np.int64))


def _plain_path(trial: Trial, looks: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Difference of means and its variance at each look, from running sums of values around a fixed centre.

    The spread of a share is taken one retained and one lost customer nearer to a half, so that nobody retained yet
    does not pass for certainty.
    """
    means, variances = [], []
    centred = trial.outcome - (0.0 if trial.is_share else trial.outcome[: looks[0]].mean())
    for place in (0, 1):
        member = trial.arm == place
        n = np.cumsum(member)[looks - 1].astype(float)
        total = np.cumsum(np.where(member, centred, 0))[looks - 1]
        squares = np.cumsum(np.where(member, centred**2, 0))[looks - 1]
        means.append(total / n)
        if trial.is_share:
            share = (total + 1) / (n + 2)
            variances.append(share * (1 - share) / n)
        else:
            variances.append(np.maximum(0, squares - total**2 / n) / (n - 1) / n)
    return means[1] - means[0], variances[0] + variances[1]


def _adjusted_path(trial: Trial, looks: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The adjusted difference of the first n customers, for each look n."""
    found = []
    for n in looks:
        known = replace(trial.covariates, matrix=trial.covariates.matrix[:n])
        so_far = replace(trial, arm=trial.arm[:n], outcome=trial.outcome[:n], rows=trial.rows[:n], covariates=known)
        difference = adjusted_means(so_far).difference(1, level=0.95, method="")
        found.append((difference.value, difference.se**2))
    value, variance = np.array(found).T
    return value, variance

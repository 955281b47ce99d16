"""What an experiment shows: everybody counted in the arm that chance gave them, whatever became of them there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np

from tenure.effect.estimates import Estimate, checked_level, holm, share_difference, share_lift
from tenure.effect.means import Means, Slopes, adjusted_means, plain_means
from tenure.effect.reading import Unwanted
from tenure.effect.results import ArmOutcome, Comparison, Experiment
from tenure.effect.trials import Trial, read_trial
from tenure.intervals import wilson

_WORSE: Final = 4.0  # times the plain variance, beyond which adjusting does harm; it ought to make it smaller


def experiment(
    data: Any = None,
    *,
    arm: Any,
    outcome: Any,
    customer: Any = None,
    control: str | None = None,
    arms: Sequence[str] | None = None,
    shares: Mapping[str, float] | None = None,
    cluster: Any = None,
    assigned_by: Literal["customer", "cluster"] | None = None,
    covariates: Sequence[str] | Mapping[str, Any] = (),
    covariates_at: Any = None,
    slopes: Slopes = "own",
    assigned_at: Any = None,
    exposed_at: Any = None,
    late: Unwanted = "refuse",
    in_two_arms: Unwanted = "refuse",
    currency: str | None = None,
    zone: str = "UTC",
    level: float = 0.95,
) -> Experiment:
    """Intent to treat: each arm against the control, by the arm assigned and not by what was received.

    `outcome` is true or false (1, 0) for a share, or an amount (with `currency` where it is money). `shares` are the
    arms' meant sizes: when the real ones do not fit (p < .001) no result is shown. `cluster` names what belongs
    together (companies): assigned as a whole unless `assigned_by="customer"`, with cluster-robust intervals.
    `covariates`, known before the assignment (`covariates_at` is checked), make the comparison more precise (CUPED);
    the plain and the adjusted effect are both kept. Rows without an outcome are counted in `notes`, and refused when
    one arm lacks more than another. Shares: Newcombe's interval; amounts, clusters and adjusted effects: Welch's t.
    Relative lift: the delta method on the logarithm for shares, Fieller's for the rest. Several arms: Holm's p.
    """
    checked_level(level)
    trial = read_trial(
        data, arm=arm, outcome=outcome, customer=customer, control=control, arms=arms, shares=shares, cluster=cluster,
        assigned_by=assigned_by, covariates=covariates, covariates_at=covariates_at, assigned_at=assigned_at,
        exposed_at=exposed_at, late=late, in_two_arms=in_two_arms, currency=currency, zone=zone,
    )  # fmt: skip
    return judged(trial, level=level, slopes=slopes)


def judged(trial: Trial, *, level: float = 0.95, slopes: Slopes = "own") -> Experiment:
    """The result of a trial that was already read."""
    is_plain_share = trial.is_share and trial.cluster is None
    plain = None if is_plain_share else plain_means(trial)
    adjusted, without = _adjusted(trial, slopes=slopes)
    places = range(1, len(trial.arms))
    compared = [_compared(trial, place, plain, adjusted, level=level) for place in places]
    corrected = holm([found.best.p for found in compared])
    told = tuple(found.with_holm(p) for found, p in zip(compared, corrected, strict=True))
    return Experiment(
        trial.name, tuple(_arm_outcome(trial, place, plain, level) for place in range(len(trial.arms))), told,
        trial.ratio, trial.is_share, trial.currency, level,
        None if adjusted is None else adjusted.rho2, () if adjusted is None else trial.covariates.names,
        (*trial.notes, *without, *_cautions(trial)),
    )  # fmt: skip


def _adjusted(trial: Trial, *, slopes: Slopes) -> tuple[Means | None, list[str]]:
    """The means at equal covariates; left out, with a note, where a few extreme covariates would decide everything."""
    if not trial.covariates.names:
        return None, []
    found, plain = adjusted_means(trial, slopes=slopes), plain_means(trial)
    if np.trace(found.covariance) <= _WORSE * np.trace(plain.covariance):
        return found, []
    names = ", ".join(trial.covariates.names)
    return None, [
        f"Not adjusted for {names}: a few extreme values in it would make the comparison less precise, not more. "
        "Hand over its logarithm or its rank."
    ]


def _compared(trial: Trial, place: int, plain: Means | None, adjusted: Means | None, *, level: float) -> Comparison:
    if plain is None:
        hits, sizes = _counts(trial, place)
        difference = share_difference(hits, sizes, level=level)
        lift = share_lift(hits, sizes, level=level)
    else:
        difference = plain.difference(place, level=level, method=_method(trial))
        lift = plain.lift(place, level=level)
    better: tuple[Estimate, Estimate] | tuple[None, None] = (None, None)
    if adjusted is not None:
        better = (
            adjusted.difference(place, level=level, method="adjusted, " + _method(trial)),
            adjusted.lift(place, level=level),
        )
    return Comparison(trial.arms[place], trial.arms[0], difference, lift, *better, difference.p)


def _counts(trial: Trial, place: int) -> tuple[tuple[int, int], tuple[int, int]]:
    from tenure.effect.errors import TooFewToCompare

    hits, sizes = [], []
    for one in (0, place):
        members = trial.arm == one
        hits.append(int(trial.outcome[members].sum()))
        sizes.append(int(members.sum()))
        if not sizes[-1]:
            raise TooFewToCompare(arm=trial.arms[one], count=0, noun="customers", needed=1, why="")
    return (hits[0], hits[1]), (sizes[0], sizes[1])


def _method(trial: Trial) -> str:
    return "Welch's t" if trial.cluster is None else "cluster-robust t"


def _arm_outcome(trial: Trial, place: int, plain: Means | None, level: float) -> ArmOutcome:
    members = trial.arm == place
    n, mean = int(members.sum()), float(trial.outcome[members].mean())
    if plain is None:
        low, high = (float(end) for end in wilson(trial.outcome[members].sum(), n, level=level))
    else:
        from tenure.effect.estimates import interval_of

        se = float(np.sqrt(plain.covariance[place, place]))
        found = interval_of(mean, se=se, freedom=float(plain.freedom[place]), level=level, method="")
        low, high = found.low, found.high
    return ArmOutcome(trial.arms[place], trial.assigned[place], n, trial.units(place), mean, low, high)


def _cautions(trial: Trial) -> list[str]:
    notes = []
    if trial.cluster is not None and min(trial.units(place) for place in range(len(trial.arms))) < 10:
        notes.append("An arm has fewer than 10 clusters: its interval rests on few and is only roughly right.")
    if trial.is_share and trial.cluster is None:
        fewest = min(trial.size(place) for place in range(len(trial.arms)))
        if fewest < 20:
            notes.append(f"The smallest arm has {fewest} customers: almost anything fits so few.")
    return notes

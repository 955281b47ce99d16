"""A trial as it was run: one row per customer with an arm and an outcome, and what had to be left out, said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tenure.effect.columns import coded, name_of, numbers, values_of
from tenure.effect.covariates import Covariates, read_covariates
from tenure.effect.errors import (
    CurrenciesMixed,
    NoSuchArm,
    OneArm,
    OutcomeConstant,
    OutcomesMissUnevenly,
    WhichControl,
)
from tenure.effect.ratio import BLOCKS_BELOW, RatioTest, sample_ratio
from tenure.effect.reading import (
    Ids,
    Reading,
    Unwanted,
    before_exposure,
    clusters,
    covariates_before,
    customers,
    one_arm_each,
    one_row_each,
)
from tenure.errors import NoFactsLeft, NothingToRead, UnknownChoice
from tenure.inputs import as_frame

_LIKELY_CONTROLS: Final = ("control", "holdout", "held out", "held_out", "heldout")


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """`arm[n]` are codes into `arms`, the control first; `outcome[n]` has no gaps.

    `cluster[n]` are codes of what was assigned as a whole (companies), each within one arm; with
    `clusters_straddle` customers were assigned singly and only belong together.
    """

    arms: tuple[str, ...]
    arm: NDArray[np.int64]
    outcome: NDArray[np.float64]
    name: str
    is_share: bool
    ratio: RatioTest
    assigned: tuple[int, ...]
    rows: NDArray[np.int64]  # the input's row of each
    covariates: Covariates
    cluster: NDArray[np.int64] | None = None
    clusters_straddle: bool = False
    currency: str | None = None
    notes: tuple[str, ...] = ()

    def size(self, place: int) -> int:
        return int((self.arm == place).sum())

    def units(self, place: int) -> int:
        """Customers of an arm, or clusters where those belong together."""
        members = self.arm == place
        return int(members.sum()) if self.cluster is None else len(np.unique(self.cluster[members]))


def read_trial(
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
    assigned_at: Any = None,
    exposed_at: Any = None,
    late: Unwanted = "refuse",
    in_two_arms: Unwanted = "refuse",
    currency: str | None = None,
    zone: str = "UTC",
) -> Trial:
    """Read and check a trial; whatever makes the comparison unfair is refused by name, never smoothed over."""
    _checked_choices(late=late, in_two_arms=in_two_arms)
    frame = None if data is None else as_frame(data)
    codes, labels = coded(values_of(frame, arm))
    reading = Reading(frame, len(codes), np.ones(len(codes), bool), [])
    reading.leave_out(codes < 0, "have no arm")
    names = _ordered(labels, codes[reading.kept], control=control, arms=arms)
    codes = _recoded(codes, labels, names)
    reading.leave_out(codes < 0, f"are in an arm other than {', '.join(names)}")
    ids = customers(reading, customer)
    one_arm_each(reading, ids, codes, choice=in_two_arms, noun="customers")
    before_exposure(reading, ids, assigned_at, exposed_at, choice=late, zone=zone)
    covariates_before(reading, ids, covariates_at, assigned_at, exposed_at, zone=zone)
    name = name_of(outcome, "outcome")
    measured = numbers(reading.values(outcome, "outcome"), column=name)
    one_row_each(reading, ids, measured)
    groups = clusters(reading, cluster)
    by_cluster = groups is not None and assigned_by != "customer"
    if by_cluster:
        one_arm_each(reading, groups, codes, choice=in_two_arms, noun="clusters")
    ratio = _ratio(
        reading, codes, names, shares if arms is None else _of_these(shares, names), groups if by_cluster else None
    )
    assigned = _sizes(codes[reading.kept], names)
    _with_outcome(reading, measured, codes, names, blocks=not by_cluster)
    kept, currency = reading.kept, _one_currency(reading, currency)
    is_share = currency is None and bool(np.isin(measured[kept], (0, 1)).all())
    if np.ptp(measured[kept]) == 0 and not (is_share and groups is None and not covariates):
        raise OutcomeConstant(value=f"{measured[kept][0]:g}", column=name)
    known = read_covariates(frame, covariates, rows=reading.count, kept=kept)
    if covariates and covariates_at is None:
        reading.notes.append("Whether the covariates are from before the assignment was not checked: no covariates_at.")
    belongs = None if groups is None else np.unique(groups[0][kept], return_inverse=True)[1].astype(np.int64)
    return Trial(
        names, codes[kept], measured[kept], name, is_share, ratio, assigned, np.flatnonzero(kept), known, belongs,
        groups is not None and not by_cluster, currency, (*reading.notes, *known.notes),
    )  # fmt: skip


def _checked_choices(**choices: str) -> None:
    for name, choice in choices.items():
        if choice not in ("refuse", "leave out"):
            raise UnknownChoice(name=name, value=choice, choices="refuse, leave out")


def _ordered(
    labels: list[Any], codes: NDArray[np.int64], *, control: str | None, arms: Sequence[str] | None
) -> tuple[str, ...]:
    """The arms, the control first and the others in order of their names."""
    present = [str(labels[code]) for code in np.unique(codes)]
    control = None if control is None else str(control)  # an arm may be told by yes and no, or by numbers
    arms = None if arms is None else [str(name) for name in arms]
    if not present:
        raise NothingToRead
    if len(present) == 1:
        raise OneArm(arm=present[0])
    for name in (*(arms or ()), *((control,) if control else ())):
        if name not in present:
            raise NoSuchArm(arm=name, arms=", ".join(sorted(present)))
    first = control or next((name for name in present if name.lower() in _LIKELY_CONTROLS), None)
    if first is None:
        raise WhichControl(arms=", ".join(sorted(present)))
    others = arms if arms is not None else sorted(present)
    return first, *(name for name in others if name != first)


def _recoded(codes: NDArray[np.int64], labels: list[Any], names: tuple[str, ...]) -> NDArray[np.int64]:
    places = {name: place for place, name in enumerate(names)}
    table = np.array([places.get(str(label), -1) for label in labels] + [-1], np.int64)
    return table[codes]


def _ratio(
    reading: Reading,
    arm: NDArray[np.int64],
    names: tuple[str, ...],
    shares: Mapping[str, float] | None,
    groups: Ids | None,
) -> RatioTest:
    """Of what was assigned: customers, or whole clusters. An arm that was meant to be and has nobody counts as well."""
    kept, noun = reading.kept, "customers"
    members = arm[kept]
    if groups is not None:
        members, noun = members[np.unique(groups[0][kept], return_index=True)[1]], "clusters"
    counts = dict(zip(names, _sizes(members, names), strict=True))
    if shares is None:
        reading.notes.append("The arms were taken to have been meant equally big; if not, give shares=…")
    ratio = sample_ratio(counts, shares=shares, noun=noun)
    ratio.refuse_when_off()
    return ratio


def _sizes(arm: NDArray[np.int64], names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(np.bincount(arm, minlength=len(names)).tolist())


def _of_these(shares: Mapping[str, float] | None, names: tuple[str, ...]) -> dict[str, float] | None:
    """Arms that were chosen not to be compared leave their share to the rest."""
    if shares is None:
        return None
    missing = next((name for name in names if name not in shares), None)
    if missing is not None:
        raise NoSuchArm(arm=missing, arms=", ".join(shares))
    whole = sum(shares[name] for name in names)
    return {name: shares[name] / whole for name in names}


def _with_outcome(
    reading: Reading, outcome: NDArray[np.float64], arm: NDArray[np.int64], names: tuple[str, ...], *, blocks: bool
) -> None:
    """Leave out who has no outcome, unless that happens to one arm more than to another."""
    missing = np.isnan(outcome)
    if not (missing & reading.kept).any():
        return
    if missing[reading.kept].all():
        raise NoFactsLeft(count=f"{reading.count:,}", why="nobody has an outcome")
    assigned = np.array(_sizes(arm[reading.kept], names))
    lost = np.array(_sizes(arm[reading.kept & missing], names))
    told = ", ".join(f"{name} {n:,}" for name, n in zip(names, lost, strict=True))
    chi2, p = _independence(lost, assigned)
    if blocks and p < BLOCKS_BELOW:
        known = RatioTest(names, tuple(assigned - lost), tuple(assigned), chi2, p)
        raise OutcomesMissUnevenly(counts=known.told(known.counts), assigned=known.told(known.expected), chi2=chi2, p=p)
    alike = "no more in one arm than chance explains" if p >= BLOCKS_BELOW else "unevenly, which may bend the result"
    reading.leave_out(missing, f"have no outcome ({told}: {alike}, p = {p:.2g})")


def _independence(lost: NDArray[np.int64], assigned: NDArray[np.int64]) -> tuple[float, float]:
    """Chi-square of missing against known outcomes by arm."""
    from scipy.stats import chi2 as distribution

    share = lost.sum() / assigned.sum()
    if share in (0, 1):
        return 0.0, 1.0
    statistic = float(((lost - assigned * share) ** 2 / (assigned * share * (1 - share))).sum())
    return statistic, float(distribution.sf(statistic, len(assigned) - 1))


def _one_currency(reading: Reading, currency: str | None) -> str | None:
    """A code such as EUR, or the name of a column of codes, which must then all be the same."""
    if currency is None or reading.frame is None or currency not in reading.frame.columns:
        return currency
    codes, labels = coded(reading.values(currency, "currency"))
    found = sorted({str(labels[code]) for code in np.unique(codes[reading.kept]) if code >= 0})
    if len(found) != 1:
        raise CurrenciesMixed(currencies=" and ".join(found) or "no currency")
    return found[0]

"""What makes a comparison unfair, looked for row by row: contamination, repetition, lateness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tenure.effect.columns import coded, moments, values_of
from tenure.effect.errors import AssignedAfterExposure, CovariateTooLate, CustomerTwice, InTwoArms
from tenure.errors import LengthsDiffer, UnknownChoice

Unwanted = Literal["refuse", "leave out"]
Ids = tuple[NDArray[np.int64], list[Any]]  # each row's code, and the labels the codes stand for


@dataclass(slots=True, eq=False)
class Reading:
    """The rows still in, while a trial is read."""

    frame: Any
    count: int
    kept: NDArray[np.bool_]
    notes: list[str]

    def values(self, given: Any, name: str) -> Any:
        found = values_of(self.frame, given)
        if len(found) != self.count:
            raise LengthsDiffer(left=name, left_length=len(found), right="arm", right_length=self.count)
        return found

    def leave_out(self, which: NDArray[np.bool_], why: str) -> None:
        gone = int((which & self.kept).sum())
        if gone:
            self.notes.append(f"{gone:,} of {self.count:,} rows {why} and were left out.")
            self.kept &= ~which


def customers(reading: Reading, customer: Any) -> Ids | None:
    """Each row's customer; None where rows are taken as customers."""
    if customer is None:
        reading.notes.append("No customer column was named: each row counts as a customer of its own.")
        return None
    codes, labels = coded(reading.values(customer, "customer"))
    reading.leave_out(codes < 0, "have no customer")
    return codes, labels


def one_arm_each(reading: Reading, ids: Ids | None, arm: NDArray[np.int64], *, choice: Unwanted, noun: str) -> None:
    """Contamination: somebody both treated and held out."""
    if ids is None:
        return
    codes, labels = ids
    kept = reading.kept
    pairs = np.unique(np.column_stack((codes[kept], arm[kept])), axis=0)[:, 0]
    people, arms_of = np.unique(pairs, return_counts=True)
    both = people[arms_of > 1]
    if not len(both):
        return
    if choice == "refuse":
        raise InTwoArms(count=f"{len(both):,}", noun=noun, examples=_examples(both, labels))
    reading.leave_out(np.isin(codes, both), f"belong to {len(both):,} {noun} in more than one arm")


def one_row_each(reading: Reading, ids: Ids | None, outcome: NDArray[np.float64]) -> None:
    """The same customer said twice alike counts once; said differently is a question for whoever asks."""
    if ids is None:
        return
    codes, labels = ids
    rows = np.flatnonzero(reading.kept)
    rows = rows[np.argsort(codes[rows], kind="stable")]
    again = np.r_[False, codes[rows][1:] == codes[rows][:-1]]
    if not again.any():
        return
    before = outcome[rows][np.flatnonzero(again) - 1]
    here = outcome[rows][again]
    differ = (here != before) & ~(np.isnan(here) & np.isnan(before))
    if differ.any():
        unlike = np.unique(codes[rows][again][differ])
        raise CustomerTwice(count=f"{len(unlike):,}", examples=_examples(unlike, labels))
    repeated = np.zeros(reading.count, bool)
    repeated[rows[again]] = True
    reading.leave_out(repeated, "repeat a customer with the same arm and outcome")


def before_exposure(
    reading: Reading, ids: Ids | None, assigned_at: Any, exposed_at: Any, *, choice: Unwanted, zone: str
) -> None:
    """Whoever met the treatment before being assigned, or without it, is not compared by chance."""
    if assigned_at is None or exposed_at is None:
        return
    assigned, was_assigned = moments(reading.values(assigned_at, "assigned_at"), zone=zone)
    exposed, was_exposed = moments(reading.values(exposed_at, "exposed_at"), zone=zone)
    too_late = was_exposed & (~was_assigned | (assigned > exposed)) & reading.kept
    if not too_late.any():
        return
    if choice == "refuse":
        raise AssignedAfterExposure(count=f"{int(too_late.sum()):,}", examples=_rows_named(ids, too_late))
    reading.leave_out(too_late, "were assigned only after the first exposure")


def covariates_before(
    reading: Reading, ids: Ids | None, covariates_at: Any, assigned_at: Any, exposed_at: Any, *, zone: str
) -> None:
    """Measured by the assignment, or by the first exposure where no assignment time is given."""
    if covariates_at is None:
        return
    bound = assigned_at if assigned_at is not None else exposed_at
    if bound is None:
        raise UnknownChoice(name="covariates_at", value=covariates_at, choices="with assigned_at=… or exposed_at=…")
    measured, is_known = moments(reading.values(covariates_at, "covariates_at"), zone=zone)
    limit, is_limited = moments(reading.values(bound, "assigned_at"), zone=zone)
    too_late = is_known & is_limited & (measured > limit) & reading.kept
    if too_late.any():
        event = "assignment" if assigned_at is not None else "first exposure"
        raise CovariateTooLate(event=event, count=f"{int(too_late.sum()):,}", examples=_rows_named(ids, too_late))


def clusters(reading: Reading, cluster: Any) -> Ids | None:
    """Codes of the clusters; whoever has none is a cluster of their own."""
    if cluster is None:
        return None
    codes, labels = coded(reading.values(cluster, "cluster"))
    alone = (codes < 0) & reading.kept
    if alone.any():
        reading.notes.append(f"{int(alone.sum()):,} customers belong to no cluster; each counts as one of their own.")
    return np.where(codes < 0, len(labels) + np.arange(len(codes)), codes), labels


def _rows_named(ids: Ids | None, which: NDArray[np.bool_]) -> str:
    if ids is None:
        return ", ".join(f"row {row + 1}" for row in np.flatnonzero(which)[:5])
    return _examples(np.unique(ids[0][which]), ids[1])


def _examples(codes: NDArray[np.int64], labels: list[Any]) -> str:
    return ", ".join(str(labels[code]) for code in codes[:5])

"""Negative controls: the same question asked where the answer must be nothing.

The activity *before* opening cannot come of the answer, and the answer to the *next* conversation cannot have caused
what happened before it. If an effect shows there all the same, the groups differ in something that was not recorded
(Lipsitch, Tchetgen Tchetgen and Cohen, "Negative controls", Epidemiology 21, 2010).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tenure.effect.estimates import Estimate, interval_of
from tenure.effect.observed_covariates import Covariates
from tenure.effect.observed_design import Design, estimated

ControlKind = Literal["outcome", "treatment"]


@dataclass(frozen=True, slots=True, eq=False)
class NegativeControl:
    """What is put in the place of the outcome or the treatment: a column or an array; rows without it are left out.

    `instead` replaces covariates for this check only; None leaves one out: the one that is the control itself.
    """

    name: str
    kind: ControlKind
    values: Any
    instead: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ControlFound:
    """What the control showed: an estimate that ought to be nothing, or why there is none."""

    name: str
    kind: ControlKind
    n: int
    estimate: Estimate | None
    problems: tuple[str, ...] = ()

    @property
    def is_null(self) -> bool:
        """Whether nothing showed, as it should; also true when it could not be asked (see `problems`)."""
        return self.estimate is None or not self.estimate.is_clear

    @property
    def sentence(self) -> str:
        if self.estimate is None:
            return f"The check “{self.name}” could not be made: {'; '.join(self.problems)}."
        found = f"{self.estimate.value:+.3g} ({self.estimate.low:+.3g} to {self.estimate.high:+.3g})"
        if self.is_null:
            return f"The check “{self.name}”, where nothing can be, shows nothing: {found} from {self.n:,} customers."
        return f"The check “{self.name}” shows {found} where nothing can be: the groups differ in something unrecorded."


def activity_before(
    values: Any, *, instead: Mapping[str, Any] | None = None, name: str = "activity in the 30 days before"
) -> NegativeControl:
    """The treatment's effect on what had already happened.

    The same covariates do: if nothing but them decided about the treatment, then among customers alike in them the
    treated had done no more before. One that is the same thing must be left out (`instead={"orders_30_days": None}`).
    """
    return NegativeControl(name, "outcome", values, dict(instead or {}))


def next_treatment(values: Any, *, name: str = "the answer to the next conversation") -> NegativeControl:
    """The effect on the outcome of a treatment that came later; empty where there was no next time."""
    return NegativeControl(name, "treatment", values)


def checked(
    design: Design, control: NegativeControl, *, values: NDArray[np.float64], covariates: Covariates, level: float
) -> ControlFound:
    """Ask the control's question in the same way. `values` are the control's numbers, NaN where it has none.

    A later treatment is adjusted for the treatment itself as well: those once answered quickly often are again.
    """
    known = np.isfinite(values)
    if not known.any():
        return ControlFound(control.name, control.kind, 0, None, ("nobody has it",))
    asked = replace(design, covariates=covariates).rows(known)
    if control.kind == "outcome":
        asked = replace(asked, outcome=values[known])
    else:
        if not np.isin(values[known], (0.0, 1.0)).all():
            return ControlFound(control.name, control.kind, int(known.sum()), None, ("it is not true or false",))
        with_it = _with(asked.covariates, asked.treated.astype(float), "treated")
        asked = replace(asked, treated=values[known] > 0, covariates=with_it, probability=None, estimand="everybody")
    problems = _unaskable(asked)
    if problems:
        return ControlFound(control.name, control.kind, int(known.sum()), None, problems)
    found = estimated(asked)
    if found.score is None:
        return ControlFound(control.name, control.kind, int(known.sum()), None, found.problems)
    estimate = interval_of(
        found.score.value, se=found.score.error, freedom=asked.units - 1, level=level, method="cross-fitted AIPW"
    )
    return ControlFound(control.name, control.kind, int(known.sum()), estimate)


def _with(covariates: Covariates, values: NDArray[np.float64], label: str) -> Covariates:
    if np.ptp(values) == 0:
        return covariates
    return Covariates(
        np.column_stack([covariates.values, values]), (*covariates.labels, label),
        np.r_[covariates.source, len(covariates.names)], (*covariates.names, label), np.r_[covariates.bends, False],
    )  # fmt: skip


def _unaskable(asked: Design) -> tuple[str, ...]:
    if len(asked.treated) < 2 or asked.treated.all() or not asked.treated.any():
        return ("nobody is left to compare with",)
    if np.ptp(asked.outcome) == 0:
        return ("it is the same for everybody",)
    return ()

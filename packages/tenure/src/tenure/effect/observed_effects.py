"""Effects of what nobody drew lots for: like compared with like, or the honest answer that it cannot be.

    from tenure import effect
    answer = effect.observed("first_conversations.parquet", treatment="in_time", outcome="retained",
                             covariates=["tenure_days", "channel", "earlier_conversations"], cluster="company")
    answer.sentence

Cross-fitted augmented inverse probability weighting (doubly robust), repeated over twenty splits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure.effect.columns import coded, name_of, numbers, values_of
from tenure.effect.controls import ControlFound, NegativeControl, checked
from tenure.effect.errors import OneArm, OutcomeConstant
from tenure.effect.estimates import checked_level, interval_of
from tenure.effect.learners import BOOSTED
from tenure.effect.observed_covariates import Covariates, read_covariates, refuse_after_treatment
from tenure.effect.observed_design import Design, Estimation, estimated, naive_difference, without_each
from tenure.effect.observed_errors import NoCovariates, ProbabilityOut, TreatmentUnclear
from tenure.effect.observed_results import Asked, Described, NotIdentifiable, Observed, evidence_of
from tenure.effect.observed_scores import ESTIMANDS, Estimand
from tenure.effect.overlap import LIMITS, Limits
from tenure.effect.sensitivity import benchmarked, sensitivity_of
from tenure.errors import LengthsDiffer, NothingToRead, UnknownChoice
from tenure.floats import one_chunk
from tenure.inputs import as_frame

LEARNERS = ("linear", "splines", "pairs", BOOSTED)


def observed(
    data: Any = None,
    *,
    treatment: Any,
    outcome: Any,
    covariates: Sequence[str] | Mapping[str, Any],
    cluster: Any = None,
    probability: Any = None,
    controls: Sequence[NegativeControl] = (),
    estimand: Estimand = "everybody",
    level: float = 0.95,
    splits: int = 20,
    folds: int = 5,
    seed: int = 0,
    limits: Limits = LIMITS,
    learners: Sequence[str] | None = None,
    benchmarks: bool = True,
    treatment_name: str | None = None,
    outcome_name: str | None = None,
    straight: Sequence[str] = (),
) -> Observed | NotIdentifiable:
    """The effect of a treatment on an outcome, adjusted for what was known before, or why it cannot be said.

    `treatment` is true or false, `outcome` yes/no or a number, `covariates` names of columns (or a mapping of names to
    arrays): numbers, true and false, or words, all known *before* the treatment; resolution times, reopenings,
    satisfaction and the like are refused by name. `cluster` groups rows that go together (a customer asked about
    several times, a company). `probability` is the chance with which each was treated, where it was drawn and logged:
    the evidence is then randomised. `estimand`: the mean effect on everybody, or on the treated.

    Models of treatment and outcome are cross-fitted over `folds`, whole clusters at a time, `splits` times over; the
    estimate is the median, its variance counts how far the splits lie apart (Chernozhukov et al. 2018), its interval
    is Student's with clusters − 1 degrees of freedom. Learners are chosen by cross-validated loss among penalised
    linear or logistic fits on the columns, on natural splines and on products, and from 2,000 rows gradient boosting
    where scikit-learn is installed; `learners` names them instead. `limits` decides when it is not identifiable.
    `straight` names covariates not to bend. Raises a TenureError whose text says what to do.
    """
    _refuse_choices(estimand, splits, folds, learners)
    read = _read(data, treatment, outcome, covariates, cluster, probability, straight)
    design = Design(
        read.treated, read.outcome, read.covariates, read.clusters, limits, estimand=estimand, splits=splits,
        folds=folds, seed=seed, learners=None if learners is None else tuple(learners), probability=read.probability,
    )  # fmt: skip
    asked = Asked(
        treatment_name or name_of(treatment, "treatment"), outcome_name or name_of(outcome, "outcome"), estimand,
        design.is_binary, len(read.treated), int(read.treated.sum()), design.units, read.covariates.names,
        checked_level(level), splits, folds,
    )  # fmt: skip
    found, described = estimated(design), _described(design, level)
    if found.score is None:
        return NotIdentifiable(asked, found.problems, described, found.overlap, found.balance, read.notes)
    checks = tuple(_checked(design, control, read, level) for control in controls)
    return _answer(design, found, asked, described, checks, read.notes, with_benchmarks=benchmarks)


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """The rows that can be used, as arrays, and how to read more columns for the same rows."""

    frame: Any
    kept: NDArray[np.bool_]
    treated: NDArray[np.bool_]
    outcome: NDArray[np.float64]
    columns: Mapping[str, Any]
    covariates: Covariates
    clusters: NDArray[np.int64]
    probability: NDArray[np.float64] | None
    notes: tuple[str, ...]
    straight: tuple[str, ...]

    def numbers(self, given: Any, *, name: str) -> NDArray[np.float64]:
        """Another column as numbers, for the rows in use."""
        values = numbers(values_of(self.frame, given), column=name)
        if len(values) != len(self.kept):
            raise LengthsDiffer(left=name, left_length=len(values), right="the treatment", right_length=len(self.kept))
        return values[self.kept]


def _read(
    data: Any, treatment: Any, outcome: Any, covariates: Any, cluster: Any, probability: Any, straight: Sequence[str]
) -> _Read:
    frame = None if data is None else as_frame(data)
    named = covariates if isinstance(covariates, Mapping) else {name: name for name in covariates}
    refuse_after_treatment(list(named))
    who = _truths(values_of(frame, treatment), column=name_of(treatment, "treatment"))
    what = numbers(_plain_truth(values_of(frame, outcome)), column=name_of(outcome, "outcome"))
    if len(who) == 0:
        raise NothingToRead
    if len(who) != len(what):
        raise LengthsDiffer(left="treatment", left_length=len(who), right="outcome", right_length=len(what))
    kept, notes = np.isfinite(who) & np.isfinite(what), []
    if not kept.all():
        notes.append(f"{int((~kept).sum()):,} of {len(kept):,} rows have no treatment or no outcome and were left out.")
    _refuse_no_contrast(who[kept], what[kept], treatment, outcome)
    columns = {name: one_chunk(values_of(frame, given)) for name, given in named.items()}
    for name, column in columns.items():
        if len(column) != len(kept):
            raise LengthsDiffer(left=name, left_length=len(column), right="the treatment", right_length=len(kept))
    read = read_covariates(_cut(columns, kept), rows=int(kept.sum()), straight=straight)
    chances = None if probability is None else _chances(frame, probability, kept)
    return _Read(
        frame, kept, who[kept] > 0, what[kept], columns, read, _clusters(frame, cluster, kept), chances,
        (*notes, *read.notes), tuple(straight),
    )  # fmt: skip


def _answer(
    design: Design, found: Estimation, asked: Asked, described: Described, controls: tuple[ControlFound, ...],
    notes: tuple[str, ...], *, with_benchmarks: bool,
) -> Observed:  # fmt: skip
    score, overlap, balance = found.score, found.overlap, found.balance
    assert score is not None and overlap is not None and balance is not None
    kept = design.rows(overlap.kept)
    estimate = interval_of(
        score.value, se=score.error, freedom=kept.units - 1, level=asked.level, method="cross-fitted AIPW"
    )
    less = (
        without_each(design, overlap.kept, dict(found.choices)) if with_benchmarks and len(found.choices) == 3 else []
    )
    sensitivity = sensitivity_of(
        score, reach=estimate.high - estimate.value, spread=None if design.is_binary else float(kept.outcome.std()),
        benchmarks=[benchmarked(name, full=full, less=part) for name, full, part in less],
    )  # fmt: skip
    evidence = evidence_of(is_drawn=design.probability is not None, controls=controls)
    said = [*notes, *_notes(design, found, controls)]
    return Observed(
        asked, estimate, score.without, described, evidence, overlap, balance, sensitivity, controls, found.choices,
        score.apart, tuple(said),
    )  # fmt: skip


def _notes(design: Design, found: Estimation, controls: tuple[ControlFound, ...]) -> list[str]:
    notes = [f"Predicted by: {'; '.join(f'{name} by {choice}' for name, choice in found.choices)}."]
    overlap = found.overlap
    if overlap is not None and overlap.left_out:
        notes.append(
            f"{overlap.left_out:,} customers ({overlap.share_left_out:.1%}) have no counterpart in the other group and "
            f"were left out: the estimate is about the others."
        )
    if not any(one.estimate is not None for one in controls):
        notes.append("No negative control could be asked, so a difference that nobody recorded would not be noticed.")
    return notes


def _checked(design: Design, control: NegativeControl, read: _Read, level: float) -> ControlFound:
    values = read.numbers(_plain_truth(values_of(read.frame, control.values)), name=control.name)
    columns = {name: column for name, column in read.columns.items() if name not in control.instead}
    swapped = {
        name: one_chunk(values_of(read.frame, given)) for name, given in control.instead.items() if given is not None
    }
    try:
        covariates = read_covariates(
            _cut({**columns, **swapped}, read.kept), rows=int(read.kept.sum()), straight=read.straight
        )
    except NoCovariates:
        return ControlFound(control.name, control.kind, 0, None, ("no covariate is left to adjust for",))
    return checked(design, control, values=values, covariates=covariates, level=level)


def _described(design: Design, level: float) -> Described:
    value, error, one, other = naive_difference(design)
    return Described(
        one, other, interval_of(value, se=error, freedom=design.units - 1, level=level, method="plain difference")
    )


def _cut(columns: Mapping[str, Any], kept: NDArray[np.bool_]) -> dict[str, Any]:
    import pyarrow as pa

    return {name: column.filter(pa.array(kept)) for name, column in columns.items()}


def _clusters(frame: Any, cluster: Any, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Codes 0…; a row without a cluster is one of its own."""
    if cluster is None:
        return np.arange(int(kept.sum()))
    codes, labels = coded(values_of(frame, cluster))
    if len(codes) != len(kept):
        raise LengthsDiffer(left="cluster", left_length=len(codes), right="the treatment", right_length=len(kept))
    own = np.where(codes < 0, len(labels) + np.arange(len(codes)), codes)[kept]
    return np.unique(own, return_inverse=True)[1].astype(np.int64)


def _chances(frame: Any, probability: Any, kept: NDArray[np.bool_]) -> NDArray[np.float64]:
    chances = numbers(values_of(frame, probability), column=name_of(probability, "probability"))
    if len(chances) != len(kept):
        raise LengthsDiffer(left="probability", left_length=len(chances), right="the treatment", right_length=len(kept))
    bad = np.flatnonzero(kept & ~((chances > 0) & (chances < 1)))
    if len(bad):
        raise ProbabilityOut(row=int(bad[0]) + 1, value=float(chances[bad[0]]))
    return chances[kept]


def _truths(values: Any, *, column: str) -> NDArray[np.float64]:
    """1 and 0, NaN where it is not known."""
    found = numbers(_plain_truth(values), column=column)
    odd = np.unique(found[np.isfinite(found) & ~np.isin(found, (0.0, 1.0))])
    if len(odd):
        raise TreatmentUnclear(column=column, values=", ".join(f"{value:g}" for value in odd[:5]))
    return found


def _plain_truth(values: Any) -> Any:
    """Yes and no, in words, as true and false; anything else is left as it is."""
    import pyarrow as pa

    column = one_chunk(values)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    meanings = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": None}
    words = [None if word is None else word.strip().lower() for word in column.to_pylist()]
    if any(word is not None and word not in meanings for word in words):
        return column
    return pa.array([None if word is None else meanings[word] for word in words], pa.bool_())


def _refuse_no_contrast(who: NDArray[np.float64], what: NDArray[np.float64], treatment: Any, outcome: Any) -> None:
    if len(who) == 0:
        raise NothingToRead
    if who.min() == who.max():
        raise OneArm(arm=f"{name_of(treatment, 'treatment')}: {'yes' if who[0] else 'no'}")
    if np.ptp(what) == 0:
        raise OutcomeConstant(value=f"{what[0]:g}", column=name_of(outcome, "outcome"))


def _refuse_choices(estimand: Estimand, splits: int, folds: int, learners: Sequence[str] | None) -> None:
    if estimand not in ESTIMANDS:
        raise UnknownChoice(name="estimand", value=estimand, choices=", ".join(ESTIMANDS))
    if splits < 1 or not 2 <= folds <= 20:
        raise UnknownChoice(name="splits, folds", value=(splits, folds), choices="1 split or more, 2 to 20 folds")
    for name in learners or ():
        if name not in LEARNERS:
            raise UnknownChoice(name="learners", value=name, choices=", ".join(LEARNERS))
    if learners is not None and not learners:
        raise UnknownChoice(name="learners", value=(), choices=", ".join(LEARNERS))

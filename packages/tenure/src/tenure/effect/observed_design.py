"""From arrays to an estimate or the reasons why there is none: choose learners, cross-fit, judge, weigh."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.effect.learners import BOOSTED, Choice, Form, chosen, crossed
from tenure.effect.observed_covariates import Covariates
from tenure.effect.observed_scores import Estimand, Guesses, Scored, clustered_error, scored
from tenure.effect.overlap import Balance, Limits, Overlap, balance_of, overlap_of
from tenure.effect.splitting import folds_of

_BOOST_FROM: Final = 2_000  # rows from which gradient boosting is worth its time
_BENCHMARK_SPLITS: Final = 3
_MOST_TRIALS, _TRIAL_ROWS = 10, 3_000  # learners for few customers are chosen over more splits


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Who was treated, what came of it, what was known before: arrays of n rows without gaps."""

    treated: NDArray[np.bool_]
    outcome: NDArray[np.float64]
    covariates: Covariates
    clusters: NDArray[np.int64]
    limits: Limits
    estimand: Estimand = "everybody"
    splits: int = 20
    folds: int = 5
    seed: int = 0
    learners: tuple[str, ...] | None = None
    probability: NDArray[np.float64] | None = None

    @property
    def is_binary(self) -> bool:
        """Whether the outcome is yes or no."""
        return bool(np.isin(self.outcome, (0.0, 1.0)).all())

    @property
    def forms(self) -> tuple[str, ...]:
        """The learners to choose among: those asked for, else what fits the size of the data."""
        if self.learners is not None:
            return self.learners
        boosts = len(self.treated) >= _BOOST_FROM and find_spec("sklearn") is not None
        return self.covariates.forms + ((BOOSTED,) if boosts else ())

    @property
    def units(self) -> int:
        """How many clusters: the independent pieces of evidence."""
        return len(np.unique(self.clusters))

    def units_of(self, arm: bool) -> int:
        return len(np.unique(self.clusters[self.treated == arm]))

    def rows(self, keep: NDArray[np.bool_]) -> Design:
        """The same question about some of the rows."""
        probability = None if self.probability is None else self.probability[keep]
        clusters = np.unique(self.clusters[keep], return_inverse=True)[1].astype(np.int64)
        return replace(
            self, treated=self.treated[keep], outcome=self.outcome[keep], covariates=self.covariates.rows(keep),
            clusters=clusters, probability=probability,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Estimation:
    """What the data allowed: diagnostics always, a score only when there are no problems."""

    problems: tuple[str, ...]
    overlap: Overlap | None = None
    balance: Balance | None = None
    score: Scored | None = None
    choices: tuple[tuple[str, Choice], ...] = ()


def estimated(design: Design) -> Estimation:
    """The whole way; stops at the first thing that makes the effect not identifiable."""
    with _one_thread():
        return _estimated(design)


def _estimated(design: Design) -> Estimation:
    few = [
        f"only {design.units_of(arm):,} customers were {'treated' if arm else 'not treated'} "
        f"(at least {design.limits.fewest})"
        for arm in (True, False)
        if design.units_of(arm) < design.limits.fewest
    ]
    if few:
        return Estimation(tuple(few))
    guesses, choices = _guessed(design)
    overlap = overlap_of(
        np.median(guesses.propensity, axis=0), design.treated, estimand=design.estimand, limits=design.limits
    )
    covariates = design.covariates
    balance = balance_of(covariates.values, covariates.labels, overlap, estimand=design.estimand)
    problems = (*overlap.problems, *balance.problems)
    if problems:
        return Estimation(problems, overlap, balance, None, choices)
    return Estimation((), overlap, balance, _scored(design, guesses, overlap.kept), choices)


def without_each(
    design: Design, kept: NDArray[np.bool_], choices: dict[str, Choice]
) -> list[tuple[str, Scored, Scored]]:
    """(covariate, score with all, score without it): linear fits on three splits, which is enough to rank them."""
    with _one_thread():
        return _without_each(design, kept, choices)


def _without_each(
    design: Design, kept: NDArray[np.bool_], choices: dict[str, Choice]
) -> list[tuple[str, Scored, Scored]]:
    few = replace(design, splits=_BENCHMARK_SPLITS, learners=("linear",))
    plain = {name: replace(choice, form="linear", penalty=_linear_penalty(choice)) for name, choice in choices.items()}
    full = _scored(few, _crossed(few, plain), kept)
    found = []
    for place in np.unique(design.covariates.source):
        if len(np.unique(design.covariates.source)) < 2:
            break
        less = replace(few, covariates=design.covariates.without(int(place)))
        found.append((design.covariates.names[int(place)], full, _scored(less, _crossed(less, plain), kept)))
    return found


def naive_difference(design: Design) -> tuple[float, float, float, float]:
    """The plain difference in means with its clustered error, and the two means (treated, untreated)."""
    treated, outcome = design.treated, design.outcome
    one, other, share = outcome[treated].mean(), outcome[~treated].mean(), treated.mean()
    pull = np.where(treated, (outcome - one) / share, -(outcome - other) / (1 - share))
    return float(one - other), clustered_error(pull, design.clusters), float(one), float(other)


def _one_thread() -> AbstractContextManager[Any]:
    """One thread for the linear algebra, where threadpoolctl (it comes with scikit-learn) is there to say so.

    The matrices are small: several threads gain little, and on a busy machine they wait for each other.
    """
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return nullcontext()
    return threadpool_limits(1, user_api="blas")


def _guessed(design: Design) -> tuple[Guesses, tuple[tuple[str, Choice], ...]]:
    rows = len(design.treated)
    tries = max(1, min(_MOST_TRIALS, _TRIAL_ROWS // rows))
    trial = folds_of(design.clusters, design.treated, splits=tries, folds=design.folds, seed=design.seed + 7_919)
    forms = [design.covariates.form(name) for name in design.forms]
    everybody = np.ones(rows, bool)
    wanted = {
        "treatment": (design.treated.astype(float), everybody, True),
        "outcome of the untreated": (design.outcome, ~design.treated, design.is_binary),
        "outcome of the treated": (design.outcome, design.treated, design.is_binary),
    }
    if design.probability is not None:
        del wanted["treatment"]
    choices = {
        name: chosen(forms, target, folds=trial, among=among, is_binary=is_binary)
        for name, (target, among, is_binary) in wanted.items()
    }
    return _crossed(design, choices, forms), tuple(choices.items())


def _crossed(design: Design, choices: dict[str, Choice], forms: Sequence[Form] = ()) -> Guesses:
    """The out-of-fold predictions by what was chosen; `forms` were laid out already."""
    folds = folds_of(design.clusters, design.treated, splits=design.splits, folds=design.folds, seed=design.seed)
    treated, everybody = design.treated, np.ones(len(design.treated), bool)
    known = {form.name: form for form in forms}

    def guess(name: str, target: NDArray[np.float64], among: NDArray[np.bool_], is_binary: bool) -> NDArray[np.float64]:
        choice = choices[name]
        form = known.get(choice.form) or design.covariates.form(choice.form)
        return crossed(form, target, folds=folds, among=among, penalty=choice.penalty, is_binary=is_binary)

    if design.probability is None:
        propensity = guess("treatment", treated.astype(float), everybody, True)
    else:
        propensity = np.tile(design.probability, (design.splits, 1))
    return Guesses(
        propensity,
        guess("outcome of the untreated", design.outcome, ~treated, design.is_binary),
        guess("outcome of the treated", design.outcome, treated, design.is_binary),
    )


def _scored(design: Design, guesses: Guesses, kept: NDArray[np.bool_]) -> Scored:
    return scored(
        guesses.rows(kept), design.treated[kept], design.outcome[kept],
        clusters=np.unique(design.clusters[kept], return_inverse=True)[1], estimand=design.estimand,
    )  # fmt: skip


def _linear_penalty(choice: Choice) -> float:
    return choice.penalty if choice.form == "linear" else 0.03

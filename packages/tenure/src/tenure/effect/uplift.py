"""Who to treat: learned on one half of a trial's customers, judged on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tenure.effect.errors import CovariateUseless, TooFewToCompare, WhichArm
from tenure.effect.estimates import Estimate, checked_level
from tenure.effect.modelling import Model, fitted, guess, one_thread
from tenure.effect.pseudo import folds_of, mean_of, scores
from tenure.effect.qini import qini
from tenure.effect.reading import Unwanted
from tenure.effect.trials import Trial, read_trial
from tenure.effect.uplift_results import Slice, Uplift
from tenure.errors import UnknownChoice

Learner = Literal["dr", "t"]
_FEWEST: Final = 100  # customers of each arm in each half
_FOLDS: Final = 5


def who_to_treat(
    data: Any = None,
    *,
    arm: Any,
    outcome: Any,
    covariates: Sequence[str] | Mapping[str, Any],
    customer: Any = None,
    control: str | None = None,
    treated: str | None = None,
    shares: Mapping[str, float] | None = None,
    cluster: Any = None,
    assigned_by: Literal["customer", "cluster"] | None = None,
    covariates_at: Any = None,
    assigned_at: Any = None,
    exposed_at: Any = None,
    late: Unwanted = "refuse",
    in_two_arms: Unwanted = "refuse",
    currency: str | None = None,
    learner: Learner = "dr",
    model: Model = "boosted",
    cost_each: float = 0.0,
    draws: int = 500,
    seed: int = 1,
    zone: str = "UTC",
    level: float = 0.95,
) -> Uplift:
    """Whether an order learned from `covariates` finds customers who gain more than others, and what follows.

    `learner="t"` takes the difference of two models, one per arm (Künzel, Sekhon, Bickel and Yu, PNAS 116, 2019);
    `"dr"` fits one model to doubly robust scores (Kennedy, Electronic Journal of Statistics 17, 2023). Half of the
    customers (whole clusters) teach, the others judge. When the Qini coefficient's interval includes zero, nothing
    is told apart, and the answer is to treat all or none, whichever the average effect supports, or "not known".
    `cost_each` is what one treatment costs, in units of the outcome. Needs `pip install "tenure[models]"`.
    """
    checked_level(level)
    if learner not in ("dr", "t"):
        raise UnknownChoice(name="learner", value=learner, choices="dr, t")
    trial = read_trial(
        data, arm=arm, outcome=outcome, customer=customer, control=control, arms=None if treated is None else [treated],
        shares=shares, cluster=cluster, assigned_by=assigned_by, covariates=covariates, covariates_at=covariates_at,
        assigned_at=assigned_at, exposed_at=exposed_at, late=late, in_two_arms=in_two_arms, currency=currency,
        zone=zone,
    )  # fmt: skip
    _checked(trial)
    halves = folds_of(_units(trial), folds=2, seed=seed)
    predicted = _learned(trial, halves == 0, learner=learner, model=model, seed=seed)
    psi = _scores(trial, model=model, seed=seed)
    return _judged(trial, halves == 1, predicted, psi, learner, cost_each, draws=draws, seed=seed, level=level)


def average_effect(trial: Trial, *, model: Model = "linear", seed: int = 1, level: float = 0.95) -> Estimate:
    """The average effect as the mean of doubly robust scores, each customer judged by models that never saw them."""
    psi = _scores(trial, model=model, seed=seed)
    return mean_of(psi, cluster=trial.cluster, level=level, method="doubly robust scores")


def _scores(trial: Trial, *, model: Model, seed: int) -> NDArray[np.float64]:
    treated = trial.arm == 1
    fold = folds_of(_units(trial), folds=_FOLDS, seed=seed)
    return scores(
        trial.covariates.matrix, trial.outcome, treated, share=float(treated.mean()), fold=fold,
        is_share=trial.is_share, model=model, seed=seed,
    )  # fmt: skip


def _units(trial: Trial) -> NDArray[np.int64]:
    return np.arange(len(trial.arm)) if trial.cluster is None else trial.cluster


def _checked(trial: Trial) -> None:
    if len(trial.arms) > 2:
        raise WhichArm(arms=", ".join(trial.arms[1:]))
    if not trial.covariates.names:
        raise CovariateUseless(column="covariates", why="nothing that differs between customers was given")
    for place, arm in enumerate(trial.arms):
        if trial.size(place) < 2 * _FEWEST:
            raise TooFewToCompare(
                arm=arm, count=trial.size(place), noun="customers", needed=2 * _FEWEST, why=" to tell customers apart"
            )


def _learned(
    trial: Trial, teach: NDArray[np.bool_], *, learner: Learner, model: Model, seed: int
) -> NDArray[np.float64]:
    """Everybody's predicted effect, learned from the teaching half."""
    x, y, treated = trial.covariates.matrix, trial.outcome, trial.arm == 1
    if learner == "t":
        with one_thread():
            with_it, without = (
                guess(fitted(model, x[teach & arm], y[teach & arm], is_share=trial.is_share, seed=seed), x)
                for arm in (treated, ~treated)
            )
        return with_it - without
    fold = folds_of(_units(trial)[teach], folds=_FOLDS, seed=seed + 1)
    share = float(treated[teach].mean())
    psi = scores(
        x[teach], y[teach], treated[teach], share=share, fold=fold, is_share=trial.is_share, model=model, seed=seed
    )
    with one_thread():
        return guess(fitted(model, x[teach], psi, is_share=False, seed=seed), x)


def _judged(
    trial: Trial, judge: NDArray[np.bool_], predicted: NDArray[np.float64], psi: NDArray[np.float64],
    learner: Learner, cost_each: float, *, draws: int, seed: int, level: float,
) -> Uplift:  # fmt: skip
    """The order judged by customers it was not learned from; the average effect by everybody's scores."""
    unit, cluster = _units(trial)[judge], None if trial.cluster is None else trial.cluster[judge]
    curve = qini(
        predicted[judge], trial.outcome[judge], trial.arm[judge] == 1, unit=unit, draws=draws, seed=seed, level=level
    )
    average = mean_of(psi, cluster=trial.cluster, level=level, method="doubly robust scores")
    return Uplift(
        trial.arms[1], trial.arms[0], trial.name, learner, curve, average,
        _slices(predicted[judge], psi[judge], cluster, level=level), predicted, trial.rows, judge, cost_each,
        trial.is_share, trial.currency, level, trial.notes,
    )  # fmt: skip


def _slices(
    predicted: NDArray[np.float64], psi: NDArray[np.float64], cluster: NDArray[np.int64] | None, *, level: float
) -> tuple[Slice, ...]:
    """Tenths from the highest prediction down, with the effect that the judging half really shows."""
    order = np.argsort(-predicted, kind="stable")
    found = []
    for place, part in enumerate(np.array_split(order, 10)):
        members = None if cluster is None else cluster[part]
        effect = mean_of(psi[part], cluster=members, level=level, method="doubly robust scores")
        found.append(Slice(place + 1, len(part), float(predicted[part].mean()), effect))
    return tuple(found)

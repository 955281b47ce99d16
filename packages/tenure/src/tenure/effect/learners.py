"""What predicts treatment and outcome: regularised linear and logistic fits, on several forms of the covariates.

All folds of all splits are fitted together, so that twenty splits of a thousand customers take milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.effect.errors import ModelsMissing

PENALTIES: Final = (3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)  # per row, on standardised columns
BOOSTED: Final = "boosted"
_AT_ONCE: Final = 4_000_000  # numbers held at a time, so that large inputs are fitted split by split
_STEEPEST: Final = 30.0
_FEW_TO_BOOST: Final = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """Columns to predict from, the first of them 1, and how much of the penalty each takes (`held`, 0 to 1)."""

    name: str
    columns: NDArray[np.float64]
    held: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """The learner that predicted best out of fold: which form, how much it is held back, and its loss."""

    form: str
    penalty: float
    loss: float
    losses: Mapping[str, float]

    def __str__(self) -> str:
        return self.form if self.form == BOOSTED else f"{self.form}, penalty {self.penalty:g}"


def chosen(
    forms: Sequence[Form],
    target: NDArray[np.float64],
    *,
    folds: NDArray[np.int8],
    among: NDArray[np.bool_],
    is_binary: bool,
) -> Choice:
    """The form and penalty with the lowest cross-validated loss (log loss, or squared error) over these splits.

    The form called "boosted" is left to scikit-learn. `among` are the rows that may be learned from (an arm).
    Penalties are tried from strong to weak, as long as the loss falls. The one taken is a step weaker than what
    predicts best: noise averages out over customers, what a model has smoothed away does not (undersmoothing).
    """
    best: dict[str, tuple[float, float]] = {}
    for form in forms:
        name = form.name
        for penalty in (0.0,) if name == BOOSTED else PENALTIES:
            guess = crossed(form, target, folds=folds, among=among, penalty=penalty, is_binary=is_binary)
            loss = _loss(guess[:, among], target[among], is_binary=is_binary)
            if name in best and loss >= best[name][0]:
                break
            best[name] = (loss, penalty)
    first = min(best, key=lambda name: best[name][0])
    return Choice(first, _weaker(best[first][1]), best[first][0], {name: loss for name, (loss, _) in best.items()})


def _weaker(penalty: float) -> float:
    after = [one for one in PENALTIES if one < penalty]
    return after[0] if after else penalty


def crossed(
    form: Form,
    target: NDArray[np.float64],
    *,
    folds: NDArray[np.int8],
    among: NDArray[np.bool_],
    penalty: float,
    is_binary: bool,
) -> NDArray[np.float64]:
    """Out-of-fold predictions of every row, shape of `folds`: learned from the rows `among` of the other folds."""
    fit = _boosted if form.name == BOOSTED else _logistic if is_binary else _linear
    count = int(folds.max()) + 1
    batch = max(1, _AT_ONCE // (count * len(target)))
    parts = [
        fit(form, target, folds[at : at + batch], among, penalty, count, is_binary)
        for at in range(0, len(folds), batch)
    ]
    return np.concatenate(parts)


def _linear(form: Form, y: Any, folds: Any, among: Any, penalty: float, count: int, _: bool) -> NDArray[np.float64]:
    """Ridge: each fold's normal equations are the whole's, less what the fold holds back."""
    x = form.columns
    seen, wanted, whole = x[among], y[among], folds[:, among]
    gram, right = seen.T @ seen, seen.T @ wanted
    held = _per_fold(seen, np.ones(len(wanted)), whole, count)
    held_right = np.stack([seen[part].T @ wanted[part] for part in _parts(whole, count)])
    rows = _rows_left(whole, count)
    left = gram - held + _ridge(form, penalty)[None] * rows[:, None, None]
    found = np.linalg.solve(left, (right - held_right)[..., None])[..., 0]
    return _held_out(x @ found.T, folds, count)


def _logistic(form: Form, y: Any, folds: Any, among: Any, penalty: float, count: int, _: bool) -> NDArray[np.float64]:
    """Penalised maximum likelihood: one careful fit to all rows, then every fold from there by chord steps.

    A chord step keeps the curvature of the start, so that all folds share one matrix product per step; a fold that
    has not settled after forty is fitted on its own by Newton's method.
    """
    x = form.columns
    seen, wanted, whole = x[among], y[among], folds[:, among]
    ridge = _ridge(form, penalty)
    start = _newton(seen, wanted, ridge * len(wanted), np.zeros(x.shape[1]))
    chance = _chance(seen @ start)
    rows = _rows_left(whole, count)
    bend = chance * (1 - chance)
    curved = (seen.T * bend) @ seen - _per_fold(seen, bend, whole, count) + ridge[None] * rows[:, None, None]
    inverse = np.linalg.inv(curved)
    learns = np.stack([fold != part for fold in whole for part in range(count)]).astype(float)
    found = np.tile(start, (len(rows), 1))
    pull = np.diag(ridge)[None] * rows[:, None]
    unsettled = np.arange(len(rows))
    for _step in range(40):
        miss = (wanted[None] - _chance(found[unsettled] @ seen.T)) * learns[unsettled]
        step = _times(inverse[unsettled], miss @ seen - pull[unsettled] * found[unsettled])
        found[unsettled] += step
        unsettled = unsettled[np.abs(step).max(axis=1) > 5e-4]
        if not len(unsettled) or not np.isfinite(found).all():
            break
    for place in unsettled:
        keep = learns[place] > 0
        found[place] = _newton(seen[keep], wanted[keep], ridge * rows[place], start)
    return _held_out(_chance(x @ found.T), folds, count)


def _newton(x: Any, y: Any, ridge: Any, start: Any) -> NDArray[np.float64]:
    """Newton's method with halved steps; the penalty keeps it finite even under perfect separation."""
    found, worth = start, _penalised(x, y, ridge, start)
    for _step in range(60):
        chance = _chance(x @ found)
        slope = x.T @ (y - chance) - ridge @ found
        step = np.linalg.solve((x.T * np.maximum(chance * (1 - chance), 1e-9)) @ x + ridge, slope)
        better, halvings = _penalised(x, y, ridge, found + step), 0
        while better < worth - 1e-12 and halvings < 20:
            step, halvings = step / 2, halvings + 1
            better = _penalised(x, y, ridge, found + step)
        found, worth = found + step, better
        if np.abs(step).max() < 1e-7:
            break
    return found


def _penalised(x: Any, y: Any, ridge: Any, at: Any) -> float:
    eta = x @ at
    return float(y @ eta - np.logaddexp(0, eta).sum() - at @ ridge @ at / 2)


def _boosted(form: Form, y: Any, folds: Any, among: Any, _: float, count: int, is_binary: bool) -> NDArray[np.float64]:
    """scikit-learn's histogram gradient boosting; a fold at a time, and with few rows one thread.

    Its threads wait for each other at every node by spinning: with few rows, and on a busy machine, that is most of it.
    """
    x = form.columns
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
        from threadpoolctl import threadpool_limits
    except ImportError as missing:
        raise ModelsMissing from missing
    guessed = np.empty(folds.shape)
    settings = {"max_iter": 80, "learning_rate": 0.08, "max_leaf_nodes": 8, "min_samples_leaf": 20, "random_state": 0}
    with threadpool_limits(1 if len(x) < _FEW_TO_BOOST else None, user_api="openmp"):
        for split, fold in enumerate(folds):
            for part in range(count):
                rows, held = among & (fold != part), fold == part
                if is_binary and len(np.unique(y[rows])) < 2:
                    guessed[split, held] = y[rows].mean()
                elif is_binary:
                    model: Any = HistGradientBoostingClassifier(**settings).fit(x[rows], y[rows])
                    guessed[split, held] = model.predict_proba(x[held])[:, 1]
                else:
                    model = HistGradientBoostingRegressor(**settings).fit(x[rows], y[rows])
                    guessed[split, held] = model.predict(x[held])
    return guessed


def _ridge(form: Form, penalty: float) -> NDArray[np.float64]:
    """The intercept is left free but for a breath, which keeps an empty fold solvable."""
    return np.diag(np.maximum(penalty * form.held, 1e-9))


def _parts(folds: Any, count: int) -> list[NDArray[np.int64]]:
    return [np.flatnonzero(fold == part) for fold in folds for part in range(count)]


def _rows_left(folds: Any, count: int) -> NDArray[np.float64]:
    held = np.stack([np.bincount(fold, minlength=count) for fold in folds])
    return np.maximum(folds.shape[1] - held.ravel(), 1).astype(float)


def _per_fold(x: Any, weight: Any, folds: Any, count: int) -> NDArray[np.float64]:
    """Σ w·xxᵀ over each fold of each split, in the order of `_parts`."""
    scaled = x * np.sqrt(weight)[:, None]
    return np.stack([scaled[part].T @ scaled[part] for part in _parts(folds, count)])


def _held_out(guesses: Any, folds: Any, count: int) -> NDArray[np.float64]:
    """From guesses[n, split × fold] the one each row may use: that of the fit which did not see it."""
    by_split = guesses.reshape(len(guesses), len(folds), count)
    return np.take_along_axis(by_split, folds.T[:, :, None].astype(np.int64), axis=2)[:, :, 0].T


def _times(matrices: Any, vectors: Any) -> NDArray[np.float64]:
    return (matrices @ vectors[..., None])[..., 0]


def _chance(eta: Any) -> Any:
    return 1 / (1 + np.exp(-np.clip(eta, -_STEEPEST, _STEEPEST)))


def _loss(guess: Any, truth: Any, *, is_binary: bool) -> float:
    if not is_binary:
        return float(np.mean((truth - guess) ** 2))
    safe = np.clip(guess, 1e-6, 1 - 1e-6)
    return float(-(truth * np.log(safe) + (1 - truth) * np.log1p(-safe)).mean())

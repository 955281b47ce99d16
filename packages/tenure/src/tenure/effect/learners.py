"""What predicts treatment and outcome: regularised linear and logistic fits, on several forms of the covariates.

All folds of all splits are fitted together, so that twenty splits of a thousand customers take milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

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
        name, fits = form.name, list(_fits(form, target, folds=folds, among=among, is_binary=is_binary))
        for penalty in (0.0,) if name == BOOSTED else PENALTIES:
            guess = np.concatenate([fit.guessed(penalty) for fit in fits])
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
    fits = _fits(form, target, folds=folds, among=among, is_binary=is_binary)
    return np.concatenate([fit.guessed(penalty) for fit in fits])


class _Fit(Protocol):
    """What does not hang on the penalty, worked out once for all of them; some splits of a form and a target."""

    def guessed(self, penalty: float, /) -> NDArray[np.float64]: ...


def _fits(
    form: Form, target: NDArray[np.float64], *, folds: NDArray[np.int8], among: NDArray[np.bool_], is_binary: bool
) -> Iterator[_Fit]:
    """As many splits together as may be held at a time."""
    kind = _Boosted if form.name == BOOSTED else _Logistic if is_binary else _Linear
    count = int(folds.max()) + 1
    batch = max(1, _AT_ONCE // (count * len(target)))
    for at in range(0, len(folds), batch):
        yield kind(form, target, folds[at : at + batch], among, count, is_binary)


class _Linear:
    """Ridge: each fold's normal equations are the whole's, less what the fold holds back."""

    def __init__(self, form: Form, y: Any, folds: Any, among: Any, count: int, _is_binary: bool) -> None:
        self._form, self._folds, self._count = form, folds, count
        seen, wanted, whole = form.columns[among], y[among], folds[:, among]
        parts = _parts(whole, count)
        held = np.stack([seen[part].T @ wanted[part] for part in parts])
        self._left = seen.T @ seen - _per_fold(seen, parts)
        self._right = (seen.T @ wanted - held)[..., None]
        self._rows = _rows_left(whole, count)

    def guessed(self, penalty: float) -> NDArray[np.float64]:
        left = self._left + _ridge(self._form, penalty)[None] * self._rows[:, None, None]
        found = np.linalg.solve(left, self._right)[..., 0]
        return _held_out(self._form.columns @ found.T, self._folds, self._count)


class _Logistic:
    """Penalised maximum likelihood: one careful fit to all rows, then every fold from there by chord steps.

    A chord step keeps the curvature of the start, so that all folds share one matrix product per step; a fold that
    has not settled after forty is fitted on its own by Newton's method. The careful fit sets out from that under the
    penalty before, which is near.
    """

    def __init__(self, form: Form, y: Any, folds: Any, among: Any, count: int, _is_binary: bool) -> None:
        self._form, self._folds, self._count = form, folds, count
        self._seen, self._wanted, whole = form.columns[among], y[among], folds[:, among]
        self._parts, self._rows = _parts(whole, count), _rows_left(whole, count)
        self._learns = np.ones((len(self._parts), len(self._wanted)))
        for model, part in zip(self._learns, self._parts, strict=True):
            model[part] = 0.0
        self._start = np.zeros(form.columns.shape[1])

    def guessed(self, penalty: float) -> NDArray[np.float64]:
        ridge = _ridge(self._form, penalty)
        self._start = _newton(self._seen, self._wanted, ridge * len(self._wanted), self._start)
        found, unsettled = self._stepped(ridge)
        for place in unsettled:
            keep = self._learns[place] > 0
            found[place] = _newton(self._seen[keep], self._wanted[keep], ridge * self._rows[place], self._start)
        return _chance(_held_out(self._form.columns @ found.T, self._folds, self._count))

    def _stepped(self, ridge: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Every fold's coefficients after its chord steps, and the places of those that did not settle."""
        inverse = np.linalg.inv(self._curved(ridge))
        pull = np.diag(ridge)[None] * self._rows[:, None]
        found = np.tile(self._start, (len(self._rows), 1))
        learns, unsettled = self._learns, np.arange(len(found))
        for _step in range(40):
            miss = (self._wanted[None] - _chance(found[unsettled] @ self._seen.T)) * learns
            step = _times(inverse[unsettled], miss @ self._seen - pull[unsettled] * found[unsettled])
            found[unsettled] += step
            is_settled = np.abs(step).max(axis=1) <= 5e-4
            if is_settled.all() or not np.isfinite(found).all():
                return found, unsettled[~is_settled]
            if is_settled.any():
                unsettled, learns = unsettled[~is_settled], learns[~is_settled]
        return found, unsettled

    def _curved(self, ridge: NDArray[np.float64]) -> NDArray[np.float64]:
        """How each fold's likelihood bends at the start."""
        chance = _chance(self._seen @ self._start)
        bend = chance * (1 - chance)
        held = _per_fold(self._seen * np.sqrt(bend)[:, None], self._parts)
        return (self._seen.T * bend) @ self._seen - held + ridge[None] * self._rows[:, None, None]


class _Boosted:
    """scikit-learn's histogram gradient boosting, which knows no penalty."""

    def __init__(self, form: Form, y: Any, folds: Any, among: Any, count: int, is_binary: bool) -> None:
        self._asked = (form, y, folds, among, count, is_binary)

    def guessed(self, _penalty: float) -> NDArray[np.float64]:
        return _boosted(*self._asked)


def _newton(x: Any, y: Any, ridge: Any, start: Any) -> NDArray[np.float64]:
    """Newton's method with halved steps; the penalty keeps it finite even under perfect separation."""
    found, eta = start, x @ start
    worth = _penalised(eta, y, ridge, found)
    for _step in range(60):
        chance = _chance(eta)
        slope = x.T @ (y - chance) - ridge @ found
        step = np.linalg.solve((x.T * np.maximum(chance * (1 - chance), 1e-9)) @ x + ridge, slope)
        eta, halvings = x @ (found + step), 0
        better = _penalised(eta, y, ridge, found + step)
        while better < worth - 1e-12 and halvings < 20:
            step, halvings = step / 2, halvings + 1
            eta = x @ (found + step)
            better = _penalised(eta, y, ridge, found + step)
        found, worth = found + step, better
        if np.abs(step).max() < 1e-7:
            break
    return found


def _penalised(eta: Any, y: Any, ridge: Any, at: Any) -> float:
    return float(y @ eta - np.logaddexp(0, eta).sum() - at @ ridge @ at / 2)


def _boosted(form: Form, y: Any, folds: Any, among: Any, count: int, is_binary: bool) -> NDArray[np.float64]:
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


def _per_fold(x: Any, parts: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
    """Σ xxᵀ over each fold of each split."""
    return np.stack([x[part].T @ x[part] for part in parts])


def _held_out(guesses: Any, folds: Any, count: int) -> NDArray[np.float64]:
    """From guesses[n, split × fold] the one each row may use: that of the fit which did not see it."""
    by_split = guesses.reshape(len(guesses), len(folds), count)
    return np.take_along_axis(by_split, folds.T[:, :, None].astype(np.int64), axis=2)[:, :, 0].T


def _times(matrices: Any, vectors: Any) -> NDArray[np.float64]:
    return (matrices @ vectors[..., None])[..., 0]


def _chance(eta: Any) -> Any:
    """1 / (1 + exp(−eta)), in one piece of memory: it is taken of every row for every fold, again and again."""
    found = np.minimum(np.maximum(eta, -_STEEPEST), _STEEPEST)
    np.exp(np.negative(found, out=found), out=found)
    found += 1
    return np.divide(1, found, out=found)


def _loss(guess: Any, truth: Any, *, is_binary: bool) -> float:
    if not is_binary:
        return float(np.mean((truth - guess) ** 2))
    safe = np.clip(guess, 1e-6, 1 - 1e-6)
    return float(-(truth * np.log(safe) + (1 - truth) * np.log1p(-safe)).mean())

"""Doubly robust scores: for each customer of a trial an unbiased guess of their own effect, and the mean of them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tenure.effect.estimates import Estimate, interval_of
from tenure.effect.modelling import Model, fitted, guess, one_thread

_OWN: Final = 7_193  # whoever drew the arms with the same seed must not find the arms again as folds


def folds_of(group: NDArray[np.int64], *, folds: int, seed: int) -> NDArray[np.int64]:
    """A fold per row, whole groups together, in sizes as equal as can be."""
    names, place = np.unique(group, return_inverse=True)
    order = np.random.default_rng([seed, _OWN]).permutation(len(names))
    return (order % folds)[place]


def scores(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    treated: NDArray[np.bool_],
    *,
    share: float,
    fold: NDArray[np.int64],
    is_share: bool,
    model: Model = "boosted",
    seed: int = 1,
) -> NDArray[np.float64]:
    """ψ = m₁ − m₀ + (z/e)(y − m₁) − ((1−z)/(1−e))(y − m₀), with m fitted on the other folds and e known by design.

    Robins, Rotnitzky and Zhao, JASA 89 (1994); cross-fitted: Chernozhukov et al., Econometrics Journal 21 (2018).
    Because e is known, ψ is unbiased however poor the models are.
    """
    found = np.empty(len(y))
    with one_thread():
        for one in np.unique(fold):
            here = fold == one
            with_it, without = (
                guess(fitted(model, x[~here & arm], y[~here & arm], is_share=is_share, seed=seed), x[here])
                for arm in (treated, ~treated)
            )
            z = treated[here]
            found[here] = (
                with_it - without
                + np.where(z, (y[here] - with_it) / share, 0)
                - np.where(z, 0, (y[here] - without) / (1 - share))
            )  # fmt: skip
    return found


def mean_of(psi: NDArray[np.float64], *, cluster: NDArray[np.int64] | None, level: float, method: str) -> Estimate:
    """The mean of the scores with its interval; those of a cluster are added up first."""
    centred = psi - psi.mean()
    if cluster is not None:
        centred = np.bincount(np.unique(cluster, return_inverse=True)[1], weights=centred)
    units = len(centred)
    se = float(np.sqrt((centred**2).sum() * units / (units - 1))) / len(psi)
    return interval_of(float(psi.mean()), se=se, freedom=units - 1, level=level, method=method)

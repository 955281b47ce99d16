"""Folds for cross-fitting: nobody's outcome helps to predict their own, and nobody's companions' either."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def folds_of(
    clusters: NDArray[np.int64], treated: NDArray[np.bool_], *, splits: int, folds: int, seed: int
) -> NDArray[np.int8]:
    """The fold of each row in each split, shape (splits, n): clusters stay whole, arms are spread evenly.

    Clusters are dealt out like cards, those most treated first and ties in random order, so that a rare arm is not
    missing from a fold by chance. The outcome is never looked at. The same seed gives the same folds.
    """
    rng = np.random.default_rng(seed)
    count = int(clusters.max()) + 1
    share = np.bincount(clusters, treated, count) / np.maximum(np.bincount(clusters, minlength=count), 1)
    hands = -(-count // folds)
    dealt = np.empty((splits, len(clusters)), np.int8)
    for split in range(splits):
        order = np.lexsort((rng.random(count), -share))
        cards = np.argsort(rng.random((hands, folds)), axis=1).ravel()[:count]
        fold = np.empty(count, np.int8)
        fold[order] = cards
        dealt[split] = fold[clusters]
    return dealt


def repeated_median(estimates: NDArray[np.float64], errors: NDArray[np.float64]) -> tuple[float, float]:
    """The median over splits and its standard error, which counts how far the splits lie apart.

    Chernozhukov et al., "Double/debiased machine learning" (Econometrics Journal 21, 2018), definition 3.3:
    θ = median θₛ, σ² = median (σₛ² + (θₛ − θ)²).
    """
    middle = float(np.median(estimates))
    return middle, float(np.sqrt(np.median(errors**2 + (estimates - middle) ** 2)))

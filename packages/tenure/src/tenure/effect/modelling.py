"""Models that guess an outcome from what was known before; scikit-learn, imported when first used."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tenure.effect.errors import ModelsMissing
from tenure.errors import UnknownChoice

Model = Literal["boosted", "linear"]


def fitted(model: Model, x: NDArray[np.float64], y: NDArray[np.float64], *, is_share: bool, seed: int) -> Any:
    """A model of the mean of y given x: boosted trees, or a regression held back a little (ridge, logistic).

    Fit and guess within `one_thread()`.
    """
    if model not in ("boosted", "linear"):
        raise UnknownChoice(name="model", value=model, choices="boosted, linear")
    if is_share and len(np.unique(y)) < 2:
        return _Same(float(y[0]))
    return (_boosted if model == "boosted" else _linear)(is_share=is_share, seed=seed, rows=len(y)).fit(x, y)


def guess(model: Any, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The guessed mean: the probability where the outcome is a share."""
    return model.predict_proba(x)[:, 1] if hasattr(model, "predict_proba") else model.predict(x)


def one_thread() -> Any:
    """Fits of this size lose by sharing: on busy processors the trees' threads wait for each other, fifteenfold."""
    try:
        from threadpoolctl import threadpool_limits
    except ImportError as missing:  # it comes with scikit-learn
        raise ModelsMissing from missing
    return threadpool_limits(1)


class _Same:
    """Everybody had the same outcome."""

    def __init__(self, value: float) -> None:
        self.value = value

    def predict(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.full(len(x), self.value)


def _boosted(*, is_share: bool, seed: int, rows: int) -> Any:
    """Shallow and slow, with leaves large enough that few customers do not make a rule."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind: Any = HistGradientBoostingClassifier if is_share else HistGradientBoostingRegressor
    leaf = max(20, min(500, rows // 50))
    return kind(
        max_iter=80, learning_rate=0.06, max_leaf_nodes=8, min_samples_leaf=leaf, l2_regularization=1.0,
        early_stopping=False, random_state=seed,
    )  # fmt: skip


def _linear(*, is_share: bool, seed: int, rows: int) -> Any:
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = LogisticRegression(C=1.0, max_iter=500) if is_share else Ridge(alpha=1.0)
    return make_pipeline(StandardScaler(), model)

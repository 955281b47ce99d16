"""The contenders: recency alone, regularised logistic regression, gradient-boosted trees. Needs tenure[models]."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.risk.encoding import Encoding
from tenure.risk.errors import LearnersMissing, Separated, TreesUnreadable
from tenure.risk.measures import auc
from tenure.risk.rows import Rows
from tenure.risk.scorers import Linear, Scorer, Trees

MODELS: Final = ("recency", "logistic", "trees")
_C: Final = 1.0  # the inverse of the ridge on standardised columns
_ROUNDS, _RATE, _LEAVES, _LEAST, _RIDGE = 120, 0.05, 8, 40, 1.0
_PERFECT: Final = 0.9995
_MOST_ROWS: Final = 200_000
_CLOSE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one contender is learnt: its name, and which single column it is confined to."""

    kind: str
    only: str | None = None

    @property
    def name(self) -> str:
        """As the card calls it."""
        alone = f"{(self.only or '').removesuffix('_days')} alone"
        return {"recency": alone, "logistic": "logistic regression", "trees": "boosted trees"}[self.kind]


def learn(recipe: Recipe, rows: Rows, encoding: Encoding, *, seed: int) -> Scorer:
    """Fit one contender on the training rows."""
    if recipe.kind == "trees":
        return _trees(recipe.name, rows, encoding, seed=seed)
    if recipe.kind == "recency":
        encoding = Encoding(tuple(part for part in encoding.parts if part.name == recipe.only))
    return _linear(recipe.name, rows, encoding)


def check_separation(scorer: Scorer, rows: Rows) -> None:
    """Refuse a logistic model that tells every training leaver apart."""
    assert rows.left is not None
    perfect = auc(rows.left, scorer.logit(rows))
    if perfect > _PERFECT and isinstance(scorer, Linear):
        weight = np.zeros(len(scorer.encoding.parts))
        np.add.at(weight, scorer.encoding.owner, np.abs(scorer.weights))
        strongest = [scorer.encoding.names[i] for i in np.argsort(-weight)[:3]]
        raise Separated(auc=perfect, columns=", ".join(f"“{name}”" for name in strongest))


def _linear(name: str, rows: Rows, encoding: Encoding) -> Linear:
    """Ridge-penalised maximum likelihood on standardised columns (le Cessie and van Houwelingen 1992)."""
    model = _sklearn("linear_model").LogisticRegression(C=_C, solver="newton-cholesky", max_iter=200)
    design = encoding.scaled(rows)
    with _one_thread():
        model.fit(design, rows.left)
    return Linear(name, encoding, float(model.intercept_[0]), np.asarray(model.coef_[0], np.float64))


def _trees(name: str, rows: Rows, encoding: Encoding, *, seed: int) -> Trees:
    """Histogram gradient boosting (Friedman 2001; Ke et al. 2017), small and slow-learning; at most 200,000 rows."""
    if len(rows) > _MOST_ROWS:
        groups = np.unique(rows.group)
        kept = np.random.default_rng(seed).permutation(groups)[: int(len(groups) * _MOST_ROWS / len(rows))]
        rows = rows.taken(np.isin(rows.group, kept))
    design = encoding.plain(rows)
    model = _sklearn("ensemble").HistGradientBoostingClassifier(
        max_iter=_ROUNDS, learning_rate=_RATE, max_leaf_nodes=_LEAVES, min_samples_leaf=_LEAST,
        l2_regularization=_RIDGE, early_stopping=False, random_state=seed,
    )  # fmt: skip
    with _one_thread():
        model.fit(design, rows.left)
        return _read_out(name, model, encoding, rows, design)


def _read_out(name: str, model: Any, encoding: Encoding, rows: Rows, design: NDArray[np.float64]) -> Trees:
    """scikit-learn keeps its nodes in a private table: they are copied, and then must score every row alike."""
    try:
        tables = [stage[0].nodes for stage in model._predictors]
        if any(table["is_categorical"].any() for table in tables):
            raise TypeError("it has splits by category")
        base = float(np.ravel(model._baseline_prediction)[0])
        trees = _joined(name, encoding, base, tables)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as refused:
        raise TreesUnreadable(version=_version(), why=str(refused)) from refused
    off = float(np.abs(trees.logit(rows) - model.decision_function(design)).max())
    if off > _CLOSE:
        raise TreesUnreadable(version=_version(), why=f"their scores differ by {off:.3g}")
    return trees


def _joined(name: str, encoding: Encoding, base: float, tables: list[Any]) -> Trees:
    roots = np.r_[0, np.cumsum([len(table) for table in tables])[:-1]].astype(np.int64)
    whole = np.concatenate(tables)
    shift = np.repeat(roots, [len(table) for table in tables])
    is_leaf = whole["is_leaf"].astype(bool)
    return Trees(
        name,
        encoding,
        base,
        roots,
        np.where(is_leaf, -1, whole["feature_idx"]).astype(np.int64),
        whole["num_threshold"].astype(np.float64),
        whole["missing_go_to_left"].astype(bool),
        whole["left"].astype(np.int64) + shift,
        whole["right"].astype(np.int64) + shift,
        np.where(is_leaf, whole["value"], 0.0).astype(np.float64),
    )


def _sklearn(module: str) -> Any:
    from importlib import import_module

    try:
        return import_module(f"sklearn.{module}")
    except ImportError as missing:
        raise LearnersMissing from missing


def _one_thread() -> Any:
    """On a busy machine scikit-learn's threads spin while they wait: seen, six times the processor time for nothing."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(limits=1)


def _version() -> str:
    from importlib.metadata import version

    return version("scikit-learn")

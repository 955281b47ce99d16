"""Worlds in which chance decided who was treated."""

from __future__ import annotations

from bench._worlds import Estimator

ESTIMATORS: tuple[Estimator, ...] = ()

"""Compiling the loops of the value models ahead, by fitting and scoring a few made-up customers."""

from __future__ import annotations

import numpy as np

_CUSTOMERS = 400


def warm() -> None:
    """Fit and score each compiled model once."""
    from tenure.value.models.bg_bb import bg_bb
    from tenure.value.models.bg_nbd import bg_nbd
    from tenure.value.models.pareto_nbd import pareto_nbd
    from tenure.value.reading import read_histories, read_opportunities

    rng = np.random.default_rng(1)
    x = rng.integers(0, 4, _CUSTOMERS)
    t = np.where(x > 0, x + rng.integers(0, 9, _CUSTOMERS), 0)
    people = read_histories(frequency=x, recency=t, age=np.full(_CUSTOMERS, 20.0))
    chances = read_opportunities(frequency=x, recency=t, opportunities=np.full(_CUSTOMERS, 20))
    bg_nbd(people).expected(people, within=4.0)
    pareto_nbd(people).expected(people, within=4.0)
    bg_bb(chances).expected(chances, within=4.0)

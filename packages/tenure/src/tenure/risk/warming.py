"""Compiling the loops of risk ahead, by looking, scoring and measuring once; needs no scikit-learn."""

from __future__ import annotations

import numpy as np

_CUSTOMERS = 200
_DAY = 86_400_000_000


def warm() -> None:
    """Run every compiled loop on made-up customers."""
    from tenure.risk.encoding import learn_encoding
    from tenure.risk.looking import landmarks
    from tenure.risk.measures import auc
    from tenure.risk.scorers import Trees

    who = np.repeat(np.arange(_CUSTOMERS, dtype=np.int64), 40)
    when = np.random.default_rng(1).integers(0, 600 * _DAY, len(who))
    rows = landmarks(customer=who, time=when, as_of="1971-08-01").train
    auc(np.arange(10) % 2 == 0, np.linspace(0, 1, 10))
    encoding, _ = learn_encoding(rows)
    one, none = np.array([0, -1, -1], np.int64), np.zeros(3, np.int64)
    stump = Trees(
        "stump",
        encoding,
        0.0,
        none[:1],
        one,
        np.zeros(3),
        np.zeros(3, bool),
        none + 1,
        none + 2,
        np.array([0.0, 0.1, 0.2]),
    )
    stump.logit(rows)
    stump.contributions(rows)

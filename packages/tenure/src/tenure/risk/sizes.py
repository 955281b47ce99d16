"""Whether there is enough to say anything, by rules that are stated."""

from __future__ import annotations

from typing import Final

import numpy as np

from tenure.risk.cards import Part
from tenure.risk.errors import OneClass, TooFewGroups, TooFewLeavers
from tenure.risk.rows import Rows
from tenure.risk.sentences import note

LEAST: Final = {"train": 50, "calibration": 20, "test": 30}  # leavers, and stayers
LEAST_FOR_TREES: Final = 200
LEAST_FOR_ISOTONIC: Final = 1_000  # leavers in the calibration slice
LEAST_GROUPS: Final = 10
PER_COLUMN: Final = 5  # leavers for each column of a logistic model (Vittinghoff and McCulloch 2007)
_ROLES: Final = {"train": "training", "calibration": "calibration", "test": "test"}


def sized(role: str, rows: Rows) -> Part:
    """How much there is of one part."""
    left = int(rows.left.sum()) if rows.left is not None else 0
    customers = len(set(rows.customers.tolist()))
    return Part(role, len(rows), customers, len(np.unique(rows.group)), left)


def check_size(part: Part, *, definition: str) -> None:
    """Refuse one class, too few leavers or stayers, and too few groups for an interval."""
    stayed = part.rows - part.left
    role = _ROLES.get(part.role, part.role)
    if part.left == 0 or stayed == 0:
        raise OneClass(role=role, what="stayed" if part.left == 0 else "left", definition=definition)
    if min(part.left, stayed) < LEAST[part.role]:
        raise TooFewLeavers(role=role, left=part.left, stayed=stayed, least=LEAST[part.role])
    if part.groups < LEAST_GROUPS:
        raise TooFewGroups(groups=part.groups, least=LEAST_GROUPS)


def thin_notes(part: Part, columns: int) -> tuple[str, ...]:
    """A warning where there are few leavers for the columns."""
    fewer = min(part.left, part.rows - part.left)
    if fewer >= PER_COLUMN * columns:
        return ()
    return (note("few-for-the-columns", left=f"{fewer:,}", columns=f"{columns:,}", each=PER_COLUMN),)

"""Who is learnt from, who calibrates and who tests: whole groups, by a hash of their names."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.risk.attributes import Attributes
from tenure.risk.errors import TooFewGroups
from tenure.risk.reading import Log
from tenure.risk.schedule import Role
from tenure.risk.sentences import note

_SHARES: Final = (0.5, 0.7)  # of the groups: half to learn from, a fifth to calibrate, the rest to test
_FEWEST_GROUPS: Final = 20


def divided(
    log: Log, said: Attributes | None
) -> tuple[NDArray[np.int64], dict[Role, NDArray[np.bool_]], tuple[str, ...]]:
    """Each customer's group, and the customers of each part, by a hash of the group's own name."""
    given = said.groups if said is not None and said.groups is not None else log.groups
    if given is None:
        names = np.array([str(log.label(code)) for code in log.customers.tolist()], object)
        words: tuple[str, ...] = ()
    else:
        names = np.array(
            [f"customer {log.label(code)}" if _is_nothing(group) else str(group)
             for code, group in zip(log.customers.tolist(), given.tolist(), strict=True)], object
        )  # fmt: skip
        alone = sum(map(_is_nothing, given.tolist()))
        words = (note("in-no-group", customers=f"{alone:,}"),) if alone else ()
    distinct, groups = np.unique(names.astype(str), return_inverse=True)
    if len(distinct) < _FEWEST_GROUPS:
        raise TooFewGroups(groups=len(distinct), least=_FEWEST_GROUPS)
    draw = np.array([_draw(name) for name in distinct.tolist()])[groups]
    parts: dict[Role, NDArray[np.bool_]] = {
        "train": draw < _SHARES[0],
        "calibration": (draw >= _SHARES[0]) & (draw < _SHARES[1]),
        "test": draw >= _SHARES[1],
    }
    return groups.astype(np.int64), parts, words


def _draw(name: str) -> float:
    """A number from 0 to 1 that is always the same for a name, so that nobody changes sides from night to night."""
    return int.from_bytes(hashlib.blake2b(f"tenure.risk/{name}".encode(), digest_size=8).digest()) / 2**64


def _is_nothing(group: Any) -> bool:
    return group is None or group != group

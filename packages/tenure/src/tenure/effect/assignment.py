"""Who is in which arm: decided by a salted hash of an id that never changes, so it needs no list and no luck."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.effect.errors import SharesUnclear
from tenure.errors import UnreadableInput

_WHOLE: Final = 2**64


@dataclass(frozen=True, slots=True)
class Allocation:
    """Arms and their shares under one salt: `Allocation("win-back 2026", {"held out": 0.1, "treated": 0.9})`.

    The first eight bytes of SHA-256("salt:id"), read as a big-endian number, fall into the arms' shares in the order
    given: any language can do the same. A new experiment takes a new salt, so that its arms do not follow the last
    one's. Enlarging an arm at the cost of the next one's beginning moves only customers at that border.
    """

    salt: str
    shares: Mapping[str, float]

    def __post_init__(self) -> None:
        checked_shares(self.shares)
        object.__setattr__(self, "shares", dict(self.shares))

    def arm_of(self, customer: Any) -> str:
        """The arm of one id; 42, "42" and 42.0 are the same id."""
        number = int.from_bytes(hashlib.sha256(f"{self.salt}:{_text(customer)}".encode()).digest()[:8], "big")
        return self._arm_at(number)

    def arms_of(self, customers: Iterable[Any]) -> NDArray[Any]:
        """The arms of many ids, in their order."""
        from tenure.inputs import as_arrow

        return np.array([self.arm_of(one) for one in as_arrow(customers).to_pylist()], object)

    def _arm_at(self, number: int) -> str:
        reached, name = Fraction(0), ""
        for name, share in self.shares.items():
            reached += Fraction(str(share))
            if number < reached * _WHOLE:
                return name
        return name  # shares such as three times 0.3333333333 end a breath before 1


def checked_shares(shares: Mapping[str, float]) -> None:
    """Refuse shares that do not add up to 1, or fewer than two."""
    if len(shares) < 2:
        raise SharesUnclear(shares=dict(shares), why="there is only one arm")
    if any(not 0 < share < 1 for share in shares.values()):
        raise SharesUnclear(shares=dict(shares), why="each must be above 0 and below 1")
    if abs(sum(shares.values()) - 1) > 1e-6:
        raise SharesUnclear(shares=dict(shares), why=f"they add up to {sum(shares.values()):g}")


def _text(customer: Any) -> str:
    if isinstance(customer, str) and customer:
        return customer
    if isinstance(customer, Integral) and not isinstance(customer, bool):
        return str(int(customer))
    if isinstance(customer, float) and customer.is_integer():
        return str(int(customer))
    raise UnreadableInput(what=f"{customer!r} is no id: a customer is assigned by a text or a whole number")

"""The probability alive, as a baseline beside the contenders: a model of purchases asked about the same rows.

Where nobody says that they leave, BG/NBD tells from how often, how lately and how long somebody bought whether they are
still there (Fader, Hardie and Lee 2005). It uses no other column, and it is never shipped: it says nothing of the
window asked about, and takes whoever bought on a single day to be there for certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tenure.errors import TenureError
from tenure.risk.calibrating import Method, calibrate
from tenure.risk.measures import Difference
from tenure.risk.rows import Rows
from tenure.risk.sentences import note

if TYPE_CHECKING:
    from tenure.risk.looking import Landmarks
    from tenure.value import Histories

NAME: Final = "probability alive (BG/NBD)"
_NEEDED: Final = ("days_all", "tenure_days", "recency_days")


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """What the baseline says of the test rows: nothing where it does not apply, with a note where it was refused."""

    said: dict[str, NDArray[np.float64]]
    notes: tuple[str, ...] = ()


def alive_beside(world: Landmarks, slice_: Rows, test: Rows, *, method: Method) -> Beside:
    """Learn purchases from every training customer, active or not, and calibrate 1 − P(alive) as contenders are.

    With a fact of leaving there is nothing to guess, so nothing is set beside. What cannot be learnt is a note.
    """
    if world.definition.leaving is not None:
        return Beside({})
    excluded = [name for name in _NEEDED if slice_.column(name) is None]
    if excluded:
        return Beside({}, (note("alive-excluded", columns=", ".join(excluded)),))
    from tenure import value

    try:
        model = value.bg_nbd(histories_of(world.known))
    except TenureError as refused:
        return Beside({}, (note("alive-refused", why=refused),))
    gone = [1 - model.alive(histories_of(rows)) for rows in (slice_, test)]
    assert slice_.left is not None
    calibration = calibrate(slice_.left, gone[0], method=method)
    return Beside({NAME: calibration.probability(gone[1])})


def histories_of(rows: Rows) -> Histories:
    """Rows as the histories that a model of purchases learns from: distinct days, times in days."""
    from tenure import value

    days, tenure, recency = (_numbers(rows, name) for name in _NEEDED)
    again = np.maximum(days - 1, 0).astype(np.int64)
    between = np.where(again > 0, np.clip(tenure - recency, 0, tenure), 0.0)
    return value.read_histories(frequency=again, recency=between, age=tenure, unit="day")


def beaten_note(shipped: str, differences: tuple[Difference, ...]) -> tuple[str, ...]:
    """What must be said where the baseline ranks better than the model that was shipped."""
    for difference in differences:
        gain = difference.auc
        if (difference.better, difference.than) == (shipped, NAME) and gain.high < 0:
            return (_better(shipped, -gain.value, -gain.high, -gain.low),)
        if (difference.better, difference.than) == (NAME, shipped) and gain.low > 0:
            return (_better(shipped, gain.value, gain.low, gain.high),)
    return ()


def _better(shipped: str, value: float, low: float, high: float) -> str:
    return note("alive-better", shipped=shipped, gain=f"{value:+.3f}", low=f"{low:+.3f}", high=f"{high:+.3f}")


def _numbers(rows: Rows, name: str) -> NDArray[np.float64]:
    column = rows.column(name)
    assert column is not None  # landmarks have these three, and whoever excludes one is told
    return column.values.astype(np.float64)

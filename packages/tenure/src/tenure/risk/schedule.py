"""When to look: training landmarks, then calibration, then test, none beginning before the last one's labels ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from tenure.risk.errors import TimeTooShort

Role = Literal["train", "calibration", "test"]
DAY: Final = 86_400_000_000
_MOST_TRAINING: Final = 6


@dataclass(frozen=True, slots=True)
class Schedule:
    """Landmarks of each role as moments (µs UTC), ascending; `apart` tells whether calibration has its own time."""

    train: tuple[int, ...]
    calibration: tuple[int, ...]
    test: tuple[int, ...]
    apart: bool

    def of(self, role: Role) -> tuple[int, ...]:
        """The landmarks of a role."""
        return {"train": self.train, "calibration": self.calibration, "test": self.test}[role]


def plan(*, first: int, last: int, gap_days: int, horizon_days: int, lookback_days: int, every_days: int) -> Schedule:
    """The latest landmarks for which everything has ended by `last`, with at least `lookback_days` of past each.

    Each part begins only when every label window of the part before it has ended. Where there is no room for a
    calibration part in between, it uses the training landmarks, with customers of its own. Raises TimeTooShort.
    """
    span, step = (gap_days + horizon_days) * DAY, every_days * DAY
    start = first + lookback_days * DAY
    for tests, calibrations in ((3, 2), (2, 1), (1, 1), (1, 0)):
        test = _back(last - span, step, count=tests)
        calibration = _back(test[0] - span, step, count=calibrations)
        before = (calibration or test)[0] - span
        if before >= start:
            train = tuple(at for at in _back(before, step, count=_MOST_TRAINING) if at >= start)
            return Schedule(train, calibration or train, test, apart=bool(calibrations))
    have, need = (last - first) // DAY, lookback_days + 2 * (gap_days + horizon_days)
    raise TimeTooShort(have=have, gap=gap_days, horizon=horizon_days, need=need)


def _back(latest: int, step: int, *, count: int) -> tuple[int, ...]:
    return tuple(latest - step * n for n in reversed(range(count)))

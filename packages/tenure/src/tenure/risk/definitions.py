"""What leaving means in one model: when it looked, how far ahead, who counted as active."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from tenure.risk.errors import DaysBad, NotAModel


@dataclass(frozen=True, slots=True)
class Definition:
    """Everything that must be the same when a model is learnt and when it is asked again.

    At a landmark t0 a customer is active when seen in the `active_days` up to t0; they left when nothing was seen
    (or, with `leaving`, when a leaving fact came) in (t0 + gap, t0 + gap + horizon].
    """

    horizon_days: int
    gap_days: int
    active_days: int
    windows: tuple[int, ...]
    names: tuple[str, ...]
    zone: str
    activity: str
    leaving: str | None
    noun: str
    has_amounts: bool

    @property
    def active_in_words(self) -> str:
        """Who is scored at all."""
        return f"{self.activity} within the {self.active_days} days before"

    @property
    def left_in_words(self) -> str:
        """What counts as having left."""
        what = f"no {self.activity}" if self.leaving is None else self.leaving
        return f"{what} in the {self.horizon_days} days that begin {self.gap_days} days after the landmark"

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {**asdict(self), "windows": list(self.windows), "names": list(self.names)}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Definition:
        """Read what `to_dict` wrote."""
        try:
            return cls(**{**stored, "windows": tuple(stored["windows"]), "names": tuple(stored["names"])})
        except (KeyError, TypeError) as refused:
            raise NotAModel(why=f"its definition cannot be read ({refused})") from refused


def check_days(
    *, horizon_days: int, gap_days: int, active_days: int, every_days: int, windows: tuple[int, ...]
) -> None:
    """Refuse lengths that make no question."""
    for name, value, least in (
        ("horizon_days", horizon_days, 1),
        ("gap_days", gap_days, 0),
        ("active_days", active_days, 1),
        ("every_days", every_days, 1),
    ):
        if not isinstance(value, int) or value < least:
            raise DaysBad(name=name, value=value, why=f"it is a whole number of days, {least} or more")
    if not windows or list(windows) != sorted(set(windows)) or windows[0] < 1:
        raise DaysBad(
            name="windows", value=windows, why="they are different numbers of days, rising, such as (7, 30, 90)"
        )

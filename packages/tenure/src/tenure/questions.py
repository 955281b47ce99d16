"""What was asked, frozen, and said in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from tenure.kinds import DEFINITIONS

_COHORTS = {
    "first_ever": "whose first such fact ever",
    "first_in_window": "whose first such fact within the window",
    "born_column": "whose own date of birth",
    "recurring": "recurring: counted again in every {period} with such a fact, which",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Exactly what a Retention answers."""

    begin: str
    back: str
    cohort: str
    period: str
    window: str
    zone: str
    as_of: str
    periods: int
    kinds: tuple[str, ...]
    bracket: str
    since: str | None = None
    until: str | None = None
    by: str | None = None
    by_when: str = "birth"
    follow_up: int | None = None
    level: float = 0.95
    definitions: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence()

    def sentence(self) -> str:
        """The question in a sentence."""
        span = "".join((f" from {self.since}" if self.since else "", f" before {self.until}" if self.until else ""))
        by = f", by {self.by} {'at birth' if self.by_when == 'birth' else 'as it was then'}" if self.by else ""
        return (
            f"Customers {_COHORTS[self.cohort].format(period=self.period)} ({self.begin}) "
            f"fell in a {self.period}{span}, "
            f"and came back ({self.back}), {self._windows()}{by}, as of {self.as_of}."
        )

    def _windows(self) -> str:
        if self.window == "personal":
            length = f"windows of {self.period} (24-hour days)"
            return f"in {length} from each one's first moment, cohorts by date in {self.zone}"
        return f"by {self.period} in {self.zone}"


def definitions(kinds: tuple[str, ...], *, period: str, bracket: str, follow_up: int | None) -> dict[str, str]:
    """Each kind in words, with its bracket and what makes rolling provisional."""
    said = {kind: DEFINITIONS[kind].format(period=period, bracket=bracket) for kind in kinds}
    if "rolling" in said:
        said["rolling"] += (
            "; provisional, because later facts can still raise it"
            if follow_up is None
            else f", up to {period} {follow_up}; provisional until that has ended"
        )
    return said

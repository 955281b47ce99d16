"""The share in target. A breach counts from the moment it happens, also while the customer still waits."""

from dataclasses import dataclass
from typing import Final

# Kept: met by the time it was due, or resolved in time. Broken: met, ended or still open after it.
# Left out: no target, still in time, paused with time left, and void (ended in time without an answer).
ENDED: Final = {
    "first": ("turn.answered_at", "coalesce(turn.answered_at, turn.stopped_at)", "turn"),
    "next": ("turn.answered_at", "coalesce(turn.answered_at, turn.stopped_at)", "turn"),
    "resolution": ("episode.ended_at", "episode.ended_at", "episode"),
}
NEVER: Final = ("false", "false", "NULL::timestamptz")


@dataclass(frozen=True, slots=True)
class Kept:
    """Of promises that are decided, how many were kept; `open_broken` of the broken ones still wait."""

    kept: int = 0
    broken: int = 0
    open_broken: int = 0

    @property
    def n(self) -> int:
        return self.kept + self.broken

    @property
    def share(self) -> float | None:
        return self.kept / self.n if self.n else None


def conditions(kind: str) -> tuple[str, str, str]:
    """SQL for kept, for broken, and for the moment it was over."""
    met, over, row = ENDED[kind]
    due = f"{row}.due_at"
    kept = f"({met} IS NOT NULL AND ({due} IS NULL OR {met} <= {due}))"
    broken = f"({due} IS NOT NULL AND coalesce({over}, %(now)s) > {due})"
    return f"({row}.target_seconds IS NOT NULL AND {kept})", f"({row}.target_seconds IS NOT NULL AND {broken})", over

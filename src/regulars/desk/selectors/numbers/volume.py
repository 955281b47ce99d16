"""How much came in, how much of it was settled, and how much came back."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

from regulars.desk.selectors.numbers.asking import Question
from regulars.desk.selectors.numbers.days import Tables
from regulars.desk.selectors.numbers.picking import tables_for
from regulars.desk.selectors.numbers.quick import volume_counts
from regulars.desk.selectors.numbers.rows import Parts

K = TypeVar("K", date, str)


@dataclass(frozen=True, slots=True)
class Volume:
    """Episodes that began in the period, and what became of them since.

    `replies` is the sum of replies in the resolved ones. `reopened` of the resolved ones were taken up
    again.
    """

    began: int = 0
    reopenings: int = 0
    messages: int = 0
    resolved: int = 0
    reopened: int = 0
    replies: int = 0

    @property
    def replies_each(self) -> float | None:
        """Replies per resolution."""
        return self.replies / self.resolved if self.resolved else None

    @property
    def reopened_share(self) -> float | None:
        return self.reopened / self.resolved if self.resolved else None


def volume(question: Question, *, tables: Tables | None = None) -> Parts[Volume]:
    """Counts of episodes; whoever wears several labels is counted once in the whole."""
    tables = tables or tables_for(question)
    by_step, by_group = volume_counts(question, tables)
    steps = {step: Volume(*counts) for step, counts in by_step}
    return Parts(_sum(list(steps.values())), steps, {group: Volume(*counts) for group, counts in sorted(by_group)})


def _sum(parts: Sequence[Volume]) -> Volume:
    return Volume(*(sum(getattr(part, each.name) for part in parts) for each in fields(Volume)))

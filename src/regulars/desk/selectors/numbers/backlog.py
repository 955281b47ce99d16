"""What was not resolved at the end of each day."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from regulars.desk.selectors.numbers.asking import Question
from regulars.desk.selectors.numbers.days import Tables
from regulars.desk.selectors.numbers.picking import tables_for
from regulars.desk.selectors.numbers.quick import opened_and_ended
from regulars.kernel import clock


@dataclass(frozen=True, slots=True)
class Backlog:
    """Of one day: how many were opened and ended on it, and how many were left at its end, or are left now."""

    opened: int
    ended: int
    left: int


def backlog(question: Question, *, tables: Tables | None = None) -> dict[date, Backlog]:
    """Every day of the period up to today, with its backlog. Conversations we began are in it too."""
    last = min(question.until - timedelta(days=1), clock.today(question.zone))
    days = [question.since + timedelta(days=number) for number in range((last - question.since).days + 1)]
    if not days:
        return {}
    opened, ended, before = opened_and_ended(question, tables or tables_for(question), days)
    left = list(accumulate((came - went for came, went in zip(opened, ended, strict=True)), initial=before))
    return {day: Backlog(*each) for day, *each in zip(days, opened, ended, left[1:], strict=True)}

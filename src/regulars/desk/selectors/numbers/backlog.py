"""What was not resolved at the end of each day."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from regulars.desk.selectors.numbers.asking import Query, Question
from regulars.desk.selectors.numbers.days import Tables
from regulars.desk.selectors.numbers.picking import tables_for
from regulars.desk.selectors.numbers.quick import opened_and_ended
from regulars.desk.selectors.numbers.rows import fetch
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
    tables = tables or tables_for(question)
    opened, ended, before = by_queries(question, days) if tables is None else opened_and_ended(question, tables, days)
    left = list(accumulate((came - went for came, went in zip(opened, ended, strict=True)), initial=before))
    return {day: Backlog(*each) for day, *each in zip(days, opened, ended, left[1:], strict=True)}


def by_queries(question: Question, days: list[date]) -> tuple[list[int], list[int], int]:
    """How many were opened and ended on each of these days, and how many were open when the first began."""
    edges = [question.midnight(day) for day in (*days, days[-1] + timedelta(days=1))]
    query = Query(question, "episode", {"edges": edges})
    opened, ended = (f"width_bucket(episode.{name}_at, %(edges)s::timestamptz[])" for name in ("opened", "ended"))
    sql = f"""
        SELECT {opened}, {ended}, count(*) {query.tables()}
        WHERE episode.opened_at < %(end)s AND (episode.ended_at IS NULL OR episode.ended_at >= %(start)s)
              {query.narrowed()}
        GROUP BY 1, 2
    """
    counts = [[0] * (len(edges) + 1) for _ in range(2)]
    for place, gone, n in fetch(sql, query.given):
        counts[0][place] += n
        if gone:
            counts[1][gone] += n
    return counts[0][1:-1], counts[1][1:-1], counts[0][0]

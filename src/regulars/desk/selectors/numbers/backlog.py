"""What was not resolved at the end of each day."""

from dataclasses import dataclass
from datetime import date

from regulars.desk.selectors.numbers.asking import Query, Question
from regulars.desk.selectors.numbers.rows import fetch
from regulars.kernel import clock


@dataclass(frozen=True, slots=True)
class Backlog:
    """Of one day: how many were opened and ended on it, and how many were left at its end, or are left now."""

    opened: int
    ended: int
    left: int


def backlog(question: Question) -> dict[date, Backlog]:
    """Every day of the period up to today, with its backlog. Conversations we began are in it too."""
    query = Query(question, "episode", {"now": clock.now()})
    opened_on, ended_on = (f"{query.local(f'episode.{name}_at')}::date" for name in ("opened", "ended"))
    sql = f"""
        WITH rounds AS (
            SELECT {opened_on} AS opened_on, {ended_on} AS ended_on
            {query.tables()}
            WHERE episode.opened_at < (%(until)s::timestamp AT TIME ZONE %(zone)s)
              AND (episode.ended_at IS NULL OR episode.ended_at >= (%(since)s::timestamp AT TIME ZONE %(zone)s))
              {query.narrowed()}
        ), days AS (
            SELECT day::date FROM generate_series(%(since)s::date,
                least(%(until)s::date - 1, {query.local("%(now)s::timestamptz")}::date), interval '1 day') AS day
        ), opened AS (SELECT opened_on AS day, count(*) AS n FROM rounds GROUP BY 1),
        ended AS (SELECT ended_on AS day, count(*) AS n FROM rounds WHERE ended_on IS NOT NULL GROUP BY 1)
        SELECT day, coalesce(opened.n, 0), coalesce(ended.n, 0),
               (SELECT count(*) FROM rounds WHERE opened_on < %(since)s)
               + sum(coalesce(opened.n, 0) - coalesce(ended.n, 0)) OVER (ORDER BY day)
        FROM days LEFT JOIN opened USING (day) LEFT JOIN ended USING (day)
        ORDER BY day
    """
    return {day: Backlog(opened, ended, int(left)) for day, opened, ended, left in fetch(sql, query.given)}

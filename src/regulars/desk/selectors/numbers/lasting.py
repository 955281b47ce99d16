"""How long it takes: median, 90th percentile and mean of responses and resolutions, each with its n."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from regulars.desk.selectors.numbers.asking import COUNTED, EPISODES, TURNS, Query, Question
from regulars.desk.selectors.numbers.rows import Parts, fetch

KINDS: Final = ("first", "next", "resolution", "bot")


@dataclass(frozen=True, slots=True)
class Lasting:
    """Seconds of `n` spans; null when there is none. The percentiles interpolate (`percentile_cont`)."""

    n: int = 0
    median: float | None = None
    ninetieth: float | None = None
    mean: float | None = None


NOTHING: Final = Lasting()


def source(kind: str, query_row: str = "") -> tuple[str, str, str]:
    """For a kind: the row that says how it stood, the tables, and the further condition."""
    if kind == "first":
        return "turn", TURNS, "turn.ordinal = 0"
    if kind == "next":
        return "turn", TURNS, "turn.ordinal > 0"
    return "episode", EPISODES, "true"


def column(kind: str, *, is_business: bool) -> str:
    """The column of the seconds."""
    row, _, _ = source(kind)
    name = "business_seconds" if is_business else "seconds"
    return f"{row}.{'bot_' if kind == 'bot' else ''}{name}"


def durations(question: Question, kind: str, *, is_business: bool = True) -> Parts[Lasting]:
    """First responses, next responses, resolutions or the bot's answers of the episodes that began in the period.

    The whole counts each span once, also where groups overlap.
    """
    whole, steps = _asked(question, kind, is_business=is_business, over="step")
    groups = _asked(question, kind, is_business=is_business, over="group")[1] if question.by else {}
    return Parts(whole, steps, groups)


def _asked(question: Question, kind: str, *, is_business: bool, over: str) -> tuple[Lasting, dict[Any, Lasting]]:
    row, tables, condition = source(kind)
    query = Query(question, row)
    seconds = column(kind, is_business=is_business)
    part = query.bucket("episode.began_at") if over == "step" else query.group()
    sql = f"""
        SELECT part, grouping(part), count(*),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds),
               percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds), avg(seconds)
        FROM (SELECT {part} AS part, {seconds} AS seconds
              {tables} {query.spread() if over == "group" else ""}
              WHERE {COUNTED} AND {condition} AND {seconds} IS NOT NULL
                AND {query.within("episode.began_at")} {query.narrowed()}) AS spans
        GROUP BY GROUPING SETS ((), (part))
    """
    whole, parts = NOTHING, {}
    for name, is_whole, n, median, ninetieth, mean in fetch(sql, query.given):
        found = Lasting(n, median, ninetieth, mean)
        if is_whole:
            whole = found
        else:
            parts[_named(name)] = found
    return whole, parts


def _named(part: date | str | None) -> date | str:
    return "" if part is None else part

"""How long it takes, each figure with its n, and how many promises of it were kept, in one reading of the rows."""

from dataclasses import dataclass
from typing import Any, Final

from regulars.desk.selectors.numbers.asking import Query, Question
from regulars.desk.selectors.numbers.promised import NEVER, Kept, conditions
from regulars.desk.selectors.numbers.rows import Parts, fetch
from regulars.kernel import clock

KINDS: Final = ("first", "next", "resolution", "bot")
# For each kind the row that has it, and the further condition.
SOURCES: Final = {
    "first": ("turn", "turn.ordinal = 0"),
    "next": ("turn", "turn.ordinal > 0"),
    "resolution": ("episode", "true"),
    "bot": ("episode", "true"),
}


@dataclass(frozen=True, slots=True)
class Lasting:
    """Seconds of `n` spans; null when there is none. The percentiles interpolate (`percentile_cont`)."""

    n: int = 0
    median: float | None = None
    ninetieth: float | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """How long one kind of span takes, and what was promised of it."""

    lasting: Lasting = Lasting()  # frozen, and nothing but its defaults
    kept: Kept = Kept()  # noqa: RUF009


NOTHING: Final = Measured()


def column(kind: str, *, is_business: bool) -> str:
    """The column of the seconds."""
    name = "business_seconds" if is_business else "seconds"
    return f"{SOURCES[kind][0]}.{'bot_' if kind == 'bot' else ''}{name}"


def measured(question: Question, kind: str, *, is_business: bool = True) -> Parts[Measured]:
    """First responses, next responses, resolutions or the bot's answers of the episodes that began in the period.

    The whole counts each span once, also where groups overlap.
    """
    whole, steps = _asked(question, kind, is_business=is_business, over="step")
    groups = _asked(question, kind, is_business=is_business, over="group")[1] if question.by else {}
    return Parts(whole, steps, groups)


def _asked(question: Question, kind: str, *, is_business: bool, over: str) -> tuple[Measured, dict[Any, Measured]]:
    row, condition = SOURCES[kind]
    query = Query(question, row, {"now": clock.now()})
    is_kept, is_broken, ended = conditions(kind) if kind != "bot" else NEVER
    part = query.bucket(query.began_at) if over == "step" else query.group()
    sql = f"""
        SELECT part, grouping(part), count(seconds),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds),
               percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds), avg(seconds),
               count(*) FILTER (WHERE is_kept), count(*) FILTER (WHERE is_broken),
               count(*) FILTER (WHERE is_broken AND is_open)
        FROM (SELECT {part} AS part, {column(kind, is_business=is_business)} AS seconds,
                     {is_kept} AS is_kept, {is_broken} AS is_broken, {ended} IS NULL AS is_open
              {query.tables()} {query.spread() if over == "group" else ""}
              WHERE {condition} AND {query.counted()}) AS spans
        GROUP BY GROUPING SETS ((), (part))
    """
    whole, parts = NOTHING, {}
    for name, is_whole, n, median, ninetieth, mean, *promises in fetch(sql, query.given):
        found = Measured(Lasting(n, median, ninetieth, mean), Kept(*promises))
        if is_whole:
            whole = found
        elif found != NOTHING:
            parts["" if name is None else name] = found
    return whole, parts

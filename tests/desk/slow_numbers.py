"""The figures by one obvious query each: what the quick ones must agree with."""

from datetime import date
from typing import Any

from regulars.desk.selectors.numbers import Kept, Lasting, Measured, Parts, Question, Volume
from regulars.desk.selectors.numbers.asking import Query
from regulars.desk.selectors.numbers.lasting import NOTHING, SOURCES, column
from regulars.desk.selectors.numbers.promised import NEVER, conditions
from regulars.desk.selectors.numbers.rows import fetch
from regulars.desk.selectors.numbers.workload import PARTS
from regulars.kernel import clock

REOPENED = """EXISTS (SELECT 1 FROM desk_episode later WHERE later.conversation_id = episode.conversation_id
              AND later.ordinal = episode.ordinal + 1)"""


def measured(question: Question, kind: str, *, is_business: bool = True) -> Parts[Measured]:
    whole, steps = _measured(question, kind, is_business=is_business, over="step")
    groups = _measured(question, kind, is_business=is_business, over="group")[1] if question.by else {}
    return Parts(whole, steps, groups)


def volume(question: Question) -> Parts[Volume]:
    whole, steps = _volume(question, over="step")
    return Parts(whole, steps, _volume(question, over="group")[1] if question.by else {})


def _measured(question: Question, kind: str, *, is_business: bool, over: str) -> tuple[Measured, dict[Any, Measured]]:
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


def _volume(question: Question, *, over: str) -> tuple[Volume, dict[Any, Volume]]:
    query = Query(question, "episode")
    part = query.bucket(query.began_at) if over == "step" else query.group()
    sql = f"""
        SELECT part, grouping(part), count(*), count(*) FILTER (WHERE ordinal > 1), coalesce(sum(messages), 0),
               count(*) FILTER (WHERE is_resolved), count(*) FILTER (WHERE is_resolved AND is_reopened),
               coalesce(sum(replies) FILTER (WHERE is_resolved), 0)
        FROM (SELECT {part} AS part, episode.ordinal, episode.messages, episode.replies,
                     episode.ending = 'resolved' AS is_resolved, {REOPENED} AS is_reopened
              {query.tables()} {query.spread() if over == "group" else ""}
              WHERE {query.counted()}) AS rounds
        GROUP BY GROUPING SETS ((), (part))
    """
    whole, parts = Volume(), {}
    for name, is_whole, *counts in fetch(sql, query.given):
        if is_whole:
            whole = Volume(*counts)
        else:
            parts["" if name is None else name] = Volume(*counts)
    return whole, parts


def backlog(question: Question, days: list[date]) -> dict[date, tuple[int, int, int]]:
    query = Query(question, "episode", {"days": days})
    opened, ended = (f"{query.local(f'episode.{name}_at')}::date" for name in ("opened", "ended"))
    sql = f"""
        SELECT day, count(*) FILTER (WHERE opened = day), count(*) FILTER (WHERE ended = day),
               count(*) FILTER (WHERE opened <= day AND (ended IS NULL OR ended > day))
        FROM unnest(%(days)s::date[]) AS day,
             (SELECT {opened} AS opened, {ended} AS ended {query.tables()} WHERE true {query.narrowed()}) AS rounds
        GROUP BY day
    """
    return {day: (came, went, left) for day, came, went, left in fetch(sql, query.given)}


def workload(question: Question, part: str) -> dict[int, int]:
    row, whose, done_at = PARTS[part]
    query = Query(question, row)
    done = query.within(done_at) if done_at else "episode.ended_at IS NULL"
    is_resolved = "episode.ending = 'resolved'" if part == "resolved" else "true"
    sql = f"""SELECT {whose}, count(*) {query.tables()}
              WHERE {whose} IS NOT NULL AND {done} AND {is_resolved} {query.narrowed()} GROUP BY 1"""
    return dict(fetch(sql, query.given))

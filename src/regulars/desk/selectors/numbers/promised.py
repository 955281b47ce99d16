"""The share in target. A breach counts from the moment it happens, also while the customer still waits."""

from dataclasses import dataclass
from typing import Any

from regulars.desk.selectors.numbers.asking import COUNTED, Query, Question
from regulars.desk.selectors.numbers.lasting import source
from regulars.desk.selectors.numbers.rows import Parts, fetch
from regulars.kernel import clock

# Kept: met by the time it was due, or resolved in time. Broken: met, ended or still open after it.
# Left out: no target, still in time, paused with time left, and void (ended in time without an answer).
ENDED = {
    "first": ("turn.answered_at", "coalesce(turn.answered_at, turn.stopped_at)", "turn"),
    "next": ("turn.answered_at", "coalesce(turn.answered_at, turn.stopped_at)", "turn"),
    "resolution": ("episode.ended_at", "episode.ended_at", "episode"),
}


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
    """SQL for kept, broken and broken while still open."""
    met, over, row = ENDED[kind]
    due = f"{row}.due_at"
    kept = f"({met} IS NOT NULL AND ({due} IS NULL OR {met} <= {due}))"
    broken = f"({due} IS NOT NULL AND coalesce({over}, %(now)s) > {due})"
    return f"({row}.target_seconds IS NOT NULL AND {kept})", f"({row}.target_seconds IS NOT NULL AND {broken})", over


def kept(question: Question, kind: str) -> Parts[Kept]:
    """Shares of first responses, next responses or resolutions in target."""
    whole, steps = _asked(question, kind, over="step")
    groups = _asked(question, kind, over="group")[1] if question.by else {}
    return Parts(whole, steps, groups)


def _asked(question: Question, kind: str, *, over: str) -> tuple[Kept, dict[Any, Kept]]:
    row, tables, condition = source(kind)
    query = Query(question, row, {"now": clock.now()})
    is_kept, is_broken, ended = conditions(kind)
    part = query.bucket("episode.began_at") if over == "step" else query.group()
    sql = f"""
        SELECT part, grouping(part), count(*) FILTER (WHERE is_kept), count(*) FILTER (WHERE is_broken),
               count(*) FILTER (WHERE is_broken AND is_open)
        FROM (SELECT {part} AS part, {is_kept} AS is_kept, {is_broken} AS is_broken, {ended} IS NULL AS is_open
              {tables} {query.spread() if over == "group" else ""}
              WHERE {COUNTED} AND {condition} AND {query.within("episode.began_at")} {query.narrowed()}) AS promises
        WHERE is_kept OR is_broken
        GROUP BY GROUPING SETS ((), (part))
    """
    whole, parts = Kept(), {}
    for name, is_whole, *counts in fetch(sql, query.given):
        if is_whole:
            whole = Kept(*counts)
        else:
            parts["" if name is None else name] = Kept(*counts)
    return whole, parts

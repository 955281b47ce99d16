"""Who carries how much, and the conversations behind it."""

from dataclasses import dataclass
from typing import Final

from regulars.desk.selectors.numbers.asking import Query, Question
from regulars.desk.selectors.numbers.days import Tables
from regulars.desk.selectors.numbers.drilling import Drill, Found
from regulars.desk.selectors.numbers.lasting import column
from regulars.desk.selectors.numbers.picking import tables_for
from regulars.desk.selectors.numbers.quick import done_by
from regulars.desk.selectors.numbers.rows import fetch

# For each part the row it counts, whose it is, and what is counted; by when it was done, not by when it began.
PARTS: Final = {
    "answered": ("turn", "turn.agent_id", "turn.answered_at"),
    "resolved": ("episode", "episode.resolved_by", "episode.ended_at"),
    "open_now": ("episode", "episode.agent_id", ""),
}


@dataclass(slots=True)
class Load:
    """One agent: turns answered and conversations resolved in the period, and what they have open now."""

    answered: int = 0
    resolved: int = 0
    open_now: int = 0


def workload(question: Question, *, tables: Tables | None = None) -> dict[int, Load]:
    """Every agent who did something in the period or has something now."""
    # What is open now may have begun after the period: the database knows it, and it is not much.
    done = done_by(question, tables or tables_for(question)) | {"open_now": _open_now(question)}
    found: dict[int, Load] = {}
    for part, each in done.items():
        for agent_id, n in each.items():
            setattr(found.setdefault(agent_id, Load()), part, n)
    return dict(sorted(found.items()))


def _open_now(question: Question) -> dict[int, int]:
    query = Query(question, "episode")
    sql = f"SELECT episode.agent_id, count(*) {query.tables()} WHERE {_counted('open_now', query)} GROUP BY 1"
    return dict(fetch(sql, query.given))


def carried(question: Question, part: str, *, agent_id: int, is_business: bool = True) -> Found:
    """The first page of what `drill_load` finds."""
    return drill_load(question, part, agent_id=agent_id, is_business=is_business).page()


def drill_load(question: Question, part: str, *, agent_id: int, is_business: bool = True) -> Drill:
    """What one agent answered, resolved or has open: the conversations behind one of the numbers of a `Load`."""
    row, whose, _ = PARTS[part]
    query = Query(question, row, {"agent": agent_id})
    seconds = column("next" if row == "turn" else "resolution", is_business=is_business)
    source = f"{query.tables(also='episode')} WHERE {_counted(part, query)} AND {whose} = %(agent)s"
    return Drill(seconds, source, query.given, row)


def _counted(part: str, query: Query) -> str:
    _, whose, done_at = PARTS[part]
    done = query.within(done_at) if done_at else "episode.ended_at IS NULL"
    is_resolved = " AND episode.ending = 'resolved'" if part == "resolved" else ""
    return f"{whose} IS NOT NULL AND {done}{is_resolved} {query.narrowed()}"

"""Who carries how much."""

from dataclasses import dataclass

from regulars.desk.selectors.numbers.asking import Query, Question
from regulars.desk.selectors.numbers.rows import fetch


@dataclass(slots=True)
class Load:
    """One agent: turns answered and conversations resolved in the period, and what they have open now."""

    answered: int = 0
    resolved: int = 0
    open_now: int = 0


def workload(question: Question) -> dict[int, Load]:
    """Every agent who did something or has something, by when they did it (not by when the episode began)."""
    found: dict[int, Load] = {}
    for name, rows in _counts(question).items():
        for agent_id, n in rows:
            setattr(found.setdefault(agent_id, Load()), name, n)
    return dict(sorted(found.items()))


def _counts(question: Question) -> dict[str, list[tuple[int, int]]]:
    turns, rounds = Query(question, "turn"), Query(question, "episode")
    answered = f"""SELECT turn.agent_id, count(*) {turns.tables()}
        WHERE turn.agent_id IS NOT NULL AND {turns.within("turn.answered_at")} {turns.narrowed()} GROUP BY 1"""
    resolved = f"""SELECT episode.resolved_by, count(*) {rounds.tables()} WHERE episode.resolved_by IS NOT NULL
        AND episode.ending = 'resolved' AND {rounds.within("episode.ended_at")} {rounds.narrowed()} GROUP BY 1"""
    open_now = f"""SELECT episode.agent_id, count(*) {rounds.tables()}
        WHERE episode.agent_id IS NOT NULL AND episode.ended_at IS NULL {rounds.narrowed()} GROUP BY 1"""
    return {
        "answered": [(row[0], row[1]) for row in fetch(answered, turns.given)],
        "resolved": [(row[0], row[1]) for row in fetch(resolved, rounds.given)],
        "open_now": [(row[0], row[1]) for row in fetch(open_now, rounds.given)],
    }

"""How much came in, how much of it was settled, and how much came back."""

from dataclasses import dataclass
from typing import Any

from regulars.desk.selectors.numbers.asking import Query, Question
from regulars.desk.selectors.numbers.rows import Parts, fetch


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


REOPENED = """EXISTS (SELECT 1 FROM desk_episode later WHERE later.conversation_id = episode.conversation_id
              AND later.ordinal = episode.ordinal + 1)"""


def volume(question: Question) -> Parts[Volume]:
    """Counts of episodes; whoever wears several labels is counted once in the whole."""
    whole, steps = _asked(question, over="step")
    groups = _asked(question, over="group")[1] if question.by else {}
    return Parts(whole, steps, groups)


def _asked(question: Question, *, over: str) -> tuple[Volume, dict[Any, Volume]]:
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

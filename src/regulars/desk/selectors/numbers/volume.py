"""How much came in, how much of it was settled, and how much came back."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TypeVar

from regulars.desk.selectors.numbers.asking import OVERLAPPING, Query, Question
from regulars.desk.selectors.numbers.days import Tables
from regulars.desk.selectors.numbers.picking import tables_for
from regulars.desk.selectors.numbers.quick import volume_counts
from regulars.desk.selectors.numbers.rows import Parts, fetch_gathered

K = TypeVar("K", date, str)


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


# Those taken up again are few: one list of them, looked through by hash, where EXISTS would look up every row.
REOPENED = """(episode.conversation_id, episode.ordinal + 1) IN
              (SELECT conversation_id, ordinal FROM desk_episode WHERE ordinal > 1)"""


def volume(question: Question, *, tables: Tables | None = None) -> Parts[Volume]:
    """Counts of episodes; whoever wears several labels is counted once in the whole."""
    tables = tables or tables_for(question)
    if tables is None:
        return by_queries(question)
    by_step, by_group = volume_counts(question, tables)
    steps = {step: Volume(*counts) for step, counts in by_step}
    return Parts(_sum(list(steps.values())), steps, {group: Volume(*counts) for group, counts in sorted(by_group)})


def by_queries(question: Question) -> Parts[Volume]:
    grouped = list(_cells(question))
    cells = list(_cells(replace(question, by=""))) if question.by in OVERLAPPING else grouped
    steps: dict[date, list[Volume]] = defaultdict(list)
    groups: dict[str, list[Volume]] = defaultdict(list)
    for step, _group, counted in cells:
        steps[step].append(counted)
    for _step, group, counted in grouped if question.by else ():
        groups[group].append(counted)
    return Parts(_sum([cell[2] for cell in cells]), _sums(steps), _sums(groups))


def _cells(question: Question) -> Iterator[tuple[date, str, Volume]]:
    """Every step and group in which anything began, with what did."""
    query, steps = Query(question, "episode"), question.steps()
    sql = f"""
        SELECT step, part, count(*), count(*) FILTER (WHERE ordinal > 1), coalesce(sum(messages), 0),
               count(*) FILTER (WHERE is_resolved), count(*) FILTER (WHERE is_resolved AND is_reopened),
               coalesce(sum(replies) FILTER (WHERE is_resolved), 0)
        FROM (SELECT {query.step_of(query.began_at)} AS step, {query.group()} AS part, episode.ordinal,
                     episode.messages, episode.replies, episode.ending = 'resolved' AS is_resolved,
                     {REOPENED} AS is_reopened
              {query.tables()} {query.spread()} WHERE {query.counted()}) AS rounds
        GROUP BY 1, 2
    """
    for place, group, *counts in fetch_gathered(sql, query.given):
        yield steps[place], group or "", Volume(*counts)


def _sums(parts: dict[K, list[Volume]]) -> dict[K, Volume]:
    return {name: _sum(parts[name]) for name in sorted(parts)}  # type: ignore[type-var]  # days, or texts


def _sum(parts: Sequence[Volume]) -> Volume:
    return Volume(*(sum(getattr(part, each.name) for part in parts) for each in fields(Volume)))

"""The question: which episodes, and how they are grouped. Everything else is built from it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from regulars.customers.selectors import labels

STEPS: Final = ("day", "week", "month")
FIELD: Final = "field "  # before the key of a field of the company's own, as it is filled in now
_OVERLAPPING: Final = ("label", "customer label")
BY: Final = ("agent", "team", "channel", "priority", "kind", "label", "customer label")

# A label may be one of several: such an episode counts in each of its groups, and once in the whole.
_COLUMNS: Final = {
    "agent": "{row}.agent_id::text",
    "team": "{row}.team_id::text",
    "channel": "{row}.channel_id::text",
    "priority": "{row}.priority::text",
    "kind": "{row}.kind",
}


# What a field holds, each of several choices by itself; null where it is not filled in.
FILLED: Final = """jsonb_array_elements_text(CASE jsonb_typeof({row}.fields -> {key}::text) WHEN 'array'
    THEN {row}.fields -> {key}::text ELSE jsonb_build_array({row}.fields -> {key}::text) END)"""


def is_overlapping(by: str) -> bool:
    """Whether an episode may be in several of these groups."""
    return by in _OVERLAPPING or by.startswith(FIELD)


@dataclass(frozen=True, slots=True)
class Question:
    """From `since` to before `until`, by local days of `zone`; `by` one of `BY`, a field (`FIELD`) or nothing.

    `where` narrows to one value each, as text: an id, a priority, a label.
    """

    since: date
    until: date
    zone: str
    step: str = "day"
    by: str = ""
    where: tuple[tuple[str, str], ...] = ()
    week_starts: str = "monday"

    def __post_init__(self) -> None:
        asked = ({self.by} if self.by else set()) | {name for name, _ in self.where}
        unknown = {by for by in asked - set(BY) if not by.startswith(FIELD)}
        if self.step not in STEPS or unknown or self.until <= self.since:
            raise ValueError(f"not a question about conversations: {self}")

    def midnight(self, day: date) -> datetime:
        """When a local day begins."""
        return datetime.combine(day, time(), ZoneInfo(self.zone))

    @property
    def start(self) -> datetime:
        return self.midnight(self.since)

    @property
    def end(self) -> datetime:
        return self.midnight(self.until)

    def steps(self) -> list[date]:
        """The first day of every step, the first perhaps before the period."""
        first = {
            "day": self.since,
            "week": self.since - timedelta(days=(self.since.weekday() + (self.week_starts == "sunday")) % 7),
            "month": self.since.replace(day=1),
        }[self.step]
        found = []
        while first < self.until:
            found.append(first)
            first = (
                (first.replace(day=28) + timedelta(days=4)).replace(day=1)
                if self.step == "month"
                else (first + timedelta(days=7 if self.step == "week" else 1))
            )
        return found


@dataclass(slots=True)
class Query:
    """Pieces of SQL about episodes and turns, with their parameters by name."""

    question: Question
    row: str  # whose columns say how it stood: "turn" or "episode"
    given: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        asked = self.question
        self.given |= {"until": asked.until, "start": asked.start, "end": asked.end, "zone": asked.zone}

    def local(self, column: str) -> str:
        """A moment as the wall's clock shows it."""
        return f"({column} AT TIME ZONE %(zone)s)"

    def bucket(self, column: str) -> str:
        """The first day of the step a moment falls in."""
        if self.question.step == "week" and self.question.week_starts == "sunday":
            return f"(date_trunc('week', {self.local(column)} + interval '1 day') - interval '1 day')::date"
        return f"date_trunc('{self.question.step}', {self.local(column)})::date"

    def within(self, column: str) -> str:
        """The condition that a moment lies in the period asked about."""
        return f"{column} >= %(start)s AND {column} < %(end)s"

    def group(self, by: str | None = None) -> str:
        """What a row is grouped by, as text; null when nothing was asked."""
        by = self.question.by if by is None else by
        if is_overlapping(by):
            return "worn.label"
        return _COLUMNS[by].format(row=self.row) if by else "NULL::text"

    @property
    def began_at(self) -> str:
        """When the row's episode began; a turn says so too."""
        return f"{self.row}.began_at"

    def tables(self, *, also: str = "") -> str:
        """What to read, with no table that the question does not need; `also` “episode” needs that one."""
        asked = {self.question.by, *(name for name, _ in self.question.where)}
        wants_conversation = "customer label" in asked or any(by.startswith(FIELD) for by in asked)
        tables = f"FROM desk_{self.row} {self.row}"
        if self.row == "turn" and (also or wants_conversation or "label" in asked):
            tables += " JOIN desk_episode episode ON episode.id = turn.episode_id"
        if wants_conversation:
            tables += " JOIN desk_conversation conversation ON conversation.id = episode.conversation_id"
        return tables

    def counted(self) -> str:
        """The condition on rows that figures count: those that began, within the period, and as narrowed.

        Episodes that were merged into another one have no turns of their own.
        """
        is_counted = "true" if self.row == "turn" else "episode.ending <> 'merged'"
        return f"{is_counted} AND {self.within(self.began_at)} {self.narrowed()}"

    def spread(self) -> str:
        """The join that lets a row stand once for each of its labels, where those were asked for."""
        if self.question.by == "label":
            return "LEFT JOIN LATERAL unnest(episode.labels) AS worn (label) ON true"
        if self.question.by == "customer label":
            return f"LEFT JOIN ({labels.WORN}) AS worn ON worn.customer_id = conversation.customer_id"
        if self.question.by.startswith(FIELD):
            self.given["field"] = self.question.by.removeprefix(FIELD)
            return f"LEFT JOIN LATERAL {FILLED.format(row='conversation', key='%(field)s')} AS worn (label) ON true"
        return ""

    def narrowed(self) -> str:
        """The conditions of `where`, each beginning with AND."""
        parts = []
        for number, (name, value) in enumerate(self.question.where):
            self.given |= {f"where{number}": value, f"field{number}": name.removeprefix(FIELD)}
            parts.append(f" AND {self._is(name, number)}")
        return "".join(parts)

    def _is(self, name: str, number: int) -> str:
        wanted = f"%(where{number})s"
        if name.startswith(FIELD):
            return f"{wanted} IN (SELECT {FILLED.format(row='conversation', key=f'%(field{number})s')})"
        if name == "label":
            return f"{wanted} = ANY(episode.labels)"
        if name == "customer label":
            return f"conversation.customer_id IN (SELECT customer_id FROM ({labels.WORN}) w WHERE label = {wanted})"
        return f"coalesce({self.group(name)}, '') = {wanted}"

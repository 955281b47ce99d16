"""The desk's figures, asked as the Numbers page asks them, and the conversations behind each."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from regulars.api.rest import answers
from regulars.api.rest.answers import Cursor
from regulars.api.rest.doors import CallingRequest
from regulars.api.rest.shapes import MaybeId, Shape
from regulars.api.rest.shapes import numbers as shapes
from regulars.api.rest.shapes.conversations import PRIORITIES, Kind, Priority
from regulars.desk.selectors import fields, numbers
from regulars.desk.selectors.numbers import BY, FIELD, MEASURES, MOST, PARTS, Measured, Question, Volume
from regulars.kernel import clock, page_settings
from regulars.kernel.errors import Invalid

router = Router(tags=["numbers"])
ASKED_FIELD = "field:"
LONGEST = timedelta(days=3660)
USUAL = timedelta(days=27)
KINDS = ("first", "next", "resolution", "bot")
LOADS = tuple(f"load {part}" for part in PARTS)


class NotAsked(Invalid):
    """This cannot be asked: a period ends after it begins and within ten years, and a group needs `by`."""


class NoSuchNumber(Invalid):
    """There is no such number."""


class Asked(Shape):
    """The question. Days are days in the company's time zone; without any, the last 28."""

    since: date | None = Field(None, description="The first day.")
    until: date | None = Field(None, description="The last day; today when left out.")
    step: Literal["day", "week", "month"] = "day"
    by: Annotated[
        str, Field(max_length=80, description=f"Told apart by: {', '.join(BY)}, or field:KEY, what that field holds.")
    ] = ""
    time: Literal["business", "calendar"] = "business"
    agent_id: MaybeId = None
    team_id: MaybeId = None
    channel_id: MaybeId = None
    priority: Priority | None = None
    kind: Kind | None = None
    label: str | None = Field(None, max_length=60)
    customer_label: str | None = Field(None, max_length=60)
    field: str | None = Field(None, max_length=1_100, description="Those in which a field holds this: KEY=VALUE.")

    @property
    def is_business(self) -> bool:
        return self.time == "business"

    def question(self) -> Question:
        """As the desk asks it; what cannot be asked is refused."""
        zone, until = page_settings.value("time_zone"), self.until or clock.today(page_settings.value("time_zone"))
        since = self.since or until - USUAL
        by = _by(self.by)
        if since > until or until - since > LONGEST:
            raise NotAsked
        return Question(
            since=since, until=until + timedelta(days=1), zone=zone, step=self.step, by=by, where=self._where(),
            week_starts=page_settings.value("week_starts"),
        )  # fmt: skip

    def _where(self) -> tuple[tuple[str, str], ...]:
        said = {
            "agent": self.agent_id, "team": self.team_id, "channel": self.channel_id, "kind": self.kind,
            "priority": PRIORITIES[self.priority] if self.priority else None,
            "label": self.label, "customer label": self.customer_label,
        }  # fmt: skip
        narrowed = tuple((name, str(value)) for name, value in said.items() if value is not None)
        if self.field is None:
            return narrowed
        key, _, value = self.field.partition("=")
        return (*narrowed, (_by(f"{ASKED_FIELD}{key}"), value.replace("\x00", "")))


def _by(asked: str) -> str:
    """What to tell apart by, as the desk calls it; a field has to be one of the company's."""
    if asked.startswith(ASKED_FIELD):
        key = asked.removeprefix(ASKED_FIELD)
        if key not in {row.key for row in fields.every()}:
            raise NotAsked
        return f"{FIELD}{key}"
    if asked and asked not in BY:
        raise NotAsked
    return asked


@router.get("/numbers", response=shapes.Numbers, operation_id="numbers.read")
def read(request: CallingRequest, asked: Query[Asked]) -> HttpResponse:
    """How much came in, how long it took, which promises were kept, what is left, and who carries how much."""
    question = asked.question()
    tables = numbers.tables_for(question)
    volume = numbers.volume(question, tables=tables)
    measured = numbers.all_measured(question, is_business=asked.is_business, tables=tables)
    backlog, loads = numbers.backlog(question, tables=tables), numbers.workload(question, tables=tables)

    def part(of: Callable[[Any], Any], *, step: date | None = None, group: str | None = None) -> shapes.Part:
        first, following, resolution, bot = (_lasting(of(measured[kind])) for kind in KINDS)
        return shapes.Part(
            step=step, group=group, volume=_volume(of(volume)), first=first, next=following, resolution=resolution,
            bot=bot,
        )  # fmt: skip

    every_step = sorted({*volume.steps, *(step for each in measured.values() for step in each.steps)})
    every_group = sorted({*volume.groups, *(group for each in measured.values() for group in each.groups)})
    shown = shapes.Numbers(
        since=question.since, until=question.until - timedelta(days=1), zone=question.zone,
        is_business=asked.is_business, whole=part(lambda parts: parts.whole),
        steps=[part(lambda parts, at=step: parts.steps.get(at), step=step) for step in every_step],
        groups=[part(lambda parts, of=group: parts.groups.get(of), group=group) for group in every_group],
        backlog=[shapes.Day(day=day, **asdict(one)) for day, one in sorted(backlog.items())],
        workload=[shapes.Load(agent_id=pk, **asdict(one)) for pk, one in loads.items()],
    )  # fmt: skip
    return answers.one(request, shown)


@router.get("/numbers/behind", response=shapes.Found, operation_id="numbers.behind")
def behind(
    request: CallingRequest,
    asked: Query[Asked],
    measure: Annotated[str, Field(max_length=30, description=f"One of {', '.join((*MEASURES, *LOADS))}.")],
    at: Annotated[date | None, Field(description="One step by its first day; of the backlog, one day.")] = None,
    group: Annotated[
        str | None, Field(max_length=100, description="One group; empty for those without. Of a load, the agent.")
    ] = None,
    limit: Annotated[int, Field(ge=1, le=MOST, description="How many at most.")] = MOST,
    cursor: Cursor = "",
) -> HttpResponse:
    """The conversations behind one of these numbers, the longest first."""
    question, after = asked.question(), _place(cursor)
    if measure in LOADS:
        drilled = _load(question, measure, group or "", is_business=asked.is_business)
    elif measure not in MEASURES:
        raise NoSuchNumber
    elif group is not None and not question.by:
        raise NotAsked
    else:
        drilled = numbers.drill(question, measure, is_business=asked.is_business, step=at, group=group)
    found = drilled.page(after=after, most=limit)
    following = answers.cursor(found.next.text) if found.next else None
    items = [shapes.Behind.of(row) for row in found.rows]
    return answers.one(request, shapes.Found(n=found.n, items=items, next=following))


def _place(cursor: str) -> numbers.Place | None:
    try:
        return numbers.Place.read(answers.place(cursor)) if cursor else None
    except numbers.NoPlace as error:
        raise answers.NotAPage from error


def _load(question: Question, measure: str, agent: str, *, is_business: bool) -> numbers.Drill:
    if not agent.isascii() or not agent.isdigit() or len(agent) > 18:
        raise NotAsked
    part = measure.removeprefix("load ")
    return numbers.drill_load(question, part, agent_id=int(agent), is_business=is_business)


def _volume(one: Volume | None) -> shapes.Volume:
    return shapes.Volume(**asdict(one or Volume()))


def _lasting(one: Measured | None) -> shapes.Lasting:
    one = one or Measured()
    return shapes.Lasting(
        **asdict(one.lasting), kept=one.kept.kept, broken=one.kept.broken, open_broken=one.kept.open_broken
    )

"""What the page shows of the answer: figures, steps, groups and workload, ready for the template."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.desk.selectors import numbers
from regulars.desk.selectors.numbers import Kept, Measured, Parts, Volume
from regulars.web.numbers.asking import Asked
from regulars.web.numbers.lasting_words import lasted
from regulars.web.numbers.links import Links, Place
from regulars.web.retention.showing import cohort_name

KINDS: Final = ("first", "next", "resolution", "bot")
NAMES: Final[dict[str, str | Promise]] = {
    "first": gettext_lazy("First response"),
    "next": gettext_lazy("Next responses"),
    "resolution": gettext_lazy("Resolution"),
    "bot": gettext_lazy("The bot’s first answer"),
}
FORMULAS: Final[dict[str, str | Promise]] = {
    "first": gettext_lazy(
        "From the customer’s first message, or the first after a reopening, to a colleague’s reply. The bot, automatic "
        "mail, notes and changes of status are no reply."
    ),
    "next": gettext_lazy(
        "From the customer’s first message since our last reply to a colleague’s next reply; several messages in a row "
        "are one wait. The first response is not among them."
    ),
    "resolution": gettext_lazy(
        "From the customer’s first message to the resolve, without the time in which it was the customer’s turn or the "
        "conversation was put aside. A reopening begins anew."
    ),
    "bot": gettext_lazy("From the customer’s first message to the bot’s answer."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of span: how long it lasts, and how many promises of it were kept."""

    kind: str
    name: str
    formula: str
    n: int
    count: str
    share: str
    median: str
    ninetieth: str
    mean: str
    kept: Kept


@dataclass(slots=True)
class Row:
    """One step or one group: its volume and its spans."""

    name: str
    volume: Volume
    began: str
    reopenings: str
    cells: list[dict[str, Any]]
    left: str = ""


@dataclass(frozen=True)
class Answer:
    """Everything the page and its files are made of, each worked out when it is needed, from one look at the days."""

    asked: Asked

    @cached_property
    def tables(self) -> numbers.Tables | None:
        """The days on disk, where they can tell."""
        return numbers.tables_for(self.asked.question)

    @cached_property
    def measured(self) -> dict[str, Parts[Measured]]:
        return numbers.all_measured(self.asked.question, is_business=self.asked.is_business, tables=self.tables)

    @cached_property
    def volume(self) -> Parts[Volume]:
        return numbers.volume(self.asked.question, tables=self.tables)

    @cached_property
    def backlog(self) -> dict[date, numbers.Backlog]:
        return numbers.backlog(self.asked.question, tables=self.tables)

    @cached_property
    def workload(self) -> dict[int, numbers.Load]:
        return numbers.workload(self.asked.question, tables=self.tables)

    @property
    def steps(self) -> list[date]:
        """Every step in which anything began, in order."""
        return sorted(self.volume.steps)


def answer(asked: Asked) -> Answer:
    """What the page shows, and its files."""
    return Answer(asked)


def lines(found: Answer, links: Links) -> list[Line]:
    """The table on top: a line for each kind of span; the bot's only where there is a bot."""
    return [_line(found, kind, links) for kind in KINDS if kind != "bot" or found.measured["bot"].whole.lasting.n]


def _line(found: Answer, kind: str, links: Links) -> Line:
    measured, is_business = found.measured[kind].whole, found.asked.is_business
    whole = measured.lasting
    return Line(
        kind,
        str(NAMES[kind]),
        str(FORMULAS[kind]),
        whole.n,
        count=links.count(whole.n, kind),
        share=links.share(measured.kept, kind),
        median=lasted(whole.median, is_business=is_business),
        ninetieth=lasted(whole.ninetieth, is_business=is_business),
        mean=lasted(whole.mean, is_business=is_business),
        kept=measured.kept,
    )


def step_rows(found: Answer, links: Links) -> list[Row]:
    """The steps, newest first."""
    left = last_left(found)
    return [
        _row(
            found,
            links,
            name=cohort_name(step, found.asked.question.step),
            place=Place(at=step.isoformat()),
            volume=found.volume.steps[step],
            pick=lambda parts, step=step: parts.steps.get(step),
            left=links.count(left[step][1], "backlog", Place(at=left[step][0].isoformat())) if step in left else "",
        )
        for step in reversed(found.steps)
    ]


def group_rows(found: Answer, links: Links) -> list[Row]:
    """The groups, the largest first."""
    by, names = found.asked.question.by, found.asked.names
    rows = [
        _row(
            found,
            links,
            name=names.name(by, group),
            place=Place(group=group),
            volume=volume,
            pick=lambda parts, group=group: parts.groups.get(group),
        )
        for group, volume in found.volume.groups.items()
    ]
    return sorted(rows, key=lambda row: (-row.volume.began, row.name))


def _row(found: Answer, links: Links, *, name: str, place: Place, volume: Volume, pick: Any, left: str = "") -> Row:
    """A line of steps or of groups; `pick` takes this part out of a figure."""
    cells = []
    for kind in ("first", "next", "resolution"):
        measured = pick(found.measured[kind]) or Measured()
        lasting = measured.lasting
        cells.append(
            {
                "n": links.count(lasting.n, kind, place) if lasting.n else "",
                "median": lasted(lasting.median, is_business=found.asked.is_business),
                "share": links.share(measured.kept, kind, place),
            }
        )
    began = links.count(volume.began, "began", place)
    reopenings = links.count(volume.reopenings, "reopenings", place)
    return Row(name, volume, began, reopenings, cells, left)


def last_left(found: Answer) -> dict[date, tuple[date, int]]:
    """The last day of each step so far, and the backlog at its end."""
    ends: dict[date, tuple[date, int]] = {}
    steps = found.steps
    for day, backlog in found.backlog.items():
        step = max((start for start in steps if start <= day), default=None)
        if step is not None:
            ends[step] = day, backlog.left
    return ends


def workload_rows(found: Answer, links: Links) -> list[dict[str, Any]]:
    """Who carries how much, the most answers first."""
    rows = [
        {
            "name": found.asked.names.name("agent", str(agent)),
            "answered": load.answered,
            "counts": [
                links.count(getattr(load, part), f"load {part}", Place(group=str(agent))) for part in numbers.PARTS
            ],
        }
        for agent, load in found.workload.items()
    ]
    return sorted(rows, key=lambda row: (-row["answered"], row["name"]))


def sentences(found: Answer) -> list[str]:
    """What the figures say, in words; nothing that they do not."""
    said = []
    first, kept = found.measured["first"].whole.lasting, found.measured["first"].whole.kept
    if first.median is not None:
        text = _(
            "Half of those who were answered had an answer within %(median)s; one in ten waited over %(ninetieth)s."
        )
        is_business = found.asked.is_business
        lengths = {
            "median": lasted(first.median, is_business=is_business),
            "ninetieth": lasted(first.ninetieth, is_business=is_business),
        }
        said.append((text % lengths).replace("..", "."))  # "Min." at the end of a German sentence
    if kept.open_broken:
        said.append(_("%(n)s still wait for a first answer that is overdue.") % {"n": kept.open_broken})
    volume = found.volume.whole
    if volume.reopened:
        text = _("%(n)s of %(all)s resolved ones were taken up again.")
        said.append(text % {"n": volume.reopened, "all": volume.resolved})
    return said

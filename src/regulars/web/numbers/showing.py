"""What the page shows of the answer: figures, steps, groups and workload, ready for the template."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.desk.selectors import numbers
from regulars.desk.selectors.numbers import Kept, Lasting, Parts, Volume
from regulars.web.numbers.asking import Asked
from regulars.web.numbers.lasting_words import lasted
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
    median: str
    ninetieth: str
    mean: str
    kept: Kept | None


@dataclass(slots=True)
class Row:
    """One step or one group: its volume and its spans."""

    name: str
    key: str
    volume: Volume = field(default_factory=Volume)
    cells: list[dict[str, Any]] = field(default_factory=list)
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything the page and its files are made of."""

    asked: Asked
    lasting: dict[str, Parts[Lasting]]
    kept: dict[str, Parts[Kept]]
    volume: Parts[Volume]
    backlog: dict[date, numbers.Backlog]

    @property
    def steps(self) -> list[date]:
        """Every step in which anything began, in order."""
        return sorted(set(self.volume.steps))


def answer(asked: Asked) -> Answer:
    """Ask everything the page shows."""
    question = asked.question
    return Answer(
        asked,
        {kind: numbers.durations(question, kind, is_business=asked.is_business) for kind in KINDS},
        {kind: numbers.kept(question, kind) for kind in KINDS if kind != "bot"},
        numbers.volume(question),
        numbers.backlog(question),
    )


def lines(found: Answer) -> list[Line]:
    """The table on top: a line for each kind of span; the bot's only where there is a bot."""
    return [_line(found, kind) for kind in KINDS if kind != "bot" or found.lasting["bot"].whole.n]


def _line(found: Answer, kind: str) -> Line:
    whole, is_business = found.lasting[kind].whole, found.asked.is_business
    return Line(
        kind,
        str(NAMES[kind]),
        str(FORMULAS[kind]),
        whole.n,
        median=lasted(whole.median, is_business=is_business),
        ninetieth=lasted(whole.ninetieth, is_business=is_business),
        mean=lasted(whole.mean, is_business=is_business),
        kept=found.kept[kind].whole if kind in found.kept else None,
    )


def step_rows(found: Answer) -> list[Row]:
    """The steps, newest first."""
    left = last_left(found)
    return [
        Row(
            name=cohort_name(step, found.asked.question.step),
            key=step.isoformat(),
            volume=found.volume.steps[step],
            cells=_cells(found, lambda parts, step=step: parts.steps.get(step)),
            left=left.get(step),
        )
        for step in reversed(found.steps)
    ]


def group_rows(found: Answer) -> list[Row]:
    """The groups, the largest first."""
    by, names = found.asked.question.by, found.asked.names
    rows = [
        Row(
            name=names.name(by, group),
            key=group,
            volume=volume,
            cells=_cells(found, lambda parts, group=group: parts.groups.get(group)),
        )
        for group, volume in found.volume.groups.items()
    ]
    return sorted(rows, key=lambda row: (-row.volume.began, row.name))


def last_left(found: Answer) -> dict[date, int]:
    """The backlog at the end of each step, or now in the one that still runs."""
    ends: dict[date, int] = {}
    steps = found.steps
    for day, backlog in found.backlog.items():
        step = max((start for start in steps if start <= day), default=None)
        if step is not None:
            ends[step] = backlog.left
    return ends


def _cells(found: Answer, pick: Any) -> list[dict[str, Any]]:
    """For each kind its median and n, and the share in target."""
    return [
        {
            "kind": kind,
            "n": (lasting := pick(found.lasting[kind]) or Lasting()).n,
            "median": lasted(lasting.median, is_business=found.asked.is_business),
            "kept": pick(found.kept[kind]) or Kept(),
        }
        for kind in ("first", "next", "resolution")
    ]


def workload_rows(asked: Asked) -> list[dict[str, Any]]:
    """Who carries how much, the most answers first."""
    load = numbers.workload(asked.question)
    rows = [{"name": asked.names.name("agent", str(agent)), "load": each} for agent, each in load.items()]
    return sorted(rows, key=lambda row: (-row["load"].answered, row["name"]))


def sentences(found: Answer) -> list[str]:
    """What the figures say, in words; nothing that they do not."""
    said = []
    first, kept = found.lasting["first"].whole, found.kept["first"].whole
    if first.median is not None:
        text = _(
            "Half of those who were answered had an answer within %(median)s; one in ten waited over %(ninetieth)s."
        )
        is_business = found.asked.is_business
        said.append(
            text
            % {
                "median": lasted(first.median, is_business=is_business),
                "ninetieth": lasted(first.ninetieth, is_business=is_business),
            }
        )
    if kept.open_broken:
        said.append(_("%(n)s still wait for a first answer that is overdue.") % {"n": kept.open_broken})
    volume = found.volume.whole
    if volume.reopened:
        text = _("%(n)s of %(all)s resolved ones were taken up again.")
        said.append(text % {"n": volume.reopened, "all": volume.resolved})
    return said

"""Who stays: a question frozen, answered from reduced forms, kept while the facts have not changed."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from zoneinfo import ZoneInfo

import numpy as np

import tenure
from regulars.customers.selectors import families
from regulars.insights import breakdown, kept_answers, reduced
from regulars.insights.definitions import Meant
from regulars.insights.errors import NothingYet
from regulars.insights.models import FactCount
from regulars.insights.sentences import words
from regulars.kernel import clock
from regulars.kernel.errors import Invalid
from regulars.kernel.fact_names import ORDER_COMPLETED


class Refused(Invalid):
    """This question has no answer; change a choice."""


# How many periods after the first are counted when the question does not say: enough to see the shape.
USUAL_PERIODS = {"day": 30, "week": 12, "month": 12, "quarter": 8, "year": 6, "30 days": 12}
_ANSWERS_KEPT = 64


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that makes one retention answer differ from another.

    `back` of None means the same facts as `begin`. `as_of` of None means today, or the day of the
    last fact where that is earlier, as after the import of an old file. `until` is exclusive.
    """

    begin: Meant
    back: Meant | None = None
    period: str = "month"
    zone: str = "UTC"
    as_of: date | None = None
    since: date | None = None
    until: date | None = None
    periods: int | None = None
    bracket_from: int | None = None
    window: str = "calendar"
    by: breakdown.By | None = None


@dataclass(frozen=True, slots=True)
class FactName:
    """A name of facts that can be asked about."""

    name: str
    rows: int


def fact_names() -> list[FactName]:
    """Every name the mirror holds, the most frequent first."""
    return [FactName(row.name, row.rows) for row in FactCount.objects.order_by("-rows", "name")]


def mirrored_until(zone: str) -> date | None:
    """The local day of the last fact there is; None when there is none."""
    last = FactCount.objects.order_by("-last_at").values_list("last_at", flat=True).first()
    return last.astimezone(ZoneInfo(zone)).date() if last else None


def answer(question: Question) -> tenure.Retention:
    """The answer to a question over everything mirrored so far; kept until a fact arrives.

    Raises NothingYet where no such fact is known, and Refused for choices that contradict each
    other or leave nobody to count.
    """
    asked, counted = _settled(question), kept_answers.counted_now()
    key = (asked, counted)
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    found = _found(asked, counted)
    with _lock:
        _answers[key] = found
        while len(_answers) > _ANSWERS_KEPT:
            _answers.popitem(last=False)
    return found


_answers: OrderedDict[tuple[object, ...], tenure.Retention] = OrderedDict()
_lock = Lock()


def usual_begin(names: Sequence[str]) -> str | None:
    """An order, where there are any; else whatever there is most of."""
    return ORDER_COMPLETED if ORDER_COMPLETED in names else next(iter(names), None)


def usual_question(zone: str) -> Question | None:
    """What somebody asks who opens the page and has chosen nothing yet; None where there is nothing to ask about."""
    begin = usual_begin([fact.name for fact in fact_names()])
    return None if begin is None else Question(Meant(begin), zone=zone)


def _found(asked: Question, counted: kept_answers.Counted) -> tenure.Retention:
    """The answer as it was kept, or worked out and kept.

    What is known of customers changes without a fact, so an answer broken down by it is not kept.
    """
    is_kept = asked.by is None or asked.by.kind == "property"
    found = kept_answers.find(asked, counted) if is_kept else None
    if found is None:
        found = _worked_out(asked)
        if is_kept:
            kept_answers.keep(asked, counted, found)
    return found


def _worked_out(asked: Question) -> tenure.Retention:
    try:
        return _personal(asked) if asked.window == "personal" else _calendar(asked)
    except tenure.TenureError as refused:
        raise Refused(words(refused)) from refused


def _settled(question: Question) -> Question:
    """The question with its day of asking filled in."""
    if question.as_of is not None:
        return question
    today, last = clock.today(question.zone), mirrored_until(question.zone)
    return replace(question, as_of=min(today, last) if last else today)


def _calendar(asked: Question) -> tenure.Retention:
    begin = people_days(asked.begin, zone=asked.zone)
    back = None if asked.back is None else people_days(asked.back, zone=asked.zone)
    if not len(begin):
        raise NothingYet
    return tenure.retention_of(
        begin,
        back,
        since=asked.since,
        until=asked.until,
        period=asked.period,
        as_of=asked.as_of,
        periods=asked.periods or USUAL_PERIODS[asked.period],
        bracket_from=asked.bracket_from,
        by=None if asked.by is None else breakdown.labels(asked.by, asked.begin),
        words=(str(asked.begin), str(asked.back or "the same")),
    )


def _personal(asked: Question) -> tenure.Retention:
    """Windows from each customer's first moment need the moments themselves, so the facts are read."""
    columns = ["customer_id", "occurred_at"]
    begin, back = reduced.facts(asked.begin, columns), reduced.facts(asked.back or asked.begin, columns)
    if not begin.num_rows:
        raise NothingYet
    together = breakdown.with_heads(begin, back)
    return tenure.retention(
        together,
        customer="customer_id",
        time="occurred_at",
        begin=tenure.where(is_begin=True),
        back=tenure.where(is_back=True),
        window="personal",
        since=asked.since,
        until=asked.until,
        period=asked.period,
        zone=asked.zone,
        as_of=asked.as_of,
        periods=asked.periods or USUAL_PERIODS[asked.period],
        bracket_from=asked.bracket_from,
        by=None if asked.by is None else _worn(asked.by, asked.begin, together["customer_id"].to_numpy()),
    )


def _worn(by: breakdown.By, begin: Meant, customers: np.ndarray) -> np.ndarray:
    """The group of each fact's customer."""
    known, names = breakdown.labels(by, begin)
    ordered = np.argsort(known, kind="stable")
    place = np.minimum(np.searchsorted(known[ordered], customers), max(0, len(known) - 1))
    found = names[ordered][place] if len(known) else np.full(len(customers), breakdown.NONE, object)
    is_known = known[ordered][place] == customers if len(known) else np.zeros(len(customers), bool)
    return np.where(is_known, found, breakdown.NONE).astype(str)


def people_days(meant: Meant, *, zone: str) -> tenure.Days:
    """The days of each person: of a customer and everybody merged into them together."""
    days = reduced.form(meant, zone=zone).days
    pairs = families.merged_pairs()
    return days.renamed(dict(pairs)) if pairs else days

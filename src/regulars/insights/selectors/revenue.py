"""What is kept in money: gross and net revenue retention and its movements, over orders by customer or company."""

from collections import OrderedDict
from dataclasses import asdict, dataclass
from datetime import date
from threading import Lock
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

import tenure
from regulars.customers.selectors import families
from regulars.insights import breakdown, kept_answers, reduced_revenue
from regulars.insights.errors import NothingYet
from regulars.insights.selectors import retention
from regulars.insights.selectors.retention import Refused
from regulars.insights.sentences import words
from regulars.kernel import clock
from regulars.kernel.money import exponent
from tenure.revenue import RevenueLine, RevenueRetention, Share, revenue_retention

Accounts = Literal["customer", "company"]
_ANSWERS_KEPT = 16
_SHARES = ("gross_retention", "net_retention", "gross_churn")
_DATES = ("start", "end")
_HALF = 1 << 62


@dataclass(frozen=True, slots=True)
class Keeping:
    """Periods compared with the next one of their kind, and whose revenue counts as one."""

    period: Literal["month", "quarter", "year"] = "quarter"
    accounts: Accounts = "customer"
    zone: str = "UTC"
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer, and how many orders were left out: in another currency, or without an amount that can be read.

    `alone` of the customers belong to no company; with companies as accounts, each counts for themselves.
    """

    question: Keeping
    as_of: date
    found: RevenueRetention
    orders: int
    other: int
    unpriced: int
    alone: int


def answer(question: Keeping) -> Kept:
    """The answer over all orders mirrored so far; kept until a fact arrives.

    Who belongs to which company changes without a fact, so an answer by company is kept for a minute only.
    Raises NothingYet where there is no order in the currency, and Refused where no two periods have ended.
    """
    counted, as_of = kept_answers.counted_now(), _as_of(question.zone)
    minute = None if question.accounts == "customer" else int(clock.now().timestamp() // 60)
    key = (question, as_of, counted, minute)
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    found = _found(question, as_of, counted)
    with _lock:
        _answers[key] = found
        while len(_answers) > _ANSWERS_KEPT:
            _answers.popitem(last=False)
    return found


_answers: OrderedDict[tuple[object, ...], Kept] = OrderedDict()
_lock = Lock()


def _as_of(zone: str) -> date:
    today, last = clock.today(zone), retention.mirrored_until(zone)
    return min(today, last) if last else today


def _found(question: Keeping, as_of: date, counted: kept_answers.Counted) -> Kept:
    """As it was kept on disk, or worked out and kept there."""
    name, is_kept = (question, as_of), question.accounts == "customer"
    plain = kept_answers.find_plain(name, counted) if is_kept else None
    if plain is not None:
        return _from_plain(question, as_of, plain)
    found = _worked_out(question, as_of)
    if is_kept:
        kept_answers.keep_plain(name, counted, _to_plain(found))
    return found


def _worked_out(question: Keeping, as_of: date) -> Kept:
    revenue = reduced_revenue.revenue(zone=question.zone, currency=question.currency)
    if not len(revenue.minor):
        raise NothingYet
    accounts, alone = _accounts(revenue.customers, question.accounts)
    starts = revenue.months.astype("datetime64[M]").astype("datetime64[us]").astype(np.int64)
    try:
        found = revenue_retention(
            account=accounts, time=starts, amount=revenue.minor / 10 ** exponent(question.currency),
            currency=question.currency, period=question.period, as_of=as_of,
        )  # fmt: skip
    except tenure.TenureError as refused:
        raise Refused(words(refused)) from refused
    return Kept(question, as_of, found, revenue.orders, revenue.other, revenue.unpriced, alone)


def _accounts(customers: NDArray[np.int64], accounts: Accounts) -> tuple[NDArray[np.int64], int]:
    """Whose revenue each line is: the person's, or their company's, numbered beside the persons'."""
    heads = breakdown.to_heads(pa.chunked_array([customers])).to_numpy()
    if accounts == "customer":
        return heads, 0
    pairs = families.company_pairs()
    people, companies = (
        (np.array(column, np.int64) for column in zip(*pairs, strict=True)) if pairs else (np.zeros(0, np.int64),) * 2
    )
    if not len(people):
        return heads, len(np.unique(heads))
    place = np.minimum(np.searchsorted(people, heads), len(people) - 1)
    belongs = people[place] == heads
    return np.where(belongs, _HALF + companies[place], heads), len(np.unique(heads[~belongs]))


def _to_plain(kept: Kept) -> dict[str, Any]:
    lines = [asdict(line) | {name: str(getattr(line, name)) for name in _DATES} for line in kept.found.lines]
    counts = {name: getattr(kept, name) for name in ("orders", "other", "unpriced", "alone")}
    return {"lines": lines, "definition": kept.found.definition, "notes": list(kept.found.notes), **counts}


def _from_plain(question: Keeping, as_of: date, plain: dict[str, Any]) -> Kept:
    lines = tuple(
        RevenueLine(
            **{
                **line,
                **{name: date.fromisoformat(line[name]) for name in _DATES},
                **{name: Share(**line[name]) for name in _SHARES},
            }
        )
        for line in plain["lines"]
    )
    found = RevenueRetention(lines, plain["definition"], None, question.currency, 0.95, tuple(plain["notes"]))
    return Kept(question, as_of, found, *(plain[name] for name in ("orders", "other", "unpriced", "alone")))

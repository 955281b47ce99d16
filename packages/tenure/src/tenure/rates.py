"""Retention, churn and repeat purchase as single rates, by sets of customers and never by counts alone."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure import clocks, zones
from tenure.conditions import column_of
from tenure.errors import LengthsDiffer, NobodyAtStart, UnknownChoice, WindowBackwards
from tenure.inputs import Facts, as_arrow, read_customers, read_facts
from tenure.intervals import rates, wilson
from tenure.localising import local_days

if TYPE_CHECKING:
    import pyarrow as pa

DISTINCT: Final = ("orders", "days", "rows")


@dataclass(frozen=True, slots=True, repr=False)
class Rate:
    """`hits` of `n`, with Wilson's interval and its definition in words; NaN where n is 0."""

    name: str
    definition: str
    hits: int
    n: int
    level: float = 0.95
    notes: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        return float(rates(self.hits, self.n))

    @property
    def low(self) -> float:
        return float(wilson(self.hits, self.n, level=self.level)[0])

    @property
    def high(self) -> float:
        return float(wilson(self.hits, self.n, level=self.level)[1])

    def __repr__(self) -> str:
        words = f"{self.value:.1%} ({self.low:.1%} to {self.high:.1%})" if self.n else "unknown"
        return f"<{self.name}: {words}, {self.hits:,} of {self.n:,}; {self.definition}>"

    def table(self) -> pa.Table:
        """One line: name, hits, n, rate, low, high."""
        return _table([self])

    def chart(self, **choices: Any) -> Any:
        """A point with its interval; needs `pip install tenure[chart]`."""
        from tenure import charts

        return charts.points([self], **choices)

    def _repr_html_(self) -> str:
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        listed = f"<ul>{notes}</ul>" if notes else ""
        return f'<div class="tenure"><p>{escape(str(self))}</p><p>{escape(self.definition)}.</p>{listed}</div>'

    def __str__(self) -> str:
        if not self.n:
            return f"{self.name}: nobody to count"
        interval = f"{self.level:.0%} interval {self.low:.2%} to {self.high:.2%}"
        return f"{self.name}: {self.value:.2%} ({self.hits:,} of {self.n:,}; {interval})"


@dataclass(frozen=True, slots=True, repr=False)
class CustomerRetention:
    """Who was there at the start and at the end of a window, by sets.

    `at_start` S, `at_end` E and `new` N are the numbers of the formula (E − N)/S; `retained` is S∩E. `reactivated`
    are in E, but neither in S nor new: they make `by_counts` too high, so the rate is `retained`/S.
    """

    at_start: int
    at_end: int
    new: int
    retained: int
    window: str
    level: float = 0.95
    notes: tuple[str, ...] = ()

    @property
    def reactivated(self) -> int:
        return self.at_end - self.new - self.retained

    @property
    def lost(self) -> int:
        return self.at_start - self.retained

    @property
    def by_counts(self) -> float:
        """(E − N)/S, shown for comparison: it counts the reactivated as retained."""
        return (self.at_end - self.new) / self.at_start

    @property
    def retention(self) -> Rate:
        words = f"of the customers at the start, those who still were customers at the end, {self.window}"
        return Rate("Customer retention rate", words, self.retained, self.at_start, self.level, self.notes)

    @property
    def churn(self) -> Rate:
        words = f"of the customers at the start, those who no longer were customers at the end, {self.window}"
        return Rate("Customer churn rate", words, self.lost, self.at_start, self.level, self.notes)

    def table(self) -> pa.Table:
        """Two lines, retention and churn: name, hits, n, rate, low, high."""
        return _table([self.retention, self.churn])

    def chart(self, **choices: Any) -> Any:
        """Both rates with their intervals; needs `pip install tenure[chart]`."""
        from tenure import charts

        return charts.points([self.retention, self.churn], **choices)

    def _repr_html_(self) -> str:
        names = ("at start (S)", "at end (E)", "new (N)", "retained", "reactivated", "lost")
        values = (self.at_start, self.at_end, self.new, self.retained, self.reactivated, self.lost)
        head = "".join(f"<th>{name}</th>" for name in names)
        cells = "".join(f"<td>{value:,}</td>" for value in values)
        return f"{self.retention._repr_html_()}<table><tr>{head}</tr><tr>{cells}</tr></table>"

    def __repr__(self) -> str:
        return f"<CustomerRetention {self.window}: {self.retention}; {self.churn}>"


def retention_rate(
    data: Any = None,
    *,
    customer: Any = None,
    time: Any = None,
    start: Any,
    end: Any,
    active_days: int | None = None,
    zone: str = "UTC",
    level: float = 0.95,
) -> CustomerRetention:
    """The customer retention rate from `start` to `end`, from facts, by set intersection.

    Whoever had a fact in the `active_days` before a moment is a customer at it (left out: as many days as the
    window has); whoever's first fact ever lies in the window is new. Dates begin at midnight in `zone`.
    """
    facts = read_facts(data, customer=customer, time=time, zone=zone)
    first, last = clocks.moment_of(start, zone=zone), clocks.moment_of(end, zone=zone)
    if last <= first:
        raise WindowBackwards(start=start, end=end)
    days = active_days or max(1, round((last - first) / zones.DAY))
    span = days * zones.DAY
    at_start, at_end = _seen(facts, first - span, first), _seen(facts, last - span, last)
    before = np.unique(facts.customers[facts.moments < first])
    new = np.setdiff1d(at_end, before, assume_unique=True)
    began, ended = (clocks.in_words(moment, zone=zone) for moment in (first, last))
    window = f"from {began} to {ended} ({zone}; a customer is active within {days} days)"
    return _retained(at_start, at_end, new, window=window, level=level, notes=facts.notes)


def retention_rate_of(at_start: Any, at_end: Any, *, new: Any = None, level: float = 0.95) -> CustomerRetention:
    """The same from the customers themselves: arrays or lists of ids at the start, at the end, and new in between.

    Left out, everybody in `at_end` who was not there at the start counts as new.
    """
    start, end = set(_ids(at_start)), set(_ids(at_end))
    fresh = end - start if new is None else set(_ids(new)) & end
    codes = {name: code for code, name in enumerate(start | end)}
    arrays = [np.array(sorted(codes[name] for name in names), np.int64) for names in (start, end, fresh - start)]
    return _retained(*arrays, window="between the two lists given", level=level)


def churn_rate(data: Any = None, **question: Any) -> Rate:
    """Lost over S, from the same facts and choices as `retention_rate`."""
    return retention_rate(data, **question).churn


def repeat_purchase_rate(
    data: Any = None,
    *,
    customer: Any = None,
    time: Any = None,
    order: Any = None,
    distinct: str | None = None,
    zone: str = "UTC",
    level: float = 0.95,
) -> Rate:
    """Customers with at least two purchases over customers with at least one.

    What a purchase is must be said, because the answers differ: `distinct="orders"` counts distinct values of
    `order`, "days" local days in `zone`, "rows" every line. Left out, it is orders where `order` is given, else days.
    """
    counted = distinct or ("days" if order is None else "orders")
    if counted not in DISTINCT or (counted == "orders" and order is None):
        raise UnknownChoice(
            name="distinct", value=counted, choices="orders (with order=… the column of order ids), days, rows"
        )
    facts = read_facts(data, customer=customer, time=time, zone=zone)
    once, twice = _bought(facts.customers, _purchases(facts, counted, order, zone))
    words = {"orders": "distinct orders", "days": f"distinct days in {zone}", "rows": "lines of the file"}[counted]
    definition = f"customers with at least two {words} over customers with at least one"
    return Rate(f"Repeat purchase rate by {words}", definition, twice, once, level, facts.notes)


def _bought(customers: NDArray[np.int64], purchases: NDArray[np.int64] | None) -> tuple[int, int]:
    """How many customers there are, and how many with two different purchases (None: every line differs)."""
    if purchases is None:
        _, lines = np.unique(customers, return_counts=True)
        return len(lines), int((lines >= 2).sum())
    order = np.lexsort((purchases, customers))
    people, bought = customers[order], purchases[order]
    same_person = people[1:] == people[:-1]
    again = people[1:][same_person & (bought[1:] != bought[:-1])]
    return int((~same_person).sum()) + 1, len(np.unique(again))


def _purchases(facts: Facts, counted: str, order: Any, zone: str) -> NDArray[np.int64] | None:
    if counted == "rows":
        return None
    if counted == "days":
        return local_days(facts.moments, zone=zone).astype(np.int64)
    values = column_of(facts.frame, order) if facts.frame is not None and isinstance(order, str) else order
    if len(values) != facts.rows:
        raise LengthsDiffer(left="order", left_length=len(values), right="customer", right_length=facts.rows)
    codes = (
        as_arrow(values).dictionary_encode()
        if not hasattr(values, "to_arrow")
        else values.to_arrow().dictionary_encode()
    )
    codes = codes.combine_chunks() if hasattr(codes, "combine_chunks") else codes
    kept = facts.aligned(codes.indices.fill_null(-1).to_numpy(zero_copy_only=False))
    assert kept is not None
    return kept.astype(np.int64)


def _seen(facts: Facts, first: int, last: int) -> NDArray[np.int64]:
    return np.unique(facts.customers[(facts.moments >= first) & (facts.moments < last)])


def _retained(
    at_start: Any, at_end: Any, new: Any, *, window: str, level: float, notes: tuple[str, ...] = ()
) -> CustomerRetention:
    if len(at_start) == 0:
        raise NobodyAtStart
    kept = len(np.intersect1d(at_start, at_end, assume_unique=True))
    return CustomerRetention(len(at_start), len(at_end), len(new), kept, window, level, notes)


def _ids(values: Any) -> list[Any]:
    if isinstance(values, set | frozenset):
        return list(values)
    codes, labels, missing = read_customers(values if len(values) else np.zeros(0, np.int64))
    kept = codes if missing is None else codes[~missing]
    return kept.tolist() if labels is None else [labels[code] for code in kept.tolist()]


def _table(shown: list[Rate]) -> pa.Table:
    import pyarrow as pa

    columns = {name: [getattr(rate, name) for rate in shown] for name in ("name", "hits", "n", "value", "low", "high")}
    return pa.table({"rate" if name == "value" else name: values for name, values in columns.items()})

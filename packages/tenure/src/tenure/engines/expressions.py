"""The question as one expression: from facts to a few counts per cohort and period, all that leaves the engine.

Facts are rolled up to one row per customer and period; each birth is followed through its own rows, where being the
first return, the last one, or one of an unbroken run is a matter of a window; then everything is counted by cohort
and period. The kinds are sums of those counts (see `counting`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.asking import Choices
from tenure.engines.facts import Facts
from tenure.engines.steps import period_number, step
from tenure.following import bracket_reach

_DIGITS: Final = 18  # of the longest span in microseconds


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What the counting needs to know: facts before `limit`, returns up to `horizon`, and the bracket's reach."""

    asked: Choices
    limit: int
    horizon: int
    reach: NDArray[np.int32] | None

    @property
    def has_days(self) -> bool:
        """Whether births are chosen by their day."""
        return self.asked.since is not None or self.asked.until is not None


def plan_of(asked: Choices, *, limit: int, longest: int) -> Plan:
    """Count one period beyond what could be asked for, where later returns are kept for rolling.

    As far as a bracket's beginning at least: whether it ends before it begins is said once somebody began.
    """
    first = asked.bracket_from if isinstance(asked.bracket_from, int) else 1
    horizon = max(asked.periods or max(1, min(asked.usual, longest)), first)
    reach = bracket_reach(asked.starts(horizon)) if "bracket" in asked.kinds else None
    return Plan(asked, limit, horizon, reach)


def labels_of(facts: Facts, *, limit: int, most: int) -> Any:
    """The values of the breakdown and the text each is carried as, one more than `most` at the most."""
    known = facts.table.filter(facts.table.moment < limit)
    return known.select(label=known.label, tag=_tag(known.label)).distinct().limit(most + 2)


def cells_of(facts: Facts, plan: Plan) -> Any:
    """The counts, as an expression: cohort, n, (tag, fresh) and seen, run, first, last, tied."""
    numbered = _numbered(facts, plan)
    recurs = plan.asked.cohort in ("recurring", "born_column")
    rows = _joined(numbered, facts, plan) if recurs else _windowed(_rolled(numbered, plan), plan)
    return _counted(rows, plan)


def _numbered(facts: Facts, plan: Plan) -> Any:
    """The facts before the limit that matter, with the number of their period."""
    asked, table = plan.asked, facts.table.filter(facts.table.moment < plan.limit)
    if asked.cohort != "born_column":
        table = table.filter((table.begin == 1) | (table.back == 1))
    span = {"zone": asked.zone, "first": facts.first, "last": min(facts.last, plan.limit - 1)}
    wanted = {"number": period_number(table.moment, period=asked.period, **span)}
    if plan.has_days:
        wanted["day"] = period_number(table.moment, period="day", **span)
    if asked.by is not None:
        wanted |= _stamps(table, facts)
    return table.mutate(**wanted)


def _stamps(table: Any, facts: Facts) -> dict[str, Any]:
    """`low`, whose least holds the least value of the earliest facts; `high`, whose greatest holds their greatest."""
    import ibis

    tag = _tag(table.label)
    early, late = table.moment - ibis.literal(facts.first, "int64"), ibis.literal(facts.last, "int64") - table.moment
    return {
        "low": early.cast("string").lpad(_DIGITS, "0").concat(tag),
        "high": late.cast("string").lpad(_DIGITS, "0").concat(tag),
    }


def _tag(label: Any) -> Any:
    """Text for a value, in which the unknown comes last."""
    import ibis

    return ibis.ifelse(label.isnull(), "~", ibis.literal("=") + label.cast("string").fill_null(""))


def _rolled(table: Any, plan: Plan) -> Any:
    """One row per customer and period: whether it holds a begin, a return, and the births' first day and values."""
    asked = plan.asked
    begin = table.begin == 1
    if plan.has_days and asked.cohort in ("first_in_window", "recurring"):
        begin = begin & _inside(table.day, asked)
    wanted = {"begins": begin.cast("int8").max(), "backs": table.back.max()}
    if plan.has_days:
        wanted["day"] = table.day.min(where=begin)
    if asked.by is not None:
        wanted |= {"low": table.low.min(where=begin), "high": table.high.max(where=begin)}
    return table.group_by("customer", "number").aggregate(**wanted)


def _windowed(rolled: Any, plan: Plan) -> Any:
    """Births by first fact need no join: everything is in the customer's own rows."""
    import ibis

    whole = ibis.window(group_by="customer")
    born = rolled.mutate(base=_only(rolled.begins == 1, rolled.number).min().over(whole))
    if plan.has_days:
        born = born.mutate(day=born.day.min().over(whole))
        born = born.filter(_inside(born.day, plan.asked))
    born = born.filter(born.base.notnull(), born.number >= born.base)
    born = born.mutate(n=born.number - born.base)
    born = born.filter((born.n == 0) | (born.backs == 1))
    if plan.asked.by is not None:
        is_birth = born.n == 0
        born = born.mutate(
            low=_only(is_birth, born.low).max().over(whole), high=_only(is_birth, born.high).max().over(whole)
        )
    return born


def _joined(table: Any, facts: Facts, plan: Plan) -> Any:
    """Births of their own kind, joined with the returns after them."""
    rolled = _rolled(table, plan)
    births = _recurring(rolled, plan) if plan.asked.cohort == "recurring" else _own(table, facts, plan)
    names = ["customer", "base", *(("low", "high") if plan.asked.by is not None else ())]
    returns = rolled.filter(rolled.backs == 1).select(who="customer", number="number")
    later = births.join(returns, births.customer == returns.who)
    later = later.filter(later.number > later.base)
    zero = births.mutate(n=births.base - births.base).select(*names, "n")
    return zero.union(later.mutate(n=later.number - later.base).select(*names, "n"))


def _recurring(rolled: Any, plan: Plan) -> Any:
    births = rolled.filter(rolled.begins == 1)
    return births.rename(base="number")


def _own(table: Any, facts: Facts, plan: Plan) -> Any:
    """The earliest date each customer's facts tell; the value broken down by is that of the first fact of all."""
    wanted = {"born": table.born.min()}
    if plan.asked.by is not None:
        wanted |= {"low": table.low.min(), "high": table.high.max()}
    births = table.group_by("customer").aggregate(**wanted)
    births = births.filter(births.born.notnull(), births.born < plan.limit)
    first, last = facts.born or (plan.limit, plan.limit)
    span = {"zone": plan.asked.zone, "first": first, "last": max(first, min(last, plan.limit))}
    births = births.mutate(base=period_number(births.born, period=plan.asked.period, **span))
    if not plan.has_days:
        return births
    births = births.mutate(day=period_number(births.born, period="day", **span))
    return births.filter(_inside(births.day, plan.asked))


def _counted(rows: Any, plan: Plan) -> Any:
    """Mark each row of a birth by its place among the others, and count by cohort and period."""
    import ibis

    asked = plan.asked
    if asked.follow_up is not None:
        rows = rows.filter(rows.n <= asked.follow_up)
    birth = ["customer", "base"]
    along = ibis.window(group_by=birth, order_by="n")
    marked = rows.mutate(
        place=ibis.row_number().over(along),
        before=rows.n.lag().over(along),
        end=rows.n.max().over(ibis.window(group_by=birth)),
    )
    is_return = marked.n > 0
    wanted = {
        "base": marked.base,
        "n": ibis.least(marked.n, ibis.literal(plan.horizon + 1, "int64")),
        "run": (is_return & (marked.place == marked.n)).cast("int64"),
        "first": (is_return & (marked.place == 1)).cast("int64"),
        "last": (is_return & (marked.n == marked.end)).cast("int64"),
    }
    if plan.reach is not None:
        wanted["fresh"] = _fresh(marked, plan)
    if asked.by is not None:
        wanted["tag"] = marked.low.substr(_DIGITS)
        wanted["tied"] = ((marked.n == 0) & (marked.low.substr(_DIGITS) != marked.high.substr(_DIGITS))).cast("int64")
    cells = marked.select(**wanted)
    keys = [name for name in ("base", "n", "tag", "fresh") if name in wanted]
    sums = {name: cells[name].sum() for name in ("run", "first", "last", "tied") if name in wanted}
    return cells.group_by(keys).aggregate(seen=cells.count(), **sums)


def _fresh(marked: Any, plan: Plan) -> Any:
    """The first N that this return adds to the bracket: its own, or the one after those the return before reached."""
    import ibis

    within = (marked.n >= 1) & (marked.n <= plan.horizon)
    added = ibis.greatest(marked.n, _reached(marked.before.fill_null(0), plan) + 1)
    return ibis.ifelse(within, added, ibis.literal(0, "int64"))


def _reached(place: Any, plan: Plan) -> Any:
    """The last N whose bracket holds a return at `place`, by whichever has fewer steps: itself or its distance."""
    reach = np.asarray(plan.reach, np.int64)
    places = np.arange(len(reach))
    far, near = (np.flatnonzero(np.diff(values)) + 1 for values in (reach, reach - places))
    if len(far) <= len(near):
        return step(place, far.tolist(), reach[np.r_[0, far]].tolist())
    return place + step(place, near.tolist(), (reach - places)[np.r_[0, near]].tolist())


def _inside(day: Any, asked: Choices) -> Any:
    import ibis

    inside = ibis.literal(True)
    if asked.since is not None:
        inside = inside & (day >= asked.since)
    if asked.until is not None:
        inside = inside & (day < asked.until)
    return inside


def _only(condition: Any, value: Any) -> Any:
    import ibis

    return ibis.ifelse(condition, value, ibis.null(value.type()))

"""What can go wrong when putting a value on customers, by name; each docstring is what the person reads."""

from __future__ import annotations

from tenure.errors import TenureError


class HistoryBad(TenureError):
    """Row {row} cannot be a customer's history: {why}. Correct the row or leave it out."""


class CustomerTwice(TenureError):
    """Customer {customer} is in {rows} rows. A summary has one row per customer: add the rows up, or hand the
    single purchases to value.summarise."""


class NoHistories(TenureError):
    """There is no customer to learn from: {why}. Widen the window, or check the filter that was applied before."""


class NobodyCameBack(TenureError):
    """None of the {count} customers bought a second time, so nothing says how often they buy or when they stop.
    Watch for longer, or count purchases by a shorter unit."""


class NobodyWatched(TenureError):
    """All {count} customers were seen for no time at all: their first purchase is on the last day watched.
    Choose a later observed_until."""


class TooFewRepeaters(TenureError):
    """Only {count} customers have {what}, and {needed} are needed to learn how it varies between customers.
    Watch for longer, or give one figure for everybody."""


class SpendAlike(TenureError):
    """All {count} customers spend {amount} at every repeat purchase, so there is no spread to model.
    Give spend={amount} instead of a spend model."""


class AmountMissing(TenureError):
    """These histories hold no amounts. Name the column with amount=… (or mean_amount=…) when summarising,
    or give spend=… as one figure."""


class AmountBad(TenureError):
    """Row {row} has an amount of {value!r}. Amounts must be numbers of 0 or more: leave refunds out, or net them
    against their orders first."""


class OpportunitiesMissing(TenureError):
    """These histories hold no yes-or-no opportunities. Summarise with opportunity="month" (or week, quarter, year),
    or use value.read_opportunities."""


class DidNotSettle(TenureError):
    """The {model} model did not settle on an answer after {steps} steps from {starts} starting points.
    Check the histories for rows that are not customers (test accounts, resellers), or fit segments by themselves."""


class SpendUnbounded(TenureError):
    """The spend model says that the mean amount of somebody who never came back has no limit (q = {q:.3f}, and it
    must be above 1). Cap the largest amounts, or give spend=… as one figure."""


class ValueUnbounded(TenureError):
    """Without discounting and without a horizon the value has no limit. Give discount=… (a share a year),
    horizon=…, or both."""


class ChoiceBad(TenureError):
    """{name}={value!r} cannot be used: {why}."""


class SurvivorsBad(TenureError):
    """The numbers of survivors cannot be read: {why}. Give how many began, then how many were left after each
    period, such as [1000, 631, 468]."""


class NobodyLeft(TenureError):
    """None of the {count} customers has left so far, so nothing says when they would. Watch for longer."""

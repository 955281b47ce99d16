"""Scores written down to customers, for everybody to sort and filter by: value, risk, stake and survival.

`value` is what somebody is expected to order for in the next twelve months, `risk` the probability
that they leave, `stake` P(leaves) × value if they stay. Money is in minor units. `survival` is the share
of those who began alike and stayed as long who are still there a year later.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Literal

import numpy as np

from regulars.customers.actions import traits
from regulars.customers.actions.traits import NewTrait
from regulars.insights.scoring.staying import AHEAD, SILENCE_DAYS, Followed, StayingModel, step_of
from regulars.kernel.money import exponent
from tenure.risk import Scores
from tenure.value import CostOfLosing, Worth

Name = Literal["value", "risk", "stake", "survival"]
NAMES: tuple[Name, ...] = ("value", "risk", "stake", "survival")


def write(found: dict[Name, Iterable[NewTrait]], *, as_of: datetime, is_everybody: bool) -> dict[str, int]:
    """Write the scores that were found; of everybody, or of some whose facts changed. May be repeated."""
    how = traits.write_all if is_everybody else traits.write
    return {name: how(name, rows, as_of=as_of) for name, rows in found.items()}


def values(worth: Worth, *, currency: str) -> Iterator[NewTrait]:
    """Each customer's value, with its interval and what it is made of."""
    minor = 10 ** exponent(currency)
    columns = (worth.customers, worth.residual, worth.residual_low, worth.residual_high, worth.alive, worth.purchases,
               worth.spend, worth.if_they_stay)  # fmt: skip
    for customer, amount, low, high, alive, orders, spend, staying in _rows(columns):
        value = {
            **_money(amount, low, high, minor, currency),
            "alive": round(alive, 4),
            "orders": round(orders, 3),
            "spend": round(spend * minor),
            "if_they_stay": round(staying * minor),
        }
        yield NewTrait(int(customer), value["amount"], value)


def risks(scores: Scores) -> Iterator[NewTrait]:
    """Each customer's risk, what is usual, and what it is associated with."""
    definition = scores.definition
    days = {} if definition is None else {"from_day": definition.gap_days, "days": definition.horizon_days}
    for place, (customer, probability) in enumerate(_rows((scores.rows.customers, scores.probability))):
        reasons = [
            {"theme": reason.theme, "is_higher": reason.is_higher, "finding": reason.finding, "values": reason.values}
            for reason in scores.reasons_at(place)
        ]
        value = {"probability": round(probability, 4), "usual": round(scores.usual, 4), "reasons": reasons, **days}
        yield NewTrait(int(customer), value["probability"], value)


def stakes(cost: CostOfLosing, *, currency: str) -> Iterator[NewTrait]:
    """What is at stake with each customer."""
    minor = 10 ** exponent(currency)
    for customer, amount, low, high in _rows((cost.customers, cost.stake, cost.stake_low, cost.stake_high)):
        value = _money(amount, low, high, minor, currency)
        yield NewTrait(int(customer), value["amount"], value)


def survivals(model: StayingModel, seen: Followed, groups: np.ndarray, *, today: date) -> Iterator[NewTrait]:
    """How likely each customer is to be still there in a year, and how much longer half of those like them stay.

    Of whoever is gone only since when is written. The number to sort by is the share a year ahead; where nobody was
    followed as long there is none.
    """
    columns = (seen.customers, seen.is_gone, seen.silent, groups, step_of(seen.days))
    for customer, is_gone, silent, group, step in zip(*(column.tolist() for column in columns), strict=True):
        if is_gone:
            since = today - timedelta(days=silent)
            yield NewTrait(customer, None, {"gone_since": since.isoformat(), "silence": SILENCE_DAYS})
        elif (told := model.told(group, step)) is not None:
            name, place, line = told
            value = {"by": None if name is None else model.by, "group": name, "step": place, **line}
            yield NewTrait(customer, line["share"] if line["ahead"] == AHEAD[0] else None, value)


def _money(amount: float, low: float, high: float, minor: int, currency: str) -> dict[str, Any]:
    return {
        "amount": round(amount * minor),
        "low": round(low * minor),
        "high": round(high * minor),
        "currency": currency,
    }


def _rows(columns: tuple[np.ndarray, ...]) -> Iterator[tuple[Any, ...]]:
    """Rows of plain numbers; one that is not known is an error, never a silent NaN."""
    for column in columns[1:]:
        if not np.isfinite(column).all():
            raise FloatingPointError("a score is not a number")
    return zip(*(column.tolist() for column in columns), strict=True)

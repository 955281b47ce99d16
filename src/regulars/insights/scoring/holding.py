"""How far the value model can be believed: learnt once more from orders up to half a year ago, held against the rest.

The model of the night is learnt from everything, so nothing is left to test it on. This one ends 26 weeks before,
says what the customers known by then would order, and is told what they did.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars.insights.scoring import valuing
from regulars.insights.sentences import put_down
from regulars.kernel.arrow import pc
from tenure import TenureError, value
from tenure.value import Histories

WEEKS: Final = 26
TENTHS: Final = 10


def held_out(facts: pa.Table, *, as_of: datetime, zone: str) -> dict[str, Any]:
    """Expected and actual orders and revenue of 26 weeks, in all and by tenths; or why that cannot be told.

    The last day counted is the one before `as_of`, which has ended. Orders are distinct days with one.
    """
    today = as_of.astimezone(ZoneInfo(zone)).date()
    cut = today - timedelta(days=7 * WEEKS + 1)
    later = _between(valuing.orders_of(facts), _midnight(cut + timedelta(days=1), zone), _midnight(today, zone))
    try:
        histories = valuing.histories_of(facts, until=_midnight(cut, zone), zone=zone)
        model = valuing.learn(histories)
        worth = value.worth(histories, purchases=model.purchases, spend=model.spend, discount=0.0, horizon=WEEKS)
        expected = model.purchases.expected(histories, within=WEEKS)
        orders, amounts = _came(later, histories, zone=zone, until=as_of)
    except TenureError as refusal:
        return {"refusal": put_down(refusal)}
    total, low, high = (
        float(end[0]) for end in model.purchases.with_interval(lambda theta: _orders(model, theta, histories))
    )
    return {
        "cut": cut.isoformat(),
        "weeks": WEEKS,
        "customers": len(histories),
        "orders": {"expected": total, "low": low, "high": high, "actual": int(orders.sum())},
        "revenue": {
            "expected": worth.total, "low": worth.total_low, "high": worth.total_high, "actual": float(amounts.sum())
        },
        "tenths": _tenths(expected, orders),
        "top_share": _top_share(worth.residual, amounts),
    }  # fmt: skip


def _orders(model: valuing.ValueModel, theta: Any, histories: Histories) -> NDArray[np.float64]:
    return np.array([model.purchases.expected_at(theta, histories, within=WEEKS, force=0.0).sum()])


def _came(later: pa.Table, histories: Histories, *, zone: str, until: datetime) -> tuple[NDArray[Any], NDArray[Any]]:
    """Days with an order and what they came to, of each customer of the histories; of nobody else."""
    orders, amounts = np.zeros(len(histories)), np.zeros(len(histories))
    if not later.num_rows:
        return orders, amounts
    seen = valuing.histories_of(later, until=until, zone=zone)
    paid = later.group_by("customer_id").aggregate([("amount", "sum")])
    who, sums = (paid[name].to_numpy() for name in ("customer_id", "amount_sum"))
    for found, values, into in ((seen.customers, seen.frequency + 1, orders), (who, np.nan_to_num(sums), amounts)):
        place, known = _places(found, histories.customers)
        into[place[known]] = values[known]
    return orders, amounts


def _places(wanted: NDArray[Any], among: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    order = np.argsort(among)
    place = order[np.minimum(np.searchsorted(among, wanted, sorter=order), len(among) - 1)]
    return place, among[place] == wanted


def _tenths(expected: NDArray[Any], orders: NDArray[Any]) -> list[dict[str, Any]]:
    """Those of whom the most was expected first."""
    ranked = np.argsort(-expected, kind="stable")
    return [
        {"customers": len(some), "expected": float(expected[some].sum()), "actual": int(orders[some].sum())}
        for some in np.array_split(ranked, TENTHS)
        if len(some)
    ]


def _top_share(expected: NDArray[Any], amounts: NDArray[Any]) -> float | None:
    """Which share of what came those brought who were expected to bring the most: the first tenth of them."""
    if not amounts.sum() > 0:
        return None
    first = np.argsort(-expected, kind="stable")[: max(1, len(expected) // TENTHS)]
    return float(amounts[first].sum() / amounts.sum())


def _between(orders: pa.Table, start: datetime, end: datetime) -> pa.Table:
    at = orders["occurred_at"]
    limits = (pa.scalar(moment, pa.timestamp("us", tz="UTC")) for moment in (start, end))
    after, before = (pc.greater_equal(at, next(limits)), pc.less(at, next(limits)))
    return orders.filter(pc.and_(after, before))


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))

"""Altair charts of the value answers, in the look of the library's others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tenure.charts.frame import altair, finished
from tenure.errors import NothingToDraw
from tenure.themes import LIGHT, Theme

if TYPE_CHECKING:
    from tenure.value.histories import Histories, Opportunities
    from tenure.value.leaving import Leaving
    from tenure.value.models.gamma_gamma import GammaGamma
    from tenure.value.models.sbg import Sbg
    from tenure.value.scores import Scores, Spend
    from tenure.value.valuing import CostOfLosing, Worth

_WIDTH, _HEIGHT, _POINTS, _LARGEST = 640, 260, 60, 15


def alive(shown: Scores, *, theme: Theme = LIGHT, width: int = _WIDTH, height: int = _HEIGHT, title: str = "") -> Any:
    """How many customers are how likely to be still there, in tenths."""
    alt = altair()
    counts, _ = np.histogram(shown.alive, bins=10, range=(0, 1))
    rows = [{"chance": f"{10 * i}–{10 * i + 10} %", "customers": int(n)} for i, n in enumerate(counts)]
    bars = alt.Chart({"values": rows}).mark_bar(color=theme.accent, cornerRadius=3).encode(
        x=alt.X("chance:N", sort=None, title="P(still a customer)", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("customers:Q", title="Customers"),
        tooltip=[alt.Tooltip("chance:N", title="P(still a customer)"), alt.Tooltip("customers:Q", format=",")],
    )  # fmt: skip
    note = (
        f"{len(shown):,} customers, {float(shown.alive.sum()):,.0f} of them expected to be still there; {shown.model}"
    )
    return finished(alt.layer(bars), theme, width, height, title or "How likely are they still customers?", note)


def repeats(
    shown: Histories | Opportunities, *, theme: Theme = LIGHT, width: int = _WIDTH, height: int = _HEIGHT,
    title: str = "",
) -> Any:  # fmt: skip
    """How many customers came back how often; the many-times together at the end."""
    most = _LARGEST - 1
    counts = np.bincount(np.minimum(shown.frequency, most), weights=shown.weight, minlength=1)
    rows = [
        {"times": f"{i} or more" if i == most else str(i), "customers": int(n)} for i, n in enumerate(counts)
    ]  # fmt: skip
    told = {"across": "Times they came back", "up": "Customers"}
    note = f"{int(counts.sum()):,} customers, {int(counts[1:].sum()):,} of them came back; by {shown.unit}"
    words = title or "How often did they come back?"
    return _bars(rows, "times", told, theme, width, height, words, note)


def spends(shown: Spend, *, theme: Theme = LIGHT, width: int = _WIDTH, height: int = _HEIGHT, title: str = "") -> Any:
    """How many customers are expected to spend how much; the largest hundredth together at the end."""
    if not len(shown):
        raise NothingToDraw
    top = float(np.percentile(shown.spend, 99)) or 1.0
    counts, edges = np.histogram(np.minimum(shown.spend, top), bins=20, range=(0, top))
    rows = [{"spend": f"{low:,.4g}", "customers": int(n)} for low, n in zip(edges[:-1], counts, strict=True)]
    told = {"across": "Expected a purchase, from", "up": "Customers"}
    note = f"{len(shown):,} customers, {float(shown.spend.mean()):,.2f} on average"
    return _bars(rows, "spend", told, theme, width, height, title or "How much do they spend each time?", note)


def levels(
    model: GammaGamma, *, theme: Theme = LIGHT, width: int = _WIDTH, height: int = _HEIGHT, title: str = ""
) -> Any:
    """The spread of customers' own mean amounts p/ν, ν ~ gamma(q, γ): how many are at or below each."""
    from scipy.special import gammaincc, gammainccinv

    alt = altair()
    p, q, gamma = model.estimates
    with np.errstate(divide="ignore"):
        low, high = p * gamma / gammainccinv(q, np.array([0.001, 0.99]))
    if not np.isfinite([low, high]).all():
        raise NothingToDraw
    amounts = np.geomspace(low, high, _POINTS)
    shares = gammaincc(q, p * gamma / amounts)
    rows = [{"amount": float(a), "share": float(s)} for a, s in zip(amounts, shares, strict=True)]
    line = alt.Chart({"values": rows}).mark_line(color=theme.accent, strokeWidth=2).encode(
        x=alt.X("amount:Q", title="A customer's own mean amount", axis=alt.Axis(grid=False)),
        y=alt.Y("share:Q", title="Customers at or below", axis=alt.Axis(format="%", tickCount=5)),
        tooltip=[alt.Tooltip("amount:Q", format=",.2f"), alt.Tooltip("share:Q", format=".0%")],
    )  # fmt: skip
    note = f"{model.MODEL} of {model.customers:,} customers; half are at or below {_median(model):,.2f}"
    return finished(alt.layer(line), theme, width, height, title or "At which level do they spend?", note)


def _median(model: GammaGamma) -> float:
    from scipy.special import gammainccinv

    p, q, gamma = model.estimates
    return float(p * gamma / gammainccinv(q, 0.5))


def _bars(
    rows: list[dict[str, Any]], along: str, told: dict[str, str], theme: Theme, width: int, height: int, title: str,
    note: str,
) -> Any:  # fmt: skip
    alt = altair()
    bars = alt.Chart({"values": rows}).mark_bar(color=theme.accent, cornerRadius=3).encode(
        x=alt.X(f"{along}:N", sort=None, title=told["across"], axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("customers:Q", title=told["up"]),
        tooltip=[alt.Tooltip(f"{along}:N", title=told["across"]), alt.Tooltip("customers:Q", format=",")],
    )  # fmt: skip
    return finished(alt.layer(bars), theme, width, height, title, note)


def concentration(
    shown: Worth, *, theme: Theme = LIGHT, width: int = _WIDTH, height: int = _HEIGHT, title: str = ""
) -> Any:
    """Which share of the residual value the most valuable customers hold."""
    alt = altair()
    if not shown.total > 0:
        raise NothingToDraw
    ordered = np.sort(shown.residual)[::-1]
    held = np.concatenate([[0.0], np.cumsum(ordered)]) / ordered.sum()
    places = np.unique(np.linspace(0, len(ordered), _POINTS).astype(int))
    rows = [{"customers": float(i / len(ordered)), "held": float(held[i])} for i in places]
    percent = alt.Axis(format="%", tickCount=5)
    line = alt.Chart({"values": rows}).mark_area(
        color=theme.accent, opacity=0.16, line={"color": theme.accent}
    ).encode(
        x=alt.X("customers:Q", title="Customers, the most valuable first", axis=percent),
        y=alt.Y("held:Q", title="Share of the residual value", scale=alt.Scale(domain=[0, 1]), axis=percent),
        tooltip=[alt.Tooltip("customers:Q", format=".0%"), alt.Tooltip("held:Q", title="Hold", format=".0%")],
    )  # fmt: skip
    note = (
        f"{len(shown):,} customers worth {shown.total:,.0f} in all ({shown.level:.0%} interval {shown.total_low:,.0f} "
        f"to {shown.total_high:,.0f})"
    )
    return finished(alt.layer(line), theme, width, height, title or "Who holds the value to come?", note)


def stakes(
    shown: CostOfLosing, *, theme: Theme = LIGHT, width: int = _WIDTH, height: int | None = None, title: str = ""
) -> Any:
    """The largest stakes, each with its interval."""
    alt = altair()
    if not len(shown):
        raise NothingToDraw
    first = np.argsort(-shown.stake, kind="stable")[:_LARGEST]
    rows = [
        {
            "customer": str(shown.customers[i]), "stake": float(shown.stake[i]), "low": float(shown.stake_low[i]),
            "high": float(shown.stake_high[i]), "leaves": float(shown.leaves[i]),
            "value": float(shown.if_they_stay[i]),
        }
        for i in first
    ]  # fmt: skip
    base = alt.Chart({"values": rows}).encode(y=alt.Y("customer:N", sort=None, title=None))
    rule = base.mark_rule(strokeWidth=6, opacity=0.3, color=theme.accent).encode(
        x=alt.X("low:Q", title="At stake"), x2="high:Q"
    )
    told = [
        alt.Tooltip("customer:N"), alt.Tooltip("stake:Q", title="At stake", format=",.2f"),
        alt.Tooltip("leaves:Q", title="P(leaves)", format=".1%"),
        alt.Tooltip("value:Q", title="Worth if they stay", format=",.2f"),
    ]  # fmt: skip
    dot = base.mark_circle(size=70, opacity=1, color=theme.accent).encode(x="stake:Q", tooltip=told)
    note = f"{shown.total:,.0f} at stake in all within {shown.within:g} {shown.unit}s; bar: {shown.level:.0%} interval"
    words = title or "Whose leaving would cost most?"
    return finished(alt.layer(rule, dot), theme, width, height or 24 * len(rows), words, note)


def new_customer(
    model: Leaving, *, until: float, theme: Theme = LIGHT, width: int = _WIDTH, height: int = _HEIGHT, title: str = ""
) -> Any:
    """Repeat purchases expected of a new customer over time, with a band for the interval."""
    alt = altair()
    times = np.linspace(0, until, 41)
    value, low, high = model.with_interval(lambda theta: model.new_at(theta, times))
    rows = [
        {"time": float(t), "value": float(v), "low": float(a), "high": float(b)}
        for t, v, a, b in zip(times, value, low, high, strict=True)
    ]
    base = alt.Chart({"values": rows}).encode(x=alt.X("time:Q", title=f"{model.unit.capitalize()}s since"))
    band = base.mark_area(opacity=0.14, color=theme.accent).encode(
        y=alt.Y("low:Q", title="Repeat purchases"), y2="high:Q"
    )
    line = base.mark_line(color=theme.accent).encode(
        y="value:Q", tooltip=[alt.Tooltip("time:Q"), alt.Tooltip("value:Q", format=".3f")]
    )
    note = f"{model.MODEL} of {model.customers:,} customers; band: {model.level:.0%} interval"
    words = title or "How often does a new customer come back?"
    return finished(alt.layer(band, line), theme, width, height, words, note)


def renewals(
    model: Sbg, *, until: int, theme: Theme = LIGHT, width: int = _WIDTH, height: int = _HEIGHT, title: str = ""
) -> Any:
    """Survival as expected, with a band for its interval, and as it was for cohorts that began together."""
    alt = altair()
    times = np.arange(until + 1)
    value, low, high = model.with_interval(lambda theta: model.survival_at(theta, times.astype(float)), scale="logit")
    rows = [
        {"time": int(t), "value": float(v), "low": float(a), "high": float(b)}
        for t, v, a, b in zip(times, value, low, high, strict=True)
    ]
    base = alt.Chart({"values": rows}).encode(
        x=alt.X("time:Q", title="Renewals", axis=alt.Axis(tickMinStep=1, format="d", grid=False))
    )
    percent = alt.Axis(format="%", tickCount=5)
    y = alt.Y("low:Q", title="Still customers", scale=alt.Scale(domain=[0, 1]), axis=percent)
    layers = [
        base.mark_area(opacity=0.14, color=theme.accent).encode(y=y, y2="high:Q"),
        base.mark_line(color=theme.accent).encode(
            y="value:Q", tooltip=["time:Q", alt.Tooltip("value:Q", format=".1%")]
        ),
    ]
    if not model.stayed[:-1].any():
        seen = 1 - np.concatenate([[0.0], np.cumsum(model.left)]) / model.customers
        dots = [{"time": t, "value": float(s)} for t, s in enumerate(seen)]
        layers.append(alt.Chart({"values": dots}).mark_circle(size=60, color=theme.ink).encode(x="time:Q", y="value:Q"))
    note = f"{model.customers:,} customers; dots: observed; line: sBG, band: its {model.level:.0%} interval"
    return finished(alt.layer(*layers), theme, width, height, title or "How many will still renew?", note)

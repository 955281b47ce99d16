"""Altair charts of the value answers, in the look of the library's others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tenure.charts.frame import altair, finished
from tenure.errors import NothingToDraw
from tenure.themes import LIGHT, Theme

if TYPE_CHECKING:
    from tenure.value.leaving import Leaving
    from tenure.value.models.sbg import Sbg
    from tenure.value.scores import Scores
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

"""Survival curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tenure.charts.frame import MOST_LINES, WIDTH, altair, end_labels, finished
from tenure.errors import NothingToDraw
from tenure.themes import LIGHT, Theme

if TYPE_CHECKING:
    import altair as alt

    from tenure.survival import Survival


def survival_curves(
    answer: Survival, *, theme: Theme = LIGHT, width: int = WIDTH, height: int = 260, title: str | None = None
) -> alt.LayerChart:
    """Kaplan–Meier steps, with a band for the interval and the group's name at the end of its line."""
    alt = altair()
    drawn = sorted(answer.curves, key=lambda curve: -curve.customers)[:MOST_LINES]
    rows = [row for curve in drawn for row in _survival_rows(curve)]
    if not rows:
        raise NothingToDraw
    colours = {str(curve.group): theme.series(place) for place, curve in enumerate(drawn)}
    colour = alt.Color("line:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=None)
    base = alt.Chart({"values": rows}).encode(
        x=alt.X("time:Q", title=f"{answer.unit.capitalize()}s", scale=alt.Scale(nice=False), axis=alt.Axis(grid=False))
    )
    percent = alt.Axis(format="%", tickCount=5)
    band = base.mark_area(opacity=0.14, interpolate="step-after").encode(
        y=alt.Y("low:Q", title="Still customers", scale=alt.Scale(domain=[0, 1]), axis=percent),
        y2="high:Q",
        color=colour,
    )
    told = [
        alt.Tooltip("line:N", title="Group"), alt.Tooltip("time:Q", title=answer.unit.capitalize()),
        alt.Tooltip("rate:Q", title="Still customers", format=".1%"), alt.Tooltip("low:Q", title="From", format=".1%"),
        alt.Tooltip("high:Q", title="To", format=".1%"), alt.Tooltip("at_risk:Q", title="At risk", format=","),
    ]  # fmt: skip
    line = base.mark_line(interpolate="step-after", strokeWidth=2).encode(y="rate:Q", color=colour, tooltip=told)
    layers = [band, line] + ([end_labels(rows, "time", colour, height)] if len(drawn) > 1 else [])
    n = sum(curve.customers for curve in drawn)
    lost = sum(curve.lost for curve in drawn)
    note = f"{n:,} customers, {lost:,} lost; band: {answer.level:.0%} interval (Greenwood, log-log)"
    return finished(
        alt.layer(*layers), theme, width, height, title or "Still customers, by time since they began", note
    )


def _survival_rows(curve: Any) -> list[dict[str, Any]]:
    """From time 0, when everybody is there; ends that are not known are left out rather than drawn as 0."""
    start = {"line": str(curve.group), "time": 0.0, "rate": 1.0, "low": 1.0, "high": 1.0, "at_risk": curve.customers}
    return [start] + [
        {
            "line": str(curve.group), "time": float(t), "rate": float(s), "at_risk": int(n),
            "low": None if np.isnan(low) else float(low), "high": None if np.isnan(high) else float(high),
        }
        for t, s, low, high, n in zip(curve.time, curve.survival, curve.low, curve.high, curve.at_risk, strict=True)
    ]  # fmt: skip

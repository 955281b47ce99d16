"""Charts of survival beyond the curves: hazard ratios, groups compared, effects over time, lifetime still to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tenure.charts.frame import MOST_LINES, WIDTH, altair, finished
from tenure.errors import NothingToDraw
from tenure.themes import LIGHT, Theme

if TYPE_CHECKING:
    import altair as alt

    from tenure.survival.checking import Proportionality
    from tenure.survival.comparing import LogRank
    from tenure.survival.predicting import Predicted
    from tenure.survival.proportional import Cox
    from tenure.survival.remaining import RemainingLifetime

_MOST_POINTS: Final = 2_000


def hazard_ratios(
    found: Cox, *, theme: Theme = LIGHT, width: int = WIDTH, height: int | None = None, title: str | None = None
) -> alt.LayerChart:
    """Each covariate's hazard ratio with its interval, on a log scale; 1 is no difference."""
    low, high = found.hazard_ratio_interval
    rows = [
        {"name": name, "ratio": float(ratio), "low": float(a), "high": float(b), "words": f"{ratio:.2f}"}
        for name, ratio, a, b in zip(found.names, found.hazard_ratios, low, high, strict=True)
    ]
    note = f"hazard ratio, {found.level:.0%} interval; right of 1: goes with leaving sooner"
    return _ratios(rows, note, theme, width, height, title or "What goes with leaving")


def predicted(
    found: Predicted, *, theme: Theme = LIGHT, width: int = WIDTH, height: int = 260, title: str | None = None
) -> alt.LayerChart:
    """Each of the first rows' survival to the times asked for, with its interval."""
    alt = altair()
    count = min(len(found.median), MOST_LINES)
    rows = [
        {"row": str(row + 1), "time": float(time), "rate": float(found.survival[row, i]),
         "low": float(found.survival_low[row, i]), "high": float(found.survival_high[row, i])}
        for row in range(count)
        for i, time in enumerate(found.at)
        if not np.isnan(found.survival[row, i])
    ]  # fmt: skip
    if not rows:
        raise NothingToDraw
    scale = alt.Scale(domain=[str(row + 1) for row in range(count)], range=[theme.series(row) for row in range(count)])
    legend = alt.Legend(title="Row", orient="top") if count > 1 else None
    base = alt.Chart({"values": rows}).encode(
        x=alt.X("time:Q", title=f"{found.unit.capitalize()}s", axis=alt.Axis(grid=False)),
        color=alt.Color("row:N", scale=scale, legend=legend),
    )
    told = [
        alt.Tooltip("row:N", title="Row"), alt.Tooltip("time:Q", title=f"After {found.unit}s"),
        alt.Tooltip("rate:Q", title="Still there", format=".0%"), alt.Tooltip("low:Q", title="From", format=".0%"),
        alt.Tooltip("high:Q", title="To", format=".0%"),
    ]  # fmt: skip
    bar = base.mark_rule(strokeWidth=5, opacity=0.3).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    y = alt.Y("rate:Q", title="Still there", axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 1]))
    line = base.mark_line(strokeWidth=2, point=True).encode(y=y, tooltip=told)
    note = f"predicted for customers like these; bar: {found.level:.0%} interval"
    return finished(alt.layer(bar, line), theme, width, height, title or "How long they are likely to stay", note)


def departures(
    found: LogRank, *, theme: Theme = LIGHT, width: int = WIDTH, height: int | None = None, title: str | None = None
) -> alt.LayerChart:
    """Observed over expected departures by group; 1 is the common pace."""
    rows = [
        {"name": str(row[found.by]), "ratio": row["ratio"], "low": row["ratio"], "high": row["ratio"],
         "words": f"{row['observed']:,} left, {row['expected']:,.0f} expected"}
        for row in found.table().to_pylist()
        if row["ratio"]
    ]  # fmt: skip
    return _ratios(rows, found.sentence(), theme, width, height, title or f"Pace of leaving by {found.by}")


def drift(
    found: Proportionality, *, theme: Theme = LIGHT, width: int = WIDTH, height: int = 130, title: str | None = None
) -> alt.LayerChart:
    """Scaled Schoenfeld residuals over time, a panel per covariate: a slope is an effect that changes."""
    alt = altair()
    some = np.unique(np.linspace(0, len(found.time) - 1, min(len(found.time), _MOST_POINTS)).astype(int))
    rows = [
        {"name": f"{name} (p {p:.3f})", "time": float(found.time[i]), "residual": float(found.scaled[i, j])}
        for j, (name, p) in enumerate(zip(found.names, found.p, strict=True))
        for i in some
    ]
    if not rows:
        raise NothingToDraw
    base = alt.Chart({"values": rows}).encode(
        x=alt.X("time:Q", title="Time", axis=alt.Axis(grid=False)),
        y=alt.Y("residual:Q", title=None, axis=alt.Axis(tickCount=3)),
    )
    dots = base.mark_circle(size=12, opacity=0.35, color=theme.ink_faint)
    line = base.transform_loess("time", "residual", bandwidth=0.6, groupby=["name"]).mark_line(color=theme.accent)
    panels = alt.layer(dots, line).properties(width=width, height=height)
    words = alt.TitleParams(title or "Do effects change over time?", subtitle=found.sentence())
    faceted = panels.facet(row=alt.Row("name:N", title=None, header=alt.Header(labelAngle=0, labelAlign="left")))
    return faceted.properties(title=words, padding=16).configure(**theme.config())


def still_to_come(
    found: RemainingLifetime,
    *,
    theme: Theme = LIGHT,
    width: int = WIDTH,
    height: int = 260,
    title: str | None = None,
) -> alt.LayerChart:
    """How much of the horizon customers stay, by how long they have been customers already; a line per group."""
    alt = altair()
    groups = list(dict.fromkeys(str(line.group) for line in found.lines))[:MOST_LINES]
    rows = [
        {"line": str(line.group), "tenure": line.tenure, "rate": line.within, "low": line.within_low,
         "high": line.within_high, "at_risk": line.at_risk, "horizon": line.horizon}
        for line in found.lines
        if str(line.group) in groups
    ]  # fmt: skip
    if not rows:
        raise NothingToDraw
    colours = [theme.series(place) for place in range(len(groups))]
    legend = alt.Legend(title=None, orient="top") if len(groups) > 1 else None
    colour = alt.Color("line:N", scale=alt.Scale(domain=groups, range=colours), legend=legend)
    base = alt.Chart({"values": rows}).encode(
        x=alt.X("tenure:Q", title=f"{found.unit.capitalize()}s so far", axis=alt.Axis(grid=False)), color=colour
    )
    told = [
        alt.Tooltip("line:N", title="Group"), alt.Tooltip("tenure:Q", title=f"{found.unit.capitalize()}s so far"),
        alt.Tooltip("rate:Q", title=f"{found.unit.capitalize()}s still to come", format=".1f"),
        alt.Tooltip("low:Q", title="From", format=".1f"), alt.Tooltip("high:Q", title="To", format=".1f"),
        alt.Tooltip("horizon:Q", title="Of the next"), alt.Tooltip("at_risk:Q", title="Still there", format=","),
    ]  # fmt: skip
    y = alt.Y("rate:Q", title=f"{found.unit.capitalize()}s still to come", scale=alt.Scale(zero=True))
    bar = base.mark_rule(strokeWidth=5, opacity=0.3).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    line = base.mark_line(strokeWidth=2, point=True).encode(y=y, tooltip=told)
    horizon = max(row["horizon"] for row in rows)
    note = f"mean of the next {horizon:g} {found.unit}s that they stay; bar: {found.level:.0%} interval"
    return finished(alt.layer(bar, line), theme, width, height, title or "How much longer they stay", note)


def _ratios(
    rows: list[dict[str, Any]], note: str, theme: Theme, width: int, height: int | None, title: str
) -> alt.LayerChart:
    alt = altair()
    if not rows:
        raise NothingToDraw
    base = alt.Chart({"values": rows}).encode(y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=320)))
    x = alt.X("ratio:Q", title=None, scale=alt.Scale(type="log"), axis=alt.Axis(tickCount=5, format="~g"))
    rule = base.mark_rule(strokeWidth=6, opacity=0.3, color=theme.accent).encode(
        x=alt.X("low:Q", title=None), x2="high:Q"
    )
    dot = base.mark_circle(size=70, opacity=1, color=theme.accent).encode(x=x)
    words = base.mark_text(align="center", dy=-14, color=theme.ink, fontSize=12).encode(x=x, text="words:N")
    one = alt.Chart({"values": [{"ratio": 1}]}).mark_rule(strokeDash=[4, 4], color=theme.ink_faint).encode(x="ratio:Q")
    return finished(alt.layer(one, rule, dot, words), theme, width, height or 48 * len(rows), title, note)

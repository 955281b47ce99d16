"""Single rates as points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tenure.charts.frame import WIDTH, altair, finished
from tenure.errors import NothingToDraw
from tenure.themes import LIGHT, Theme

if TYPE_CHECKING:
    import altair as alt

    from tenure.rates import Rate


def points(
    rates: Sequence[Rate],
    *,
    theme: Theme = LIGHT,
    width: int = WIDTH,
    height: int | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Single rates as points with their intervals, the figures written beside them."""
    alt = altair()
    rows = [
        {
            "name": rate.name,
            "rate": rate.value,
            "low": rate.low,
            "high": rate.high,
            "words": f"{rate.value:.1%} of {rate.n:,}",
        }
        for rate in rates
        if rate.n
    ]
    if not rows:
        raise NothingToDraw
    base = alt.Chart({"values": rows}).encode(y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=320)))
    x = alt.X("rate:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5))
    rule = base.mark_rule(strokeWidth=6, opacity=0.3, color=theme.accent).encode(
        x=alt.X("low:Q", title=None), x2="high:Q"
    )
    dot = base.mark_circle(size=70, opacity=1, color=theme.accent).encode(x=x)
    words = base.mark_text(align="center", dy=-14, color=theme.ink, fontSize=12).encode(x=x, text="words:N")
    note = f"bar: {rates[0].level:.0%} interval (Wilson)"
    return finished(alt.layer(rule, dot, words), theme, width, height or 48 * len(rows), title or "", note)

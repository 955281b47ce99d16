"""A chart of gross and net revenue retention over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.charts.frame import WIDTH, altair, finished
from tenure.errors import NothingToDraw
from tenure.themes import LIGHT, Theme

if TYPE_CHECKING:
    import altair as alt

    from tenure.revenue.results import RevenueRetention


def retained_revenue(
    answer: RevenueRetention,
    *,
    group: Any = None,
    theme: Theme = LIGHT,
    width: int = WIDTH,
    height: int = 260,
    title: str | None = None,
) -> alt.LayerChart:
    """Gross and net retention by opening, each with its interval; of everybody, or of one plan."""
    alt = altair()
    rows = [row for line in answer.of(group) for row in _rows(line)]
    if not rows or rows[0]["start"] is None:
        raise NothingToDraw
    names, colours = ["gross", "net"], [theme.kinds["bracket"], theme.accent]
    colour = alt.Color(
        "line:N", scale=alt.Scale(domain=names, range=colours), legend=alt.Legend(title=None, orient="top")
    )
    base = alt.Chart({"values": rows}).encode(x=alt.X("start:T", title=None, axis=alt.Axis(grid=False)))
    y = alt.Y("rate:Q", title="Of opening revenue", axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(zero=False))
    told = [
        alt.Tooltip("line:N", title="Retention"), alt.Tooltip("start:T", title="Opening"),
        alt.Tooltip("rate:Q", title="Kept", format=".1%"), alt.Tooltip("low:Q", title="From", format=".1%"),
        alt.Tooltip("high:Q", title="To", format=".1%"), alt.Tooltip("accounts:Q", title="Accounts", format=","),
    ]  # fmt: skip
    band = base.mark_area(opacity=0.14).encode(y=alt.Y("low:Q", title=None), y2="high:Q", color=colour)
    line = base.mark_line(strokeWidth=2, point=len(rows) <= 4).encode(y=y, color=colour, tooltip=told)
    note = f"band: {answer.level:.0%} interval over accounts" + (f"; {answer.currency}" if answer.currency else "")
    layers = alt.layer(band, line)
    return finished(layers, theme, width, height, title or "Revenue kept, by opening", note)


def _rows(line: Any) -> list[dict[str, Any]]:
    return [
        {"line": name, "start": None if line.start is None else str(line.start), "rate": share.value, "low": share.low,
         "high": share.high, "accounts": line.accounts}
        for name, share in (("gross", line.gross_retention), ("net", line.net_retention))
        if share.value is not None
    ]  # fmt: skip

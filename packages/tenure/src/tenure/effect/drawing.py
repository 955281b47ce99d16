"""Charts of effects: estimates with their intervals beside zero, and curves with a band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tenure.errors import ChartsMissing, NothingToDraw
from tenure.themes import LIGHT, Theme

if TYPE_CHECKING:
    import altair as alt

    from tenure.effect.ratio import RatioTest


@dataclass(frozen=True, slots=True)
class Row:
    """One estimate to draw; `unit` is % for shares."""

    name: str
    value: float
    low: float
    high: float


def intervals(
    rows: Sequence[Row],
    *,
    unit: str = "",
    note: str = "",
    theme: Theme = LIGHT,
    width: int = 640,
    height: int | None = None,
    title: str = "",
) -> alt.LayerChart:
    """Each estimate as a point on the bar of its interval; a line at zero, where nothing changed."""
    alt = _altair()
    drawn = [row for row in rows if np.isfinite([row.value, row.low, row.high]).all()]
    if not drawn:
        raise NothingToDraw
    told = [
        {"name": r.name, "value": r.value, "low": r.low, "high": r.high, "words": figure(r.value, unit)} for r in drawn
    ]
    base = alt.Chart({"values": told}).encode(y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=320)))
    form = ".1%" if unit == "%" else "~s"
    x = alt.X("value:Q", title=None if unit == "%" else unit or None, axis=alt.Axis(format=form, tickCount=5))
    bar = base.mark_rule(strokeWidth=6, opacity=0.3, color=theme.accent).encode(x=alt.X("low:Q"), x2="high:Q")
    dot = base.mark_circle(size=70, opacity=1, color=theme.accent).encode(x=x)
    words = base.mark_text(dy=-14, color=theme.ink, fontSize=12).encode(x=x, text="words:N")
    return finished(alt.layer(zero(theme), bar, dot, words), theme, width, height or 52 * len(drawn), title, note)


def sizes(
    test: RatioTest, *, theme: Theme = LIGHT, width: int = 640, height: int | None = None, title: str = ""
) -> alt.LayerChart:
    """How many each arm has (bars) and how many it was meant to have (ticks)."""
    alt = _altair()
    rows = [
        {"arm": arm, "count": count, "expected": expected}
        for arm, count, expected in zip(test.arms, test.counts, test.expected, strict=True)
    ]
    if not sum(test.counts):
        raise NothingToDraw
    base = alt.Chart({"values": rows}).encode(y=alt.Y("arm:N", sort=None, title=None))
    told = [alt.Tooltip("arm:N"), alt.Tooltip("count:Q", format=","), alt.Tooltip("expected:Q", format=",.0f")]
    colour = theme.accent if test.is_off else theme.ink_faint
    bars = base.mark_bar(color=colour).encode(x=alt.X("count:Q", title=test.noun.capitalize()), tooltip=told)
    ticks = base.mark_tick(color=theme.ink, thickness=2, size=28).encode(x="expected:Q")
    heading = title or "Are the arms as large as they were meant to be?"
    return finished(alt.layer(bars, ticks), theme, width, height or 48 * len(rows), heading, test.sentence)


def zero(theme: Theme, *, along: str = "x") -> Any:
    """A thin line where nothing changed."""
    alt = _altair()
    mark = alt.Chart({"values": [{"at": 0}]}).mark_rule(color=theme.ink_faint, strokeDash=[3, 3])
    return mark.encode(x=alt.X("at:Q")) if along == "x" else mark.encode(y=alt.Y("at:Q"))


def band(
    rows: Sequence[dict[str, Any]],
    *,
    x: str,
    y: str,
    percent: bool = False,
    note: str = "",
    theme: Theme = LIGHT,
    width: int = 640,
    height: int = 260,
    title: str = "",
    straight: Sequence[dict[str, Any]] = (),
    along_percent: bool = False,
    within: tuple[float, float] | None = None,
) -> alt.LayerChart:
    """A line of (at, value) with a band from low to high, zero, and if given a dashed straight line to compare with.

    `within` are the ends of the upright axis, where the band's own are too wide to see anything.
    """
    alt = _altair()
    if not rows:
        raise NothingToDraw
    axis = alt.Axis(format=".1%", tickCount=5) if percent else alt.Axis(tickCount=5, format="~s")
    below = alt.Axis(grid=False, format="%", tickCount=5) if along_percent else alt.Axis(grid=False)
    scale = alt.Undefined if within is None else alt.Scale(domain=list(within))
    base = alt.Chart({"values": list(rows)}).encode(x=alt.X("at:Q", title=x, axis=below))
    height_of = alt.Y("low:Q", title=y, axis=axis, scale=scale)
    area = base.mark_area(opacity=0.14, color=theme.accent, clip=True).encode(y=height_of, y2="high:Q")
    line = base.mark_line(strokeWidth=2, color=theme.accent, clip=True).encode(y="value:Q")
    layers = [area, zero(theme, along="y"), line]
    if straight:
        beside = alt.Chart({"values": list(straight)}).mark_line(color=theme.ink_faint, strokeDash=[5, 4])
        layers.append(beside.encode(x="at:Q", y="value:Q"))
    return finished(alt.layer(*layers), theme, width, height, title, note)


def figure(value: float, unit: str) -> str:
    """A figure with its sign, in points for shares."""
    if unit == "%":
        return f"{100 * value:+.1f} points"
    return f"{value:+,.2f} {unit}".rstrip() if abs(value) < 1_000 else f"{value:+,.0f} {unit}".rstrip()


def finished(layers: Any, theme: Theme, width: int, height: int, title: str, subtitle: str) -> Any:
    alt = _altair()
    words = alt.TitleParams(title, subtitle=wrapped(subtitle))
    return layers.properties(width=width, height=height, title=words, padding=16).configure(**theme.config())


def wrapped(words: str, *, at: int = 100) -> list[str]:
    """A long note on several lines."""
    from textwrap import wrap

    return wrap(words, at) or [""]


def _altair() -> Any:
    try:
        import altair
    except ImportError as missing:
        raise ChartsMissing from missing
    return altair

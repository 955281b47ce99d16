"""Charts of what a model is learnt from, and of what has changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tenure.charts.frame import altair, finished
from tenure.errors import NothingToDraw
from tenure.intervals import wilson
from tenure.risk.watching import ALARM, WATCH
from tenure.themes import LIGHT, Theme

if TYPE_CHECKING:
    import altair as alt

    from tenure.risk.looking import Landmarks
    from tenure.risk.watching import Drift

_WIDTH: Final = 640
_MOST: Final = 25
_ROLES: Final = ("train", "calibration", "test")


def shifts(
    answer: Drift, *, theme: Theme = LIGHT, width: int = _WIDTH, height: int | None = None, title: str | None = None
) -> alt.LayerChart:
    """How differently each column is spread now, the most different first; those that alarm in colour."""
    alt = altair()
    rows = [{"column": shift.column, "psi": shift.psi, "verdict": shift.verdict} for shift in answer.shifts[:_MOST]]
    if not rows:
        raise NothingToDraw
    colours = alt.Scale(domain=["stable", "watch", "alarm"], range=[theme.ink_faint, theme.ink_soft, theme.accent])
    bars = (
        alt.Chart({"values": rows})
        .mark_bar()
        .encode(
            y=alt.Y("column:N", sort=None, title=None, axis=alt.Axis(labelLimit=320)),
            x=alt.X("psi:Q", title="Population stability index"),
            color=alt.Color("verdict:N", scale=colours, title=None),
            tooltip=[alt.Tooltip("column:N"), alt.Tooltip("psi:Q", format=".3f"), alt.Tooltip("verdict:N")],
        )
    )
    edges = alt.Chart({"values": [{"at": WATCH}, {"at": ALARM}]})
    limits = edges.mark_rule(color=theme.ink_faint, strokeDash=[2, 4]).encode(x="at:Q")
    words = f"{answer.rows:,} rows; dotted: watch from {WATCH:g}, alarm from {ALARM:g}"
    words += f"; the first {_MOST} of {len(answer.shifts)}" if len(answer.shifts) > _MOST else ""
    heading = title or "Do customers still look as they did?"
    return finished(alt.layer(bars, limits), theme, width, height or 40 + 20 * len(rows), heading, words)


def leavers(
    world: Landmarks, *, theme: Theme = LIGHT, width: int = _WIDTH, height: int = 260, title: str | None = None
) -> alt.LayerChart:
    """The share that left after each landmark, with its interval, by which part it is used for."""
    alt = altair()
    rows: list[dict[str, Any]] = []
    for landmark in world.schedule:
        if landmark.customers:
            low, high = wilson(landmark.left, landmark.customers)
            rows.append(
                {"at": landmark.at, "part": landmark.role, "left": landmark.left / landmark.customers,
                 "low": float(low), "high": float(high), "customers": landmark.customers}
            )  # fmt: skip
    if not rows:
        raise NothingToDraw
    hues = [theme.kinds[kind] for kind in ("classic", "rolling", "return")]
    base = alt.Chart({"values": rows}).encode(
        x=alt.X("at:N", sort=None, title="Landmark", axis=alt.Axis(labelAngle=-40, labelOverlap=True)),
        color=alt.Color("part:N", scale=alt.Scale(domain=list(_ROLES), range=hues), title=None),
    )
    axis = alt.Axis(format="%", tickCount=5)
    rule = base.mark_rule(strokeWidth=4, opacity=0.3).encode(y=alt.Y("low:Q", title="Left", axis=axis), y2="high:Q")
    told = [
        alt.Tooltip("at:N", title="Landmark"), alt.Tooltip("left:Q", title="Left", format=".1%"),
        alt.Tooltip("customers:Q", title="Customers", format=","),
    ]  # fmt: skip
    dots = base.mark_circle(size=60, opacity=1).encode(y="left:Q", tooltip=told)
    words = f"{len(world.now):,} customers active now, as of {world.as_of}; bar: 95% interval (Wilson)"
    return finished(alt.layer(rule, dots), theme, width, height, title or "How many left after each landmark?", words)

"""Charts of the lifecycle and of stickiness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tenure.charts.frame import WIDTH, altair, finished
from tenure.themes import LIGHT, Theme

if TYPE_CHECKING:
    import altair as alt

    from tenure.lifecycle.stages import Lifecycle
    from tenure.lifecycle.sticking import Stickiness

_STAGES: Final = {"returning": "classic", "resurrected": "rolling", "new": "return", "dormant": "bracket"}


def stages(
    found: Lifecycle, *, theme: Theme = LIGHT, width: int = WIDTH, height: int = 260, title: str | None = None
) -> alt.LayerChart:
    """Stacked bars: those who are active above zero, those who went dormant below it."""
    alt = altair()
    rows = [
        {"start": str(found.start[i]), "stage": name, "order": place, "customers": int(getattr(found, name)[i]),
         "count": int(getattr(found, name)[i]) * (-1 if name == "dormant" else 1)}
        for i in range(len(found.start))
        for place, name in enumerate(_STAGES)
    ]  # fmt: skip
    colours = [theme.kinds.get(kind, theme.accent) for kind in _STAGES.values()]
    scale = alt.Scale(domain=list(_STAGES), range=colours)
    bars = (
        alt.Chart({"values": rows})
        .mark_bar()
        .encode(
            x=alt.X("start:O", title=None, axis=alt.Axis(labelOverlap=True, labelAngle=0)),
            y=alt.Y("count:Q", title="Customers", axis=alt.Axis(tickCount=5)),
            color=alt.Color("stage:N", scale=scale, legend=alt.Legend(title=None, orient="top")),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("start:O", title=found.period.capitalize()), alt.Tooltip("stage:N", title="Stage"),
                alt.Tooltip("customers:Q", title="Customers", format=","),
            ],
        )
    )  # fmt: skip
    below = f"below zero: active the {found.period} before, not now"
    note = f"by {found.period} in {found.zone}, as of {found.as_of}; {below}"
    return finished(alt.layer(bars), theme, width, height, title or "Who is active, and who is not any more", note)


def sticking(
    found: Stickiness, *, theme: Theme = LIGHT, width: int = WIDTH, height: int = 260, title: str | None = None
) -> alt.LayerChart:
    """The ratio over time with a band for its interval."""
    alt = altair()
    known = np.flatnonzero(~np.isnan(found.ratio))
    rows = [
        {"when": str(found.when[i]), "rate": float(found.ratio[i]), "daily": float(found.daily[i]),
         "low": None if np.isnan(found.low[i]) else float(found.low[i]),
         "high": None if np.isnan(found.high[i]) else float(found.high[i]), "monthly": int(found.monthly[i])}
        for i in known
    ]  # fmt: skip
    base = alt.Chart({"values": rows}).encode(x=alt.X("when:T", title=None, axis=alt.Axis(grid=False)))
    band = base.mark_area(opacity=0.14, color=theme.accent).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    told = [
        alt.Tooltip("when:T", title="When"), alt.Tooltip("rate:Q", title="Stickiness", format=".1%"),
        alt.Tooltip("daily:Q", title="Daily", format=",.1f"), alt.Tooltip("monthly:Q", title="Monthly", format=","),
    ]  # fmt: skip
    y = alt.Y("rate:Q", title="Daily of monthly", axis=alt.Axis(format="%", tickCount=5))
    line = base.mark_line(strokeWidth=2, color=theme.accent, point=len(rows) <= 2).encode(y=y, tooltip=told)
    return finished(alt.layer(band, line), theme, width, height, title or "Stickiness", found.definition)

"""The heat-map of cohorts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tenure.charts.frame import WIDTH, altair, chosen_kind, finished, tooltips
from tenure.errors import NothingToDraw
from tenure.periods import label
from tenure.themes import LIGHT, Theme

if TYPE_CHECKING:
    import altair as alt

    from tenure.kinds import Kind
    from tenure.results import Retention


def cohorts(
    answer: Retention,
    *,
    kind: Kind | None = None,
    segment: Any = ...,
    theme: Theme = LIGHT,
    width: int = WIDTH,
    height: int | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """A row per cohort, a column per period, colour and figure for the share retained; open periods stay empty."""
    alt, chosen = altair(), chosen_kind(answer, kind)
    rows = _cohort_rows(answer, chosen, segment)
    names = list(dict.fromkeys(row["cohort"] for row in rows))
    tall = height or max(120, min(26 * len(names), max(640, 3 * len(names))))
    top = max(float(np.percentile([row["rate"] for row in rows], 99)), 0.01)
    periods = sorted({row["period"] for row in rows})
    colours = [theme.tint(chosen), theme.kinds.get(chosen, theme.accent)]
    base = alt.Chart({"values": rows}).encode(
        x=alt.X(
            "period:O",
            title=f"{answer.question.period.capitalize()}s since the first",
            axis=alt.Axis(labelAngle=0, orient="top", values=periods[:: -(-24 * len(periods) // width)]),
        ),
        y=alt.Y("cohort:N", sort=None, title=None, axis=alt.Axis(labelLimit=220, values=_every_few(names, tall))),
    )
    cells = base.mark_rect(cornerRadius=3 if tall / len(names) > 14 else 0, stroke=theme.surface, strokeWidth=1).encode(
        color=alt.Color("rate:Q", scale=alt.Scale(domain=[0, top], range=colours, clamp=True), legend=None),
        tooltip=tooltips(answer.question.period),
    )
    shown = [cells] + ([_figures(base, top, theme)] if _room_for_figures(names, len(periods), tall, width) else [])
    words = title or f"{chosen.capitalize()} retention by cohort"
    said = f"percent who {answer.question.definitions[chosen]}; empty: not ended yet"
    customers = sum({row["cohort"]: row["size"] for row in rows}.values())
    note = f"{customers:,} customers in {len(names):,} cohorts; {said}"
    return finished(alt.layer(*shown), theme, width, tall, words, note)


def _cohort_rows(answer: Retention, kind: Kind, segment: Any) -> list[dict[str, Any]]:
    at_risk, retained, rate = answer.at_risk_of(kind), answer.retained[kind], answer.rate(kind)
    low, high = answer.interval(kind)
    keep = at_risk[:, 1:] > 0
    rows = [
        {
            "cohort": _cohort_name(answer, row), "size": int(answer.sizes[row]), "period": int(n) + 1,
            "rate": float(rate[row, n + 1]), "low": float(low[row, n + 1]),
            "high": float(high[row, n + 1]), "at_risk": int(at_risk[row, n + 1]), "retained": int(retained[row, n + 1]),
        }
        for row, n in zip(*np.nonzero(keep), strict=True)
        if segment is ... or answer.segments is None or answer.segments[row] == segment
    ]  # fmt: skip
    if not rows:
        raise NothingToDraw
    return rows


def _cohort_name(answer: Retention, row: int) -> str:
    name = f"{label(answer.cohorts[row], answer.question.period)} · {answer.sizes[row]:,}"
    return name if answer.segments is None else f"{answer.segments[row]} · {name}"


def _figures(base: Any, top: float, theme: Theme) -> Any:
    alt = altair()
    ink = alt.condition(f"datum.rate > {0.68 * top}", alt.value(theme.surface), alt.value(theme.ink))
    return (
        base.transform_calculate(percent="round(100 * datum.rate)")
        .mark_text(fontSize=11.5)
        .encode(text=alt.Text("percent:Q", format="d"), color=ink)
    )


def _room_for_figures(names: list[str], periods: int, height: int, width: int) -> bool:
    return height / len(names) >= 15 and width / max(1, periods) >= 22


def _every_few(names: list[str], height: int) -> list[str]:
    """Cohort names that fit beside the rows without touching."""
    return names[:: max(1, -(-13 * len(names) // height))]

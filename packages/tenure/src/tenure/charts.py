"""Altair charts of the answers: one definition for a notebook, a page, PNG and SVG.

Data is carried inline, so no renderer has a row limit to trip over, and no expression is needed that a strict
content security policy would refuse (`vegaEmbed(…, {ast: true})`). Altair itself is imported when first used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tenure.errors import ChartsMissing, NothingToDraw, UnknownChoice
from tenure.labelling import spread
from tenure.periods import label
from tenure.themes import DARK, LIGHT, Theme

if TYPE_CHECKING:
    import altair as alt

    from tenure.kinds import Kind
    from tenure.rates import Rate
    from tenure.results import Curve, Retention
    from tenure.survival import Survival

__all__ = ["DARK", "LIGHT", "Theme", "chart", "cohorts", "curves", "points", "survival_curves"]

_MOST_LINES: Final = 5  # as many as there are colours to tell apart
_MOST_BANDS: Final = 3
_WIDTH: Final = 640


def chart(
    answer: Retention, *, kind: Kind | None = None, form: str = "curves", **choices: Any
) -> alt.Chart | alt.LayerChart:
    """The curves (`form="curves"`) or the heat-map of cohorts (`form="cohorts"`)."""
    if form not in ("curves", "cohorts"):
        raise UnknownChoice(name="form", value=form, choices="curves, cohorts")
    return curves(answer, kind=kind, **choices) if form == "curves" else cohorts(answer, kind=kind, **choices)


def curves(
    answer: Retention,
    *,
    kind: Kind | None = None,
    fixed_through: int | None = None,
    theme: Theme = LIGHT,
    width: int = _WIDTH,
    height: int = 260,
    title: str | None = None,
) -> alt.LayerChart:
    """Every kind as a line with its name at its end, and the interval of one kind as a band.

    Broken down, it is one kind with a line per segment instead. The curves pool all cohorts for whom N has
    ended (eligible-cohort curves); `fixed_through=n` draws the same cohorts all along.
    """
    chosen = _chosen(answer, kind)
    if answer.segments is None:
        drawn = {one: _curve(answer, one, fixed_through) for one in answer.kinds}
        colours = {one: theme.kinds.get(one, theme.accent) for one in drawn}
        return _lines(drawn, colours, chosen, answer, theme, width, height, title)
    names = _largest_segments(answer)
    drawn = {str(name): _curve(answer, chosen, fixed_through, name) for name in names}
    colours = {name: theme.series(place) for place, name in enumerate(drawn)}
    return _lines(drawn, colours, None, answer, theme, width, height, title)


def cohorts(
    answer: Retention,
    *,
    kind: Kind | None = None,
    segment: Any = ...,
    theme: Theme = LIGHT,
    width: int = _WIDTH,
    height: int | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """A row per cohort, a column per period, colour and figure for the share retained; open periods stay empty."""
    alt, chosen = _altair(), _chosen(answer, kind)
    rows = _cohort_rows(answer, chosen, segment)
    names = list(dict.fromkeys(row["cohort"] for row in rows))
    tall = height or max(120, min(26 * len(names), max(640, 3 * len(names))))
    top = max(float(np.percentile([row["rate"] for row in rows], 99)), 0.01)
    periods = sorted({row["period"] for row in rows})
    colours = [theme.tint(chosen), theme.kinds.get(chosen, theme.accent)]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X(
            "period:O",
            title=f"{answer.question.period.capitalize()}s since the first",
            axis=alt.Axis(labelAngle=0, orient="top", values=periods[:: -(-24 * len(periods) // width)]),
        ),
        y=alt.Y("cohort:N", sort=None, title=None, axis=alt.Axis(labelLimit=220, values=_every_few(names, tall))),
    )
    cells = base.mark_rect(cornerRadius=3 if tall / len(names) > 14 else 0, stroke=theme.surface, strokeWidth=1).encode(
        color=alt.Color("rate:Q", scale=alt.Scale(domain=[0, top], range=colours, clamp=True), legend=None),
        tooltip=_tooltips(answer.question.period),
    )
    shown = [cells] + ([_figures(base, top, theme)] if _room_for_figures(names, len(periods), tall, width) else [])
    words = title or f"{chosen.capitalize()} retention by cohort"
    said = f"percent who {answer.question.definitions[chosen]}; empty: not ended yet"
    customers = sum({row["cohort"]: row["size"] for row in rows}.values())
    note = f"{customers:,} customers in {len(names):,} cohorts; {said}"
    return _finished(alt.layer(*shown), theme, width, tall, words, note)


def survival_curves(
    answer: Survival, *, theme: Theme = LIGHT, width: int = _WIDTH, height: int = 260, title: str | None = None
) -> alt.LayerChart:
    """Kaplan–Meier steps, with a band for the interval and the group's name at the end of its line."""
    alt = _altair()
    drawn = sorted(answer.curves, key=lambda curve: -curve.customers)[:_MOST_LINES]
    rows = [row for curve in drawn for row in _survival_rows(curve)]
    if not rows:
        raise NothingToDraw
    colours = {str(curve.group): theme.series(place) for place, curve in enumerate(drawn)}
    colour = alt.Color("line:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=None)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
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
    layers = [band, line] + ([_end_labels(rows, "time", colour, height)] if len(drawn) > 1 else [])
    n = sum(curve.customers for curve in drawn)
    lost = sum(curve.lost for curve in drawn)
    note = f"{n:,} customers, {lost:,} lost; band: {answer.level:.0%} interval (Greenwood, log-log)"
    return _finished(
        alt.layer(*layers), theme, width, height, title or "Still customers, by time since they began", note
    )


def points(
    rates: Sequence[Rate],
    *,
    theme: Theme = LIGHT,
    width: int = _WIDTH,
    height: int | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Single rates as points with their intervals, the figures written beside them."""
    alt = _altair()
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
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=320))
    )
    x = alt.X("rate:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5))
    rule = base.mark_rule(strokeWidth=6, opacity=0.3, color=theme.accent).encode(
        x=alt.X("low:Q", title=None), x2="high:Q"
    )
    dot = base.mark_circle(size=70, opacity=1, color=theme.accent).encode(x=x)
    words = base.mark_text(align="center", dy=-14, color=theme.ink, fontSize=12).encode(x=x, text="words:N")
    note = f"bar: {rates[0].level:.0%} interval (Wilson)"
    return _finished(alt.layer(rule, dot, words), theme, width, height or 48 * len(rows), title or "", note)


def _lines(
    drawn: dict[str, Curve],
    colours: dict[str, str],
    banded: str | None,
    answer: Retention,
    theme: Theme,
    width: int,
    height: int,
    title: str | None,
) -> alt.LayerChart:
    alt, period = _altair(), answer.question.period
    rows = [row for name, curve in drawn.items() for row in _curve_rows(name, curve)]
    if not rows:
        raise NothingToDraw
    last = max(row["period"] for row in rows)
    colour = alt.Color("line:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=None)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X(
            "period:Q",
            title=_x_title(answer),
            scale=alt.Scale(domain=[1, max(2, last)], nice=False),
            axis=alt.Axis(format="d", tickMinStep=1, grid=False),
        )
    )
    y = alt.Y("rate:Q", title="Retained", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5))
    dash = alt.condition("datum.provisional", alt.value([5, 4]), alt.value([1, 0]))
    thick = (
        alt.condition(alt.FieldEqualPredicate(field="line", equal=banded), alt.value(3), alt.value(2))
        if banded
        else alt.value(2)
    )
    line = base.mark_line(strokeJoin="round").encode(
        y=y, color=colour, strokeDash=dash, strokeWidth=thick, detail="line:N"
    )
    dots = base.mark_circle(size=36, opacity=0.01 if last > 1 else 1).encode(
        y=y, color=colour, tooltip=_tooltips(period, first="line")
    )
    band = base.mark_area(opacity=0.14).encode(y=alt.Y("low:Q", title="Retained"), y2="high:Q", color=colour)
    shown = [band.transform_filter(alt.FieldEqualPredicate(field="line", equal=banded)) if banded else band]
    shown = shown if banded or len(drawn) <= _MOST_BANDS else []
    pooled = next(iter(drawn.values()))
    words = title or (
        f"{answer.question.period.capitalize()}s after the first, who came back?"
        if banded
        else f"{pooled.kind.capitalize()} retention by {answer.question.by}"
    )
    whose = (
        f"band: {answer.question.level:.0%} interval" + (f" of {banded}" if banded else "")
        if shown
        else "intervals in the table"
    )
    more = (
        f"; {len(answer.segment_names) - len(drawn)} smaller not drawn"
        if not banded and len(answer.segment_names) > len(drawn)
        else ""
    )
    note = f"{answer.customers:,} customers, {pooled.name}; {whose}{more}"
    return _finished(
        alt.layer(*shown, line, dots, _end_labels(rows, "period", colour, height)), theme, width, height, words, note
    )


def _end_labels(rows: list[dict[str, Any]], along: str, colour: Any, height: int) -> alt.Chart:
    """Each line's name beside its last point, moved apart where two would touch."""
    alt = _altair()
    ends = {row["line"]: row for row in rows}
    places = spread([row["rate"] for row in ends.values()], gap=14 / height, low=0.01, high=1.0)
    last = max(row[along] for row in rows)
    named = [
        {"line": name, along: last, "at": place, "words": f"{name}, provisional" if row.get("provisional") else name}
        for (name, row), place in zip(ends.items(), places, strict=True)
    ]
    return (
        alt.Chart(alt.InlineData(values=named))
        .mark_text(align="left", dx=8, baseline="middle", fontSize=12, fontWeight=600)
        .encode(x=f"{along}:Q", y=alt.Y("at:Q"), text="words:N", color=colour)
    )


def _largest_segments(answer: Retention) -> list[Any]:
    """The segments with most customers, as many as can be told apart, in the answer's own order."""
    assert answer.segments is not None
    sizes = dict.fromkeys(answer.segment_names, 0)
    for name, size in zip(answer.segments, answer.sizes, strict=True):
        sizes[name] += int(size)
    largest = sorted(sizes, key=lambda name: -sizes[name])[:_MOST_LINES]
    return [name for name in answer.segment_names if name in largest]


def _curve(answer: Retention, kind: Kind, fixed_through: int | None, segment: Any = ...) -> Curve:
    if fixed_through is not None:
        return answer.fixed_curve(kind, through=fixed_through, segment=segment)
    return answer.curve(kind, segment=segment)


def _curve_rows(name: str, curve: Curve) -> list[dict[str, Any]]:
    """One row per period with somebody at risk, from 1 on: period 0 is 100 % by definition and says nothing.

    A rolling line is dashed as a whole: its provisional part is nearly always all of it.
    """
    provisional = bool(curve.provisional.any())
    return [
        {
            "line": name, "period": int(n),
            "rate": float(curve.rate[n]), "low": float(curve.low[n]), "high": float(curve.high[n]),
            "at_risk": int(curve.at_risk[n]), "retained": int(curve.retained[n]), "provisional": provisional,
        }
        for n in curve.period[1:]
        if curve.at_risk[n] > 0
    ]  # fmt: skip


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


def _tooltips(period: str, *, first: str = "cohort") -> list[Any]:
    alt = _altair()
    title = "Cohort" if first == "cohort" else "Line"
    return [
        alt.Tooltip(f"{first}:N", title=title), alt.Tooltip("period:Q", title=period.capitalize()),
        alt.Tooltip("rate:Q", title="Retained", format=".1%"), alt.Tooltip("low:Q", title="From", format=".1%"),
        alt.Tooltip("high:Q", title="To", format=".1%"), alt.Tooltip("retained:Q", title="Customers", format=","),
        alt.Tooltip("at_risk:Q", title="At risk", format=","),
    ]  # fmt: skip


def _figures(base: Any, top: float, theme: Theme) -> Any:
    alt = _altair()
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


def _x_title(answer: Retention) -> str:
    if answer.question.window == "personal":
        return f"Windows of {answer.question.period} since each customer's first"
    return f"{answer.question.period.capitalize()}s since the {answer.question.period} of the first"


def _chosen(answer: Retention, kind: Kind | None) -> Kind:
    if kind is not None and kind not in answer.kinds:
        raise UnknownChoice(name="kind", value=kind, choices=", ".join(answer.kinds))
    return kind or ("classic" if "classic" in answer.kinds else answer.kinds[0])


def _finished(layers: Any, theme: Theme, width: int, height: int, title: str, subtitle: str) -> Any:
    alt = _altair()
    words = alt.TitleParams(title, subtitle=subtitle)
    return layers.properties(width=width, height=height, title=words, padding=16).configure(**theme.config())


def _altair() -> Any:
    try:
        import altair
    except ImportError as missing:
        raise ChartsMissing from missing
    return altair

"""Retention curves: a line per kind, or a line per segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tenure.charts.frame import MOST_LINES, WIDTH, altair, chosen_kind, end_labels, finished, tooltips
from tenure.errors import NothingToDraw
from tenure.themes import LIGHT, Theme

if TYPE_CHECKING:
    import altair as alt

    from tenure.kinds import Kind
    from tenure.results import Curve, Retention

_MOST_BANDS: Final = 3


def curves(
    answer: Retention,
    *,
    kind: Kind | None = None,
    fixed_through: int | None = None,
    theme: Theme = LIGHT,
    width: int = WIDTH,
    height: int = 260,
    title: str | None = None,
) -> alt.LayerChart:
    """Every kind as a line with its name at its end, and the interval of one kind as a band.

    Broken down, it is one kind with a line per segment instead. The curves pool all cohorts for whom N has
    ended (eligible-cohort curves); `fixed_through=n` draws the same cohorts all along.
    """
    chosen = chosen_kind(answer, kind)
    if answer.segments is None:
        drawn = {one: _curve(answer, one, fixed_through) for one in answer.kinds}
        colours = {one: theme.kinds.get(one, theme.accent) for one in drawn}
        return _lines(drawn, colours, chosen, answer, theme, width, height, title)
    names = _largest_segments(answer)
    drawn = {str(name): _curve(answer, chosen, fixed_through, name) for name in names}
    colours = {name: theme.series(place) for place, name in enumerate(drawn)}
    return _lines(drawn, colours, None, answer, theme, width, height, title)


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
    alt = altair()
    rows = [row for name, curve in drawn.items() for row in _curve_rows(name, curve)]
    if not rows:
        raise NothingToDraw
    last = max(row["period"] for row in rows)
    colour = alt.Color("line:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=None)
    base = alt.Chart({"values": rows}).encode(x=_x(answer, last=last))
    bands = [_band(base, colour, banded)] if banded or len(drawn) <= _MOST_BANDS else []
    layers = [
        *bands,
        *_line(base, colour, banded, answer, is_lone=last == 1),
        end_labels(rows, "period", colour, height),
    ]
    words = title or _title(answer, next(iter(drawn.values())), banded)
    note = _note(answer, drawn, banded, has_band=bool(bands))
    return finished(alt.layer(*layers), theme, width, height, words, note)


def _x(answer: Retention, *, last: int) -> alt.X:
    alt = altair()
    return alt.X(
        "period:Q",
        title=_x_title(answer),
        scale=alt.Scale(domain=[1, max(2, last)], nice=False),
        axis=alt.Axis(format="d", tickMinStep=1, grid=False),
    )


def _band(base: alt.Chart, colour: alt.Color, banded: str | None) -> alt.Chart:
    """The intervals: of one line, or of every line there is."""
    alt = altair()
    band = base.mark_area(opacity=0.14).encode(y=alt.Y("low:Q", title="Retained"), y2="high:Q", color=colour)
    return band.transform_filter(alt.FieldEqualPredicate(field="line", equal=banded)) if banded else band


def _line(
    base: alt.Chart, colour: alt.Color, banded: str | None, answer: Retention, *, is_lone: bool
) -> list[alt.Chart]:
    """The lines, dashed while provisional, and dots over them that answer the pointer; a lone period is all dot."""
    alt = altair()
    y = alt.Y("rate:Q", title="Retained", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5))
    dash = alt.condition("datum.provisional", alt.value([5, 4]), alt.value([1, 0]))
    thick: Any = alt.value(2)
    if banded:
        thick = alt.condition(alt.FieldEqualPredicate(field="line", equal=banded), alt.value(3), alt.value(2))
    line = base.mark_line(strokeJoin="round").encode(
        y=y, color=colour, strokeDash=dash, strokeWidth=thick, detail="line:N"
    )
    dots = base.mark_circle(size=36, opacity=1 if is_lone else 0.01).encode(
        y=y, color=colour, tooltip=tooltips(answer.question.period, first="line")
    )
    return [line, dots]


def _title(answer: Retention, pooled: Curve, banded: str | None) -> str:
    if banded:
        return f"{answer.question.period.capitalize()}s after the first, who came back?"
    return f"{pooled.kind.capitalize()} retention by {answer.question.by}"


def _note(answer: Retention, drawn: dict[str, Curve], banded: str | None, *, has_band: bool) -> str:
    whose = "intervals in the table"
    if has_band:
        whose = f"band: {answer.question.level:.0%} interval" + (f" of {banded}" if banded else "")
    left_out = 0 if banded else len(answer.segment_names) - len(drawn)
    more = f"; {left_out} smaller not drawn" if left_out > 0 else ""
    return f"{answer.customers:,} customers, {next(iter(drawn.values())).name}; {whose}{more}"


def _largest_segments(answer: Retention) -> list[Any]:
    """The segments with most customers, as many as can be told apart, in the answer's own order."""
    assert answer.segments is not None
    sizes = dict.fromkeys(answer.segment_names, 0)
    for name, size in zip(answer.segments, answer.sizes, strict=True):
        sizes[name] += int(size)
    largest = sorted(sizes, key=lambda name: -sizes[name])[:MOST_LINES]
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


def _x_title(answer: Retention) -> str:
    if answer.question.window == "personal":
        return f"Windows of {answer.question.period} since each customer's first"
    return f"{answer.question.period.capitalize()}s since the {answer.question.period} of the first"

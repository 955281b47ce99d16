"""The answer as an Arrow table, and as a small page for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from tenure.kinds import KINDS, Kind
from tenure.periods import label

if TYPE_CHECKING:
    import pyarrow as pa

    from tenure.results import Retention

_MOST_ROWS, _MOST_PERIODS = 40, 31


def arrow_table(answer: Retention, kind: Kind | None) -> pa.Table:
    """One line per cell; with one kind, the kind's own column is left out."""
    import pyarrow as pa

    cells = answer.cells
    keep = np.ones(len(cells), bool) if kind is None else cells.kind == KINDS.index(kind)
    columns: dict[str, Any] = {"cohort": pa.array(cells.cohort[keep].astype("datetime64[D]"))}
    if answer.segments is not None:
        columns["segment"] = pa.array(answer.segments).take(pa.array(cells.row[keep]))
    if kind is None:
        columns["kind"] = pa.DictionaryArray.from_arrays(pa.array(cells.kind), list(KINDS)).cast(pa.string())
    for name in ("period", "at_risk", "retained", "rate", "low", "high", "provisional"):
        columns[name] = pa.array(getattr(cells, name)[keep])
    return pa.table(columns)


def html(answer: Retention) -> str:
    """The question, the pooled curves of each kind, and the cohorts of the first kind."""
    kind = "classic" if "classic" in answer.kinds else answer.kinds[0]
    notes = "".join(f"<li>{escape(note)}</li>" for note in answer.notes)
    return (
        f'<div class="tenure"><p>{escape(str(answer.question))}</p>{_curves(answer)}'
        f"<p>{escape(kind.capitalize())}: {escape(answer.question.definitions[kind])}.</p>{_cohorts(answer, kind)}"
        f"{f'<ul>{notes}</ul>' if notes else ''}</div>"
    )


def _curves(answer: Retention) -> str:
    shown = range(1, min(answer.periods, _MOST_PERIODS) + 1)
    lines = []
    for kind in answer.kinds:
        curve = answer.curve(kind)
        cells = "".join(f'<td title="{_reading(curve, n)}">{_percent(curve.rate[n])}</td>' for n in shown)
        provisional = " (provisional)" if curve.provisional.any() else ""
        lines.append(f"<tr><th>{kind}{provisional}</th>{cells}</tr>")
    head = "".join(f"<th>{n}</th>" for n in shown)
    caption = f"<caption>All cohorts for which the {escape(answer.question.period)} has ended</caption>"
    return f"<table>{caption}<tr><th></th>{head}</tr>{''.join(lines)}</table>"


def _reading(curve: Any, n: int) -> str:
    if not curve.at_risk[n]:
        return "nobody at risk yet"
    return f"{curve.retained[n]:,} of {curve.at_risk[n]:,}, 95 %: {_percent(curve.low[n])} to {_percent(curve.high[n])}"


def _cohorts(answer: Retention, kind: Kind) -> str:
    shown = range(1, min(answer.periods, _MOST_PERIODS) + 1)
    rate, lines = answer.rate(kind), []
    for row in range(min(len(answer.sizes), _MOST_ROWS)):
        name = label(answer.cohorts[row], answer.question.period)
        segment = f"<th>{escape(str(answer.segments[row]))}</th>" if answer.segments is not None else ""
        cells = "".join(f'<td style="background:{_tint(rate[row, n])}">{_percent(rate[row, n])}</td>' for n in shown)
        lines.append(f"<tr>{segment}<th>{name}</th><td>{answer.sizes[row]:,}</td>{cells}</tr>")
    more = len(answer.sizes) - len(lines)
    rest = f"<p>{more:,} more cohorts in .table()</p>" if more > 0 else ""
    return f"<table>{''.join(lines)}</table>{rest}"


def _percent(rate: float) -> str:
    return "" if np.isnan(rate) else f"{100 * rate:.1f} %"


def _tint(rate: float) -> str:
    return "none" if np.isnan(rate) else f"rgba(64, 120, 96, {0.08 + 0.6 * rate:.2f})"

"""What `regulars retention` shows: the terminal's tables and CSV."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import IO, Any

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from regulars.kernel.spreadsheets import harmless
from tenure import Retention
from tenure.kinds import Kind
from tenure.periods import label

_STYLES = {"full": "magenta", "classic": "cyan", "rolling": "yellow", "return": "green", "bracket": "red"}


def to_terminal(
    console: Console, answer: Retention, *, kind: Kind, kinds: Sequence[Kind], notes: Sequence[str]
) -> None:
    """The question, every asked kind over all cohorts, the cohorts of one kind, the notes."""
    question = answer.question
    console.print(Text(str(question), style="bold"))
    names = [] if answer.segments is None else [str(name) for name in answer.segment_names]
    room = max(3, (console.width - 44 - min(24, max(map(len, names), default=0))) // 7)
    for segment in answer.segment_names:
        name = None if answer.segments is None else segment
        console.print(_curves(answer, kinds, segment=name, room=room))
    console.print(
        f"[dim]{kind.capitalize()}: {definition(answer, kind)}. "
        f"In brackets the {question.level:.0%} interval (Wilson).[/dim]\n"
    )
    console.print(_cohorts(answer, kind, room=room))
    if not (answer.at_risk[:, 1:] > 0).any():
        console.print(f"No {question.period} after a cohort's own has ended yet; a shorter --period may have.")
    hidden = answer.periods - room
    if hidden > 0:
        console.print(f"[dim]{hidden} more {question.period}s do not fit here; --csv - has them all.[/dim]")
    for note in notes:
        console.print(f"[dim]• {escape_markup(note)}[/dim]")


def to_csv(target: IO[str], answer: Retention, *, kind: Kind, by: str | None) -> None:
    """(by,) cohort, period, at_risk, retained, rate, low, high: every ended period, from 0, the size of the cohort."""
    writer = csv.writer(target, lineterminator="\n")
    columns = ["cohort", "period", "at_risk", "retained", "rate", "low", "high"]
    writer.writerow(([by] if by else []) + columns)
    table = answer.table(kind).to_pydict()
    segments = [[harmless(segment)] for segment in table["segment"]] if by else [[]] * len(table["cohort"])
    for place, first in enumerate(segments):
        writer.writerow(first + [_cell(table[name][place]) for name in columns])


def escape_markup(text: str) -> str:
    return text.replace("[", r"\[")


def _curves(answer: Retention, kinds: Sequence[Kind], *, segment: Any, room: int) -> Table:
    title = "All cohorts for which the period has ended" + (
        "" if segment is None else f" · {escape_markup(str(segment))}"
    )
    table = Table(title=title, title_justify="left", title_style="dim", box=None, pad_edge=False)
    table.add_column(answer.question.period.capitalize(), no_wrap=True)
    shown = range(1, min(answer.periods, room) + 1)
    for n in shown:
        table.add_column(str(n), justify="right", no_wrap=True)
    for kind in kinds:
        curve = answer.curve(kind, segment=... if segment is None else segment)
        name = kind + (" (provisional)" if curve.provisional.any() else "")
        table.add_row(Text(name, style=_STYLES[kind]), *(percent(curve.rate[n]) for n in shown))
        if len(kinds) == 1:
            table.add_row("  from", *(percent(curve.low[n]) for n in shown), style="dim")
            table.add_row("  to", *(percent(curve.high[n]) for n in shown), style="dim")
    at_risk = answer.curve(kinds[0], segment=... if segment is None else segment).at_risk
    table.add_row("n at risk", *(f"{at_risk[n]:,}" if at_risk[n] else "" for n in shown), style="dim")
    return table


def _cohorts(answer: Retention, kind: Kind, *, room: int) -> Table:
    """A line per cohort: its rates, and the last of them with its interval (all intervals are in the CSV)."""
    table = Table(title=f"Cohorts, {kind}", title_justify="left", title_style="bold", box=None, pad_edge=False)
    if answer.segments is not None:
        table.add_column(answer.question.by or "segment")
    table.add_column("Cohort", no_wrap=True)
    table.add_column("n", justify="right")
    shown = range(1, min(answer.periods, room) + 1)
    for n in shown:
        table.add_column(str(n), justify="right", no_wrap=True)
    table.add_column("last, with interval", no_wrap=True)
    rate, (low, high) = answer.rate(kind), answer.interval(kind)
    for row in range(len(answer.sizes)):
        segment = [] if answer.segments is None else [escape_markup(str(answer.segments[row]))]
        cells = [Text(percent(rate[row, n]), style=_shade(rate[row, n])) for n in shown]
        name = label(answer.cohorts[row], answer.question.period)
        table.add_row(*segment, name, f"{answer.sizes[row]:,}", *cells, _last(rate[row], low[row], high[row]))
    return table


def _last(rate: Any, low: Any, high: Any) -> str:
    ended = np.flatnonzero(~np.isnan(rate[1:])) + 1
    if not len(ended):
        return "not ended yet"
    n = int(ended[-1])
    return f"{percent(rate[n])} ({percent(low[n])}–{percent(high[n])})"


def _shade(rate: float) -> str:
    if np.isnan(rate):
        return ""
    return "bold cyan" if rate >= 0.5 else "cyan" if rate >= 0.2 else "dim cyan"


def definition(answer: Retention, kind: Kind) -> str:
    return answer.question.definitions[kind]


def percent(rate: float) -> str:
    return "" if np.isnan(rate) else f"{100 * rate:.1f}%"


def _cell(value: Any) -> Any:
    return repr(float(value)) if isinstance(value, float) else value

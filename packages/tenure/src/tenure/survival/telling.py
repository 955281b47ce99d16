"""A Cox fit, and what it predicts, as small pages for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from tenure.pages import page

if TYPE_CHECKING:
    from tenure.survival.predicting import Predicted
    from tenure.survival.proportional import Cox

_MOST_LINES: Final = 20
_MOST_TIMES: Final = 6


def cox_html(found: Cox) -> str:
    """How it was fitted, each covariate's hazard ratio with its interval, and the notes."""
    low, high = found.hazard_ratio_interval
    lines = "".join(
        f"<tr><th>{escape(name)}</th><td>{ratio:.3f}</td><td>{a:.3f} to {b:.3f}</td><td>{p:.4f}</td></tr>"
        for name, ratio, a, b, p in zip(found.names, found.hazard_ratios, low, high, found.p, strict=True)
    )
    head = f"<tr><th></th><th>hazard ratio</th><th>{found.level:.0%} interval</th><th>p</th></tr>"
    notes = "".join(f"<li>{escape(note)}</li>" for note in found.notes)
    listed = f"<ul>{notes}</ul>" if notes else ""
    strata = f", a baseline for each of {len(found.strata)} strata" if found.strata else ""
    said = (
        f"{found.customers:,} customers, {found.lost:,} lost; ties by {found.ties.capitalize()}; "
        f"errors {found.errors}{strata}. Above 1: goes with leaving sooner."
    )
    caption = "<caption>Cox proportional hazards</caption>"
    return f'<div class="tenure"><p>{escape(said)}</p><table>{caption}{head}{lines}</table>{listed}</div>'


def predicted_html(found: Predicted) -> str:
    """The first rows: survival to the first times, the median and the relative hazard, each with its interval."""
    times = range(min(len(found.at), _MOST_TIMES))
    head = ["row", *(f"there at {found.at[i]:g}" for i in times), f"median {found.unit}", "relative hazard"]
    body = [
        [str(row + 1), *_there(found, row), _median(found, row), _ratio(found, row)]
        for row in range(min(len(found.median), _MOST_LINES))
    ]
    more = len(found.median) - len(body)
    rest = f"… and {more:,} more rows; table() has them all." if more > 0 else ""
    words = f"{len(found.median):,} customers, with {found.level:.0%} intervals in brackets."
    return page(words, head, body, caption="Predicted survival", rest=rest)


def _there(found: Predicted, row: int) -> list[str]:
    parts = found.survival[row], found.survival_low[row], found.survival_high[row]
    return [_between(there, low, high, ".0%") for there, low, high in zip(*parts, strict=True)][:_MOST_TIMES]


def _median(found: Predicted, row: int) -> str:
    return _between(found.median[row], found.median_low[row], found.median_high[row], "g")


def _ratio(found: Predicted, row: int) -> str:
    return _between(found.relative_hazard[row], found.relative_hazard_low[row], found.relative_hazard_high[row], ".2f")


def _between(value: float, low: float, high: float, form: str) -> str:
    """A figure with its ends; a dash for what is not within what was seen."""
    told = ["–" if np.isnan(number) else format(float(number), form) for number in (value, low, high)]
    return told[0] if told == ["–"] * 3 else f"{told[0]} ({told[1]} to {told[2]})"

"""A Cox fit as a small page for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenure.survival.proportional import Cox


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

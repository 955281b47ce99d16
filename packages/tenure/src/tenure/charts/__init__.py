"""Altair charts of the answers: one definition for a notebook, a page, PNG and SVG.

Data is carried inline, so no renderer has a row limit to trip over, and no expression is needed that a strict
content security policy would refuse (`vegaEmbed(…, {ast: true})`). Altair itself is imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.charts.dots import points
from tenure.charts.heatmap import cohorts
from tenure.charts.lines import curves
from tenure.charts.steps import survival_curves
from tenure.errors import UnknownChoice
from tenure.themes import DARK, LIGHT, Theme

if TYPE_CHECKING:
    import altair as alt

    from tenure.kinds import Kind
    from tenure.results import Retention

__all__ = ["DARK", "LIGHT", "Theme", "chart", "cohorts", "curves", "points", "survival_curves"]


def chart(
    answer: Retention, *, kind: Kind | None = None, form: str = "curves", **choices: Any
) -> alt.Chart | alt.LayerChart:
    """The curves (`form="curves"`) or the heat-map of cohorts (`form="cohorts"`)."""
    if form not in ("curves", "cohorts"):
        raise UnknownChoice(name="form", value=form, choices="curves, cohorts")
    return curves(answer, kind=kind, **choices) if form == "curves" else cohorts(answer, kind=kind, **choices)

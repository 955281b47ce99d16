"""What every chart shares: Altair, a title over it, named line ends, and the words of its tooltips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tenure.errors import ChartsMissing, UnknownChoice
from tenure.labelling import spread

if TYPE_CHECKING:
    import altair as alt

    from tenure.kinds import Kind
    from tenure.results import Retention
    from tenure.themes import Theme

MOST_LINES: Final = 5  # as many as there are colours to tell apart
WIDTH: Final = 640


def altair() -> Any:
    """Altair, imported when first drawn with; raises ChartsMissing where it is not installed.

    Rows are handed over as `{"values": rows}`: Altair's InlineData would check each of them, a third of a millisecond.
    """
    try:
        import altair
    except ImportError as missing:
        raise ChartsMissing from missing
    return altair


def finished(layers: Any, theme: Theme, width: int, height: int, title: str, subtitle: str) -> Any:
    """Layers in a theme, with a title and a note under it."""
    alt = altair()
    words = alt.TitleParams(title, subtitle=subtitle)
    return layers.properties(width=width, height=height, title=words, padding=16).configure(**theme.config())


def end_labels(rows: list[dict[str, Any]], along: str, colour: Any, height: int) -> alt.Chart:
    """Each line's name beside its last point, moved apart where two would touch."""
    alt = altair()
    ends = {row["line"]: row for row in rows}
    places = spread([row["rate"] for row in ends.values()], gap=14 / height, low=0.01, high=1.0)
    last = max(row[along] for row in rows)
    named = [
        {"line": name, along: last, "at": place, "words": f"{name}, provisional" if row.get("provisional") else name}
        for (name, row), place in zip(ends.items(), places, strict=True)
    ]
    return (
        alt.Chart({"values": named})
        .mark_text(align="left", dx=8, baseline="middle", fontSize=12, fontWeight=600)
        .encode(x=f"{along}:Q", y=alt.Y("at:Q"), text="words:N", color=colour)
    )


def tooltips(period: str, *, first: str = "cohort") -> list[Any]:
    """What the pointer is told: the cohort or line, the period, the rate with its ends, and how many."""
    alt = altair()
    title = "Cohort" if first == "cohort" else "Line"
    return [
        alt.Tooltip(f"{first}:N", title=title), alt.Tooltip("period:Q", title=period.capitalize()),
        alt.Tooltip("rate:Q", title="Retained", format=".1%"), alt.Tooltip("low:Q", title="From", format=".1%"),
        alt.Tooltip("high:Q", title="To", format=".1%"), alt.Tooltip("retained:Q", title="Customers", format=","),
        alt.Tooltip("at_risk:Q", title="At risk", format=","),
    ]  # fmt: skip


def chosen_kind(answer: Retention, kind: Kind | None) -> Kind:
    """The kind asked for, or classic, or whichever there is."""
    if kind is not None and kind not in answer.kinds:
        raise UnknownChoice(name="kind", value=kind, choices=", ".join(answer.kinds))
    return kind or ("classic" if "classic" in answer.kinds else answer.kinds[0])

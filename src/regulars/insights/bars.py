"""Bar charts the library does not draw, as specifications in a theme: money that moved, and who is worth how much."""

from typing import Any

from regulars.insights.selectors.revenue import Kept
from tenure.themes import Theme

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def movements(kept: Kept, words: dict[str, str], theme: Theme) -> dict[str, Any]:
    """What came to and went from revenue, by closing period: up what was added, down what was lost."""
    signs = {"expansion": 1, "reactivated": 1, "new": 1, "contraction": -1, "churned": -1}
    rows = [
        {"end": str(line.end), "part": words[name], "money": round(sign * getattr(line, name), 2)}
        for line in kept.found.lines
        for name, sign in signs.items()
    ]
    hues = [theme.kinds[kind] for kind in ("return", "full", "classic", "rolling", "bracket")]
    scale = {"domain": [words[name] for name in signs], "range": hues}
    return _drawn(
        rows,
        theme,
        mark={"type": "bar", "cornerRadius": 2},
        encoding={
            "x": {"field": "end", "type": "ordinal", "timeUnit": "utcyearmonth", "title": None,
                  "axis": {"labelAngle": 0, "labelOverlap": True, "grid": False, "format": "%b %y"}},
            "y": {"field": "money", "type": "quantitative", "title": kept.question.currency,
                  "axis": {"format": "~s", "tickCount": 5}},
            "color": {"field": "part", "type": "nominal", "scale": scale,
                      "legend": {"title": None, "orient": "top", "columns": 3}},
            "order": {"field": "part", "type": "nominal"},
            "tooltip": [{"field": "part", "type": "nominal", "title": " "},
                        {"field": "money", "type": "quantitative", "format": ",.0f", "title": kept.question.currency}],
        },
    )  # fmt: skip


def distribution(steps: list[dict[str, Any]], words: dict[str, str], theme: Theme) -> dict[str, Any]:
    """How many customers are worth how much: one bar a step, each with the share of all the value it holds."""
    rows = [{"step": step["name"], "customers": step["customers"], "held": step["held"]} for step in steps]
    return _drawn(
        rows,
        theme,
        mark={"type": "bar", "cornerRadius": 3, "color": theme.accent},
        encoding={
            "x": {"field": "step", "type": "ordinal", "sort": None, "title": words["worth"],
                  "axis": {"labelAngle": 0, "labelOverlap": True, "grid": False}},
            "y": {"field": "customers", "type": "quantitative", "title": words["customers"],
                  "axis": {"format": "~s", "tickCount": 5}},
            "tooltip": [{"field": "step", "type": "nominal", "title": words["worth"]},
                        {"field": "customers", "type": "quantitative", "format": ",", "title": words["customers"]},
                        {"field": "held", "type": "quantitative", "format": ".1%", "title": words["held"]}],
        },
    )  # fmt: skip


def _drawn(
    rows: list[dict[str, Any]], theme: Theme, *, mark: dict[str, Any], encoding: dict[str, Any]
) -> dict[str, Any]:
    return {
        "$schema": _SCHEMA, "data": {"values": rows}, "mark": mark, "encoding": encoding, "height": 260,
        "padding": 8, "config": theme.config(),
    }  # fmt: skip

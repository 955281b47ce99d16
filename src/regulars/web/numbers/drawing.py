"""The page's charts, as specifications in a theme: how long it takes, and how much there is."""

from typing import Any, Final

from django.utils.translation import gettext as _

from regulars.web.numbers.showing import NAMES, Answer, last_left

FORMS: Final = ("lasting", "volume")
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
HUES = {"first": "classic", "next": "rolling", "resolution": "return"}


def draw(found: Answer, form: str) -> Any:
    """The function that draws one of `FORMS` in a theme."""
    return {"lasting": lambda theme: lasting(found, theme), "volume": lambda theme: volume(found, theme)}[form]


def title(form: str) -> str:
    """What stands over the picture when it stands alone."""
    return {"lasting": _("How long it takes: medians, in hours"), "volume": _("What came in, and what was left open")}[
        form
    ]


def lasting(found: Answer, theme: Any) -> dict[str, Any]:
    """Medians by step, a line for each kind of span."""
    rows = [
        {"step": str(step), "kind": str(NAMES[kind]), "hours": part.lasting.median / 3600, "n": part.lasting.n}
        for kind in HUES
        for step, part in sorted(found.measured[kind].steps.items())
        if part.lasting.median is not None
    ]
    hours = _("Hours")
    return _drawn(
        rows,
        theme,
        mark={"type": "line", "point": {"size": 34}, "strokeWidth": 2},
        encoding={
            "x": _step(found),
            "y": {"field": "hours", "type": "quantitative", "title": hours, "axis": {"tickCount": 5}},
            "color": {
                "field": "kind",
                "type": "nominal",
                "scale": {
                    "domain": [str(NAMES[kind]) for kind in HUES],
                    "range": [theme.kinds[hue] for hue in HUES.values()],
                },
                "legend": {"title": None, "orient": "top"},
            },
            "tooltip": [
                {"field": "kind", "type": "nominal", "title": " "},
                {"field": "hours", "type": "quantitative", "format": ".2f", "title": hours},
                {"field": "n", "type": "quantitative", "title": "n"},
            ],
        },
    )


def volume(found: Answer, theme: Any) -> dict[str, Any]:
    """What began in each step as bars, and what was left open at its end as a line."""
    left = last_left(found)
    rows = [
        {"step": str(step), "began": part.began, "left": left[step][1] if step in left else None}
        for step, part in sorted(found.volume.steps.items())
    ]
    began, open_ = _("Began"), _("Open at the end")
    axis = {"title": None, "axis": {"tickCount": 5, "format": "~s"}}
    tooltip = [
        {"field": "began", "type": "quantitative", "title": began},
        {"field": "left", "type": "quantitative", "title": open_},
    ]
    scale = {"domain": [began, open_], "range": [theme.accent, theme.kinds["full"]]}
    drawn = _drawn(rows, theme, mark={}, encoding={"x": _step(found), "tooltip": tooltip})
    drawn["layer"] = [
        {
            "mark": {"type": "bar", "cornerRadius": 2, "opacity": 0.75},
            "encoding": {
                "y": {"field": "began", "type": "quantitative", **axis},
                "color": {"datum": began, "scale": scale, "legend": {"title": None, "orient": "top"}},
            },
        },
        {
            "mark": {"type": "line", "point": {"size": 34}, "strokeWidth": 2},
            "encoding": {"y": {"field": "left", "type": "quantitative", **axis}, "color": {"datum": open_}},
        },
    ]
    del drawn["mark"]
    return drawn


def _step(found: Answer) -> dict[str, Any]:
    unit, shape = {
        "day": ("utcyearmonthdate", "%-d %b"),
        "week": ("utcyearmonthdate", "%-d %b"),
        "month": ("utcyearmonth", "%b %y"),
    }[found.asked.question.step]
    axis = {"labelAngle": 0, "labelOverlap": True, "grid": False, "format": shape}
    return {"field": "step", "type": "ordinal", "timeUnit": unit, "title": None, "axis": axis}


def _drawn(rows: list[dict[str, Any]], theme: Any, *, mark: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": _SCHEMA,
        "data": {"values": rows},
        "mark": mark,
        "encoding": encoding,
        "height": 260,
        "padding": 8,
        "config": theme.config(),
    }

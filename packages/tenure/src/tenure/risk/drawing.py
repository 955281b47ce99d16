"""Charts of a card, of scores and of past predictions; Altair is imported when first used."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tenure.charts.frame import altair, finished
from tenure.errors import NothingToDraw
from tenure.themes import LIGHT, Theme

if TYPE_CHECKING:
    import altair as alt

    from tenure.risk.cards import ModelCard
    from tenure.risk.hindsight_series import HindsightSeries
    from tenure.risk.hindsights import Hindsight
    from tenure.risk.scores import Scores

_WIDTH: Final = 640


def calibration(
    answer: ModelCard | Hindsight,
    *,
    theme: Theme = LIGHT,
    width: int = _WIDTH,
    height: int = 320,
    title: str | None = None,
) -> alt.LayerChart:
    """What was predicted (across) and what happened (up), by tenths of risk; on the line both agree."""
    alt = altair()
    rows = [
        {"predicted": line.predicted, "happened": line.happened, "low": line.low, "high": line.high, "rows": line.rows}
        for line in answer.calibration
    ]
    if not rows:
        raise NothingToDraw
    end = min(1.0, 1.05 * max(max(row["high"], row["predicted"]) for row in rows))
    scale, percent = alt.Scale(domain=[0, end]), alt.Axis(format="%", tickCount=5)
    x = alt.X("predicted:Q", title="Predicted to leave", scale=scale, axis=percent)
    told = [
        alt.Tooltip("predicted:Q", title="Predicted", format=".1%"),
        alt.Tooltip("happened:Q", title="Left", format=".1%"),
        alt.Tooltip("low:Q", title="From", format=".1%"),
        alt.Tooltip("high:Q", title="To", format=".1%"),
        alt.Tooltip("rows:Q", title="Rows", format=","),
    ]
    base = alt.Chart({"values": rows}).encode(x=x)
    line = (
        alt.Chart({"values": [{"predicted": 0, "happened": 0}, {"predicted": end, "happened": end}]})
        .mark_line(color=theme.ink_faint, strokeDash=[4, 4], strokeWidth=1)
        .encode(x=x, y="happened:Q")
    )
    rule = base.mark_rule(strokeWidth=4, opacity=0.3, color=theme.accent).encode(
        y=alt.Y("low:Q", title="Left", scale=scale, axis=percent), y2="high:Q"
    )
    dots = base.mark_circle(size=60, opacity=1, color=theme.accent).encode(y="happened:Q", tooltip=told)
    n = sum(row["rows"] for row in rows)
    words = f"{n:,} rows in tenths of predicted risk; bar: {answer.level:.0%} interval (Wilson); dashes: as predicted"
    return finished(
        alt.layer(line, rule, dots), theme, width, height, title or "Did as many leave as predicted?", words
    )


def over_time(
    series: HindsightSeries, *, theme: Theme = LIGHT, width: int = _WIDTH, height: int = 220, title: str | None = None
) -> alt.LayerChart:
    """What was expected (dashes) and what happened (line, with its interval), by when it was predicted."""
    alt = altair()
    rows = [
        {"since": line.since.isoformat(), "predicted": line.predicted, "happened": line.happened, "low": line.low,
         "high": line.high, "rows": line.rows}
        for line in series.lines
    ]  # fmt: skip
    if not rows:
        raise NothingToDraw
    x = alt.X("since:T", title="Predicted on", axis=alt.Axis(grid=False, tickCount=6))
    y = alt.Y("happened:Q", title="Left", axis=alt.Axis(format="%", tickCount=4), scale=alt.Scale(zero=True))
    told = [
        alt.Tooltip("since:T", title="Predicted on"),
        alt.Tooltip("predicted:Q", title="Expected to leave", format=".1%"),
        alt.Tooltip("happened:Q", title="Left", format=".1%"),
        alt.Tooltip("low:Q", title="From", format=".1%"),
        alt.Tooltip("high:Q", title="To", format=".1%"),
        alt.Tooltip("rows:Q", title="Customers", format=","),
    ]
    base = alt.Chart({"values": rows}).encode(x=x)
    band = base.mark_rule(strokeWidth=4, opacity=0.3, color=theme.accent).encode(
        y=alt.Y("low:Q", title=None), y2="high:Q"
    )
    left = base.mark_line(point=True, strokeWidth=2, color=theme.accent).encode(y=y, tooltip=told)
    said = base.mark_line(strokeDash=[4, 4], strokeWidth=1.5, color=theme.ink_soft).encode(y=alt.Y("predicted:Q"))
    words = f"line: left, with {series.level:.0%} interval (Wilson); dashes: as predicted"
    return finished(
        alt.layer(band, said, left), theme, width, height, title or "What was said, and what happened", words
    )


def lift(
    card: ModelCard, *, theme: Theme = LIGHT, width: int = _WIDTH, height: int = 260, title: str | None = None
) -> alt.LayerChart:
    """Which share of the leavers is among the customers with the highest risk; dashes: taken at random."""
    alt = altair()
    rows = [{"share": 0.0, "leavers": 0.0}, *({"share": at.share, "leavers": at.leavers} for at in card.lift)]
    percent = alt.Axis(format="%", tickCount=5)
    x = alt.X("share:Q", title="Customers taken, highest risk first", axis=percent, scale=alt.Scale(nice=False))
    y = alt.Y("leavers:Q", title="Leavers among them", axis=percent, scale=alt.Scale(domain=[0, 1]))
    told = [
        alt.Tooltip("share:Q", title="Customers", format=".0%"),
        alt.Tooltip("leavers:Q", title="Leavers", format=".1%"),
    ]
    base = alt.Chart({"values": rows}).encode(x=x, y=y)
    chance = (
        alt.Chart({"values": [{"share": row["share"], "leavers": row["share"]} for row in rows]})
        .mark_line(color=theme.ink_faint, strokeDash=[4, 4], strokeWidth=1)
        .encode(x=x, y=y)
    )
    line, dots = base.mark_line(color=theme.accent), base.mark_circle(size=50, color=theme.accent).encode(tooltip=told)
    words = f"lift of the top tenth {card.quality.lift} ({card.level:.0%} interval); {card.shipped}"
    heading = title or "How many leavers are among the first?"
    return finished(alt.layer(chance, line, dots), theme, width, height, heading, words)


def models(
    card: ModelCard, *, theme: Theme = LIGHT, width: int = _WIDTH, height: int | None = None, title: str | None = None
) -> alt.LayerChart:
    """The AUC of every contender with its interval; the shipped one in colour."""
    alt = altair()
    rows = [
        {
            "model": measured.model, "auc": measured.auc.value, "low": measured.auc.low, "high": measured.auc.high,
            "words": f"{measured.auc.value:.3f}{' · shipped' if measured.model == card.shipped else ''}",
        }
        for measured in card.measures
    ]  # fmt: skip
    base = alt.Chart({"values": rows}).encode(
        y=alt.Y("model:N", sort=None, title=None, axis=alt.Axis(labelLimit=320)),
        color=alt.condition(
            alt.FieldEqualPredicate(field="model", equal=card.shipped),
            alt.value(theme.accent),
            alt.value(theme.ink_faint),
        ),
    )
    rule = base.mark_rule(strokeWidth=6, opacity=0.3).encode(
        x=alt.X("low:Q", title=None, scale=alt.Scale(domain=[0.5, 1]), axis=alt.Axis(tickCount=6)), x2="high:Q"
    )
    dots, words = base.mark_circle(size=70, opacity=1).encode(x="auc:Q"), base.mark_text(dy=-14, fontSize=12)
    drawn = alt.layer(rule, dots, words.encode(x="auc:Q", text="words:N"))
    note = f"AUC on the test rows, {card.level:.0%} intervals; .5 is chance"
    return finished(drawn, theme, width, height or 48 * len(rows), title or "Which model ranks best?", note)


def spread_of_risk(
    scores: Scores, *, theme: Theme = LIGHT, width: int = _WIDTH, height: int = 200, title: str | None = None
) -> alt.LayerChart:
    """How many customers have which risk."""
    alt = altair()
    counts, edges = np.histogram(scores.probability, bins=20, range=(0, 1))
    rows = [
        {"from": float(edges[i]), "to": float(edges[i + 1]), "customers": int(count)} for i, count in enumerate(counts)
    ]
    percent = alt.Axis(format="%", tickCount=5)
    bars = (
        alt.Chart({"values": rows})
        .mark_bar(color=theme.accent)
        .encode(
            x=alt.X("from:Q", title="Risk", scale=alt.Scale(domain=[0, 1]), axis=percent),
            x2="to:Q",
            y=alt.Y("customers:Q", title="Customers"),
            tooltip=[alt.Tooltip("customers:Q", title="Customers", format=",")],
        )
    )
    words = f"{len(scores):,} customers, {scores.probability.mean():.1%} on average"
    return finished(alt.layer(bars), theme, width, height, title or "How risk is spread", words)


FORMS: Final[dict[str, Callable[..., Any]]] = {"calibration": calibration, "lift": lift, "models": models}

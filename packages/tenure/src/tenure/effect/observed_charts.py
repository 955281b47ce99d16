"""Pictures of an observed effect: the estimates beside zero, balance before and after, and where the groups overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tenure.charts.frame import altair
from tenure.effect.drawing import Row, finished, intervals, zero
from tenure.effect.observed_covariates import read_covariates
from tenure.errors import NothingToDraw, UnknownChoice
from tenure.themes import LIGHT, Theme

if TYPE_CHECKING:
    import altair as alt

    from tenure.effect.observed_results import NotIdentifiable, Observed
    from tenure.effect.observed_service import FirstConversations
    from tenure.effect.overlap import Balance, Overlap

_BINS: Final = 20


def chart(answer: Observed | NotIdentifiable, *, form: str, **choices: Any) -> alt.LayerChart:
    """The picture by its name; what was never reached cannot be drawn."""
    if form == "balance" and answer.balance is not None:
        return balance(answer.balance, **choices)
    if form == "overlap" and answer.overlap is not None:
        return overlap(answer.overlap, **choices)
    if form not in ("estimates", "balance", "overlap"):
        raise UnknownChoice(name="form", value=form, choices="estimates, balance, overlap")
    if form != "estimates":
        raise NothingToDraw
    return _estimates(answer, **choices)


def balance(
    found: Balance,
    *,
    theme: Theme = LIGHT,
    width: int = 640,
    height: int | None = None,
    title: str = "How alike the groups are",
) -> alt.LayerChart:
    """Each covariate's difference before (hollow) and after weighting, furthest apart first, with the limit."""
    alt = altair()
    order = np.argsort(-np.abs(found.before), kind="stable")
    rows = [
        {"covariate": found.labels[i], "when": when, "apart": float(values[i])}
        for i in order
        for when, values in (("before", found.before), ("after", found.after))
    ]
    colours = alt.Scale(domain=["before", "after"], range=[theme.ink_faint, theme.accent])
    base = alt.Chart({"values": rows}).encode(
        y=alt.Y("covariate:N", sort=None, title=None, axis=alt.Axis(labelLimit=320)),
        x=alt.X("apart:Q", title="Standardised mean difference"),
        color=alt.Color("when:N", scale=colours, title=None),
        shape=alt.Shape("when:N", scale=alt.Scale(domain=["before", "after"], range=["diamond", "circle"]), title=None),
        tooltip=[alt.Tooltip("covariate:N"), alt.Tooltip("when:N"), alt.Tooltip("apart:Q", format="+.2f")],
    )
    edges = alt.Chart({"values": [{"at": -found.limit}, {"at": found.limit}]})
    limits = edges.mark_rule(color=theme.ink_faint, strokeDash=[2, 4]).encode(x="at:Q")
    note = f"in standard deviations; dotted: the limit, ±{found.limit:.2f}"
    marks = base.mark_point(size=60, filled=True, opacity=1)
    return finished(alt.layer(zero(theme), limits, marks), theme, width, height or 40 + 22 * len(order), title, note)


def apart(
    rows: FirstConversations, *, theme: Theme = LIGHT, width: int = 640, height: int | None = None, title: str = ""
) -> alt.LayerChart:
    """Each covariate's difference between the treated and the others as they came, furthest apart first."""
    alt = altair()
    treated = rows.treated
    if treated.all() or not treated.any():
        raise NothingToDraw
    read = read_covariates(rows.columns, rows=len(treated))
    one, other = read.values[treated], read.values[~treated]
    scale = np.sqrt((one.var(axis=0) + other.var(axis=0)) / 2)
    differences = (one.mean(axis=0) - other.mean(axis=0)) / np.where(scale > 0, scale, 1.0)
    order = np.argsort(-np.abs(differences), kind="stable")
    drawn = [{"covariate": read.labels[i], "apart": float(differences[i])} for i in order]
    base = alt.Chart({"values": drawn}).encode(
        y=alt.Y("covariate:N", sort=None, title=None, axis=alt.Axis(labelLimit=320)),
        x=alt.X("apart:Q", title="Standardised mean difference"),
        tooltip=[alt.Tooltip("covariate:N"), alt.Tooltip("apart:Q", format="+.2f")],
    )
    dots = base.mark_circle(size=70, opacity=1, color=theme.accent)
    note = f"{int(treated.sum()):,} treated and {int((~treated).sum()):,} others, before anything is adjusted"
    heading = title or "How unlike the groups were at opening"
    return finished(alt.layer(zero(theme), dots), theme, width, height or 40 + 22 * len(order), heading, note)


def overlap(
    found: Overlap,
    *,
    theme: Theme = LIGHT,
    width: int = 640,
    height: int = 220,
    title: str = "Who has a counterpart",
) -> alt.LayerChart:
    """How many of each group by how likely their treatment was: the treated upwards, the others downwards."""
    alt = altair()
    edges = np.linspace(0, 1, _BINS + 1)
    rows = []
    for arm, which, sign in (("treated", found.treated, 1), ("not treated", ~found.treated, -1)):
        counts, _ = np.histogram(found.propensity[which], edges)
        rows += [
            {"arm": arm, "from": float(low), "to": float(high), "signed": int(sign * n), "customers": int(n)}
            for low, high, n in zip(edges[:-1], edges[1:], counts, strict=True)
        ]
    colours = alt.Scale(domain=["treated", "not treated"], range=[theme.accent, theme.ink_faint])
    bars = alt.Chart({"values": rows}).mark_bar()
    drawn = bars.encode(
        x=alt.X("from:Q", title="Chance of treatment", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%")),
        x2="to:Q",
        y=alt.Y("signed:Q", title="Customers", axis=alt.Axis(labelExpr="abs(datum.value)")),
        y2=alt.datum(0),
        color=alt.Color("arm:N", scale=colours, title=None),
        tooltip=[alt.Tooltip("arm:N"), alt.Tooltip("from:Q", format=".0%"), alt.Tooltip("customers:Q", format=",")],
    )
    note = (
        f"{found.left_out:,} customers without a counterpart; weighted, the groups count for "
        f"{found.effective_treated:,.0f} and {found.effective_untreated:,.0f}"
    )
    return finished(alt.layer(drawn), theme, width, height, title, note)


def _estimates(answer: Observed | NotIdentifiable, **choices: Any) -> alt.LayerChart:
    """The plain difference, the adjusted one, and the checks; without an estimate only the plain difference."""
    from tenure.effect.observed_results import Observed

    plain = answer.described.difference
    rows = [Row("plain difference", plain.value, plain.low, plain.high)]
    if isinstance(answer, Observed):
        lines = [(answer.evidence, answer.estimate)]
        lines += [(f"check: {one.name}", one.estimate) for one in answer.controls if one.estimate is not None]
        rows += [Row(name, e.value, e.low, e.high) for name, e in lines]
    usual = {"title": f"{answer.asked.treatment}: {answer.asked.outcome}", "note": answer.sentence}
    return intervals(rows, unit="%" if answer.asked.is_share else "", **{**usual, **choices})

"""What a model said a season ago, held against what happened, and whether its customers are still the same."""

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from regulars.insights.models import ScoreRun
from regulars.insights.scoring import risking
from regulars.insights.sentences import put_down
from tenure import TenureError, risk
from tenure.risk.hindsight_series import line_of

MOST_PREDICTIONS = 20_000  # more say nothing more, and are compared one by one


def watched(facts: pa.Table, now: risk.Rows, *, as_of: datetime) -> dict[str, Any]:
    """The newest model whose window has ended: its predictions and what came of them, and how customers drifted.

    The predictions are made once more, from what was recorded by then: they are those of that night,
    but for customers who were erased since.
    """
    ended = as_of - timedelta(days=risking.GAP_DAYS + risking.HORIZON_DAYS)
    run = ScoreRun.objects.filter(kind=ScoreRun.RISK, model__isnull=False, as_of__lte=ended).order_by("-as_of").first()
    if run is None:
        return {}
    model = risk.Model.from_dict(run.model)  # pyright: ignore[reportArgumentType]  # asked for above
    try:
        return {"hindsight": _hindsight(model, facts, at=run.as_of, as_of=as_of), "drift": _drift(model, now)}
    except TenureError as refusal:
        return {"not_watched": put_down(refusal)}


def _hindsight(model: risk.Model, facts: pa.Table, *, at: datetime, as_of: datetime) -> dict[str, Any]:
    scores = model.score(risking.rows_at(facts, model, at=at))
    every = -(-len(scores) // MOST_PREDICTIONS)
    customers, probability = scores.rows.customers[::every], scores.probability[::every]
    scored_at = pa.array([at] * len(customers), pa.timestamp("us", tz="UTC"))
    predictions = pa.table({"customer": customers, "scored_at": scored_at, "probability": probability})
    definition = model.card.definition
    assert definition is not None  # landmarks always define what leaving is
    found = risk.hindsight(
        predictions, facts, definition=definition, as_of=as_of, facts_customer="customer_id",
        facts_time="occurred_at", activity=risking.ACTIVITY, card=model.card,
    )  # fmt: skip
    line = line_of(found, since=at.date())
    return {
        "scored_at": at.isoformat(),
        "rows": found.rows,
        "predicted": found.predicted,
        "happened": found.happened,
        "low": line.low,
        "high": line.high,
        "auc": None if line.auc is None else {"value": line.auc.value, "low": line.auc.low, "high": line.auc.high},
        "alarms": [put_down(alarm) for alarm in found.alarms],
        "notes": [put_down(note) for note in found.notes],
    }


def _drift(model: risk.Model, now: risk.Rows) -> list[str]:
    return [put_down(alarm) for alarm in risk.drift(model, now).alarms]

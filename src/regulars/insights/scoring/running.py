"""Learning from everybody at night, and scoring whoever has new facts by day with what was learnt."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from regulars.customers.actions.traits import NewTrait
from regulars.insights.models import ScoreRun
from regulars.insights.scoring import (
    beginnings,
    gathering,
    holding,
    risking,
    spreading,
    staying,
    valuing,
    watching,
    writing,
)
from regulars.insights.scoring.staying import Followed, StayingModel
from regulars.insights.scoring.valuing import ValueModel
from regulars.insights.scoring.writing import Name
from regulars.insights.selectors import properties
from regulars.insights.sentences import put_down
from regulars.kernel import clock, page_settings
from regulars.kernel.fact_names import ORDER_COMPLETED
from regulars.kernel.said import phrase as _
from regulars.kernel.tail import START, Position
from tenure import TenureError
from tenure.risk import Model, Rows, Scores
from tenure.value import Histories

NO_BETTER_THAN_CHANCE = _(
    "What people did before does not tell, beyond chance, who leaves. No list is better than a wrong one; "
    "with more orders it may tell later."
)
TOO_NEW = _("Nobody ordered 90 days ago or earlier, so nobody can have been silent for as long. Time will tell.")
KINDS = (ScoreRun.VALUE, ScoreRun.RISK, ScoreRun.SURVIVAL)
KEPT_RUNS = 120  # of each kind: what was predicted a season ago is still compared with what happened


def learn() -> dict[str, int]:
    """Learn all models anew and score everybody; returns how many scores were written, by name.

    Where nothing can be learnt, the reason is kept and shown, and scores of the past go: a score
    nobody stands behind is worse than none. May run twice.
    """
    as_of, reached = clock.now(), gathering.furthest()
    zone, currency = page_settings.value("time_zone"), page_settings.value("currency")
    facts = gathering.facts()
    found: dict[Name, Iterable[NewTrait]] = dict.fromkeys(writing.NAMES, ())
    valued = _valued(facts, as_of, zone, currency)
    if valued.model is not None:
        found["value"] = writing.values(valued.worth, currency=currency)
    scores, risked = _risked(facts, as_of, zone)
    if scores is not None:
        found["risk"] = writing.risks(scores)
        if valued.model is not None:
            found["stake"] = _stakes(valued.model, valued.histories, scores, currency)
    found["survival"], stayed = _stayed(valued.histories, as_of, zone)
    written = writing.write(found, as_of=as_of, is_everybody=True)
    # Last: whoever is killed before has not learnt, and learns again.
    for run in (valued.run, risked, stayed):
        run.epoch, run.tx, run.fact_id = reached
        run.save()
    _prune()
    return written


def score_changed() -> dict[str, int]:
    """Score those with facts newer than the last time, by the latest models; returns how many scores were written.

    Where nobody ever learnt and there are facts, this is the first time.
    """
    runs = {kind: latest(kind) for kind in KINDS}
    if not any(runs.values()):
        return learn() if gathering.furthest() > START else {}
    usable = [run for run in runs.values() if run is not None and run.model is not None]
    if not usable:
        return {}
    after, reached = min(map(_position, usable)), gathering.furthest()
    changed = gathering.people_since(after) if reached > after else []
    if not changed:
        return {}
    as_of = clock.now()
    found = _found_again(gathering.facts(of=changed), runs, as_of)
    written = writing.write(found, as_of=as_of, is_everybody=False)
    for run in usable:
        run.epoch, run.tx, run.fact_id = reached
        run.save(update_fields=["epoch", "tx", "fact_id"])
    return written


def latest(kind: str) -> ScoreRun | None:
    """The newest run of a kind, whether it found a model or a reason."""
    return ScoreRun.objects.filter(kind=kind).order_by("-as_of").first()


def _found_again(facts: pa.Table, runs: dict[str, ScoreRun | None], as_of: datetime) -> dict[Name, Iterable[NewTrait]]:
    zone, currency = page_settings.value("time_zone"), page_settings.value("currency")
    found: dict[Name, Iterable[NewTrait]] = {}
    value, model = _value_model(runs[ScoreRun.VALUE]), _risk_model(runs[ScoreRun.RISK])
    histories = valuing.histories_of(facts, until=as_of, zone=zone) if valuing.orders_of(facts).num_rows else None
    if value is not None and histories is not None:
        found["value"] = writing.values(value.worth(histories), currency=currency)
    if model is not None and histories is not None:
        scores = _scores_now(facts, model, as_of)
        if scores is not None:
            found["risk"] = writing.risks(scores)
            if value is not None:
                found["stake"] = _stakes(value, histories, scores, currency)
    stays = _staying_model(runs[ScoreRun.SURVIVAL])
    if stays is not None and histories is not None:
        found["survival"] = _survivals(stays, staying.followed(histories), as_of, zone)
    return found


@dataclass(frozen=True, slots=True)
class _Valued:
    """What came of learning values; the model is None where the run says why."""

    run: ScoreRun
    model: ValueModel | None = None
    histories: Any = None
    worth: Any = None


def _valued(facts: pa.Table, as_of: datetime, zone: str, currency: str) -> _Valued:
    run, histories = ScoreRun(kind=ScoreRun.VALUE, as_of=as_of), None
    try:
        histories = valuing.histories_of(facts, until=as_of, zone=zone)
        model = valuing.learn(histories)
        worth = model.worth(histories)
    except TenureError as refusal:
        run.refusal = put_down(refusal)
        return _Valued(run, histories=histories)
    run.model = model.to_dict()
    run.summary = {
        "customers": len(histories), "total": worth.total, "low": worth.total_low, "high": worth.total_high,
        "currency": currency, "notes": [put_down(note) for note in (*histories.notes, *worth.notes)],
        "concentration": spreading.concentration(worth.residual), "steps": spreading.steps(worth.residual),
        "held_out": holding.held_out(facts, as_of=as_of, zone=zone),
    }  # fmt: skip
    return _Valued(run, model, histories, worth)


def _stayed(histories: Histories | None, as_of: datetime, zone: str) -> tuple[Iterable[NewTrait], ScoreRun]:
    """How much longer each customer stays, and what that was read off; the run says why where it cannot be told."""
    run = ScoreRun(kind=ScoreRun.SURVIVAL, as_of=as_of)
    seen = None if histories is None else staying.followed(histories)
    if seen is None or seen.is_too_new.all():
        run.refusal = TOO_NEW
        return (), run
    names = [by.name for by in properties.breakdowns(ORDER_COMPLETED) if by.kind == "property"]
    model, run.summary = staying.learn(seen, names)
    run.model = model.to_dict()
    return _survivals(model, seen, as_of, zone, everybody=True), run


def _survivals(
    model: StayingModel, seen: Followed, as_of: datetime, zone: str, *, everybody: bool = False
) -> Iterable[NewTrait]:
    names = [] if model.by is None else [model.by]
    said = beginnings.of(seen.customers, names, everybody=everybody)
    groups = said[model.by] if model.by is not None else np.full(len(seen.customers), beginnings.UNKNOWN, object)
    return writing.survivals(model, seen, groups, today=as_of.astimezone(ZoneInfo(zone)).date())


def _risked(facts: pa.Table, as_of: datetime, zone: str) -> tuple[Scores | None, ScoreRun]:
    run = ScoreRun(kind=ScoreRun.RISK, as_of=as_of)
    try:
        model, now = risking.learn(facts, as_of=as_of, zone=zone)
    except TenureError as refusal:
        run.refusal = put_down(refusal)
        return None, run
    if not model.card.is_better_than_chance:
        run.refusal = NO_BETTER_THAN_CHANCE
        return None, run
    scores = model.score(now)
    run.model = model.to_dict()
    run.summary = {"customers": len(scores), **watching.watched(facts, now, as_of=as_of)}
    return scores, run


def _stakes(value: ValueModel, histories: Histories, scores: Scores, currency: str) -> Iterable[NewTrait]:
    """For those whose risk is known; everybody with a risk has ordered, so they have a history."""
    order = np.argsort(histories.customers)
    place = order[np.searchsorted(histories.customers, scores.rows.customers, sorter=order)]
    definition = scores.definition
    days = (
        risking.GAP_DAYS + risking.HORIZON_DAYS if definition is None else definition.gap_days + definition.horizon_days
    )
    cost = value.stakes(histories.chosen(place), scores.probability, within_days=days)
    return writing.stakes(cost, currency=currency)


def _scores_now(facts: pa.Table, model: Model, as_of: datetime) -> Scores | None:
    try:
        rows: Rows = risking.rows_at(facts, model, at=as_of)
    except TenureError:
        return None  # none of them is active: the night takes their score away
    return model.score(rows)


def _prune() -> None:
    for kind in KINDS:
        kept = ScoreRun.objects.filter(kind=kind).order_by("-as_of").values("pk")[:KEPT_RUNS]
        ScoreRun.objects.filter(kind=kind).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


def _position(run: ScoreRun) -> Position:
    return Position(run.epoch, run.tx, run.fact_id)


def _value_model(run: ScoreRun | None) -> ValueModel | None:
    return None if run is None or run.model is None else ValueModel.from_dict(run.model)


def _staying_model(run: ScoreRun | None) -> StayingModel | None:
    return None if run is None or run.model is None else StayingModel.from_dict(run.model)


def _risk_model(run: ScoreRun | None) -> Model | None:
    return None if run is None or run.model is None else Model.from_dict(run.model)

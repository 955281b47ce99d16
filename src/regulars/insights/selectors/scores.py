"""What was learnt about who leaves and what customers are worth: the cards, or why there are none."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from regulars.insights.models import ScoreRun
from tenure.risk import Estimate, HindsightLine, HindsightSeries, Model, ModelCard

WEEKS_SHOWN: Final = 16


@dataclass(frozen=True, slots=True)
class Learnt:
    """The newest run of one kind. `model` is None where `refusal` says why nothing could be learnt."""

    as_of: datetime
    model: dict[str, Any] | None
    summary: dict[str, Any]
    refusal: str

    @property
    def card(self) -> ModelCard:
        """The card of a risk model; only where there is one."""
        if self.model is None:
            raise LookupError("nothing was learnt")
        return ModelCard.from_dict(self.model["card"])

    @property
    def usual(self) -> float:
        """The risk of the customer everybody is compared with; only where there is a risk model."""
        if self.model is None:
            raise LookupError("nothing was learnt")
        return Model.from_dict(self.model).usual_probability()


def risk() -> Learnt | None:
    """What is known of who leaves; None before the first night."""
    return _latest(ScoreRun.RISK)


def first_risk_at() -> datetime | None:
    """When who leaves was first predicted, as far as runs are kept."""
    runs = ScoreRun.objects.filter(kind=ScoreRun.RISK, model__isnull=False)
    return runs.order_by("as_of").values_list("as_of", flat=True).first()


def in_hindsight() -> HindsightSeries:
    """What was said in each week and what happened, as far as windows have ended and runs are kept; oldest first.

    Of a week's nights the last is shown: its customers are nearly those of the night before.
    """
    runs = ScoreRun.objects.filter(kind=ScoreRun.RISK, summary__hindsight__low__isnull=False).order_by("as_of")
    weeks: dict[tuple[int, int], HindsightLine] = {}
    for found in runs.values_list("summary__hindsight", flat=True):
        line = _line(found)
        weeks[line.since.isocalendar()[:2]] = line
    return HindsightSeries(tuple(sorted(weeks.values(), key=lambda line: line.since))[-WEEKS_SHOWN:], 0, 0.95)


def _line(found: dict[str, Any]) -> HindsightLine:
    auc = None if found["auc"] is None else Estimate(**found["auc"])
    figures = {name: found[name] for name in ("rows", "predicted", "happened", "low", "high")}
    return HindsightLine(datetime.fromisoformat(found["scored_at"]).date(), **figures, auc=auc)


def value() -> Learnt | None:
    """What is known of what customers are worth; None before the first night."""
    return _latest(ScoreRun.VALUE)


def _latest(kind: str) -> Learnt | None:
    run = ScoreRun.objects.filter(kind=kind).order_by("-as_of").first()
    return None if run is None else Learnt(run.as_of, run.model, run.summary, run.refusal)

"""How good the model of who leaves is: on what it was learnt, beside simpler ones, and what to be careful of."""

from typing import Any, Final

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from regulars.insights import pictures
from regulars.insights.selectors import scores
from regulars.insights.sentences import shown, words
from regulars.kernel.errors import DomainError
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.retention import card_words

MEASURES: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "auc": (
        _("Ranking (AUC)"),
        _("How often somebody who left had a higher risk than somebody who stayed; .5 is chance."),
    ),
    "average_precision": (_("Precision (PR-AUC)"), _("Beside the share who left; chance is that share.")),
    "brier": (_("Brier"), _("The mean squared error of the probabilities; lower is better.")),
    "slope": (_("Slope"), _("Calibration: 1 is right, below 1 the probabilities are too extreme.")),
    "intercept": (_("Intercept"), _("Calibration: 0 is right, above 0 the probabilities are too low.")),
    "lift": (_("Lift of the top tenth"), _("How many times more leavers it holds than a tenth taken at random.")),
}
FORMS: Final = ("calibration", "lift")
OVER_TIME: Final = "over-time"


class NoCard(DomainError):
    """Nothing has been learnt yet, so there is no card."""

    status = 404


@require_safe
@requires("see_numbers")
def show(request: AgentRequest) -> HttpResponse:
    """The card, or why there is none."""
    learnt = scores.risk()
    context: dict[str, Any] = {"learnt": learnt}
    if learnt is not None and learnt.model is not None:
        card = learnt.card
        context |= {
            "card": card,
            "measures": [(name, meaning) for name, meaning in MEASURES.values()],
            "standing": card_words.standing(card),
            "says": card_words.sentences(card),
            "own_words": card_words.own_words(card),
            "findings": [(guard.outcome, words(guard.finding), words(guard.do)) for guard in card.guards],
            "notes": [words(note) for note in card.notes],
            "contenders": [_contender(measured, card) for measured in card.measures],
            "landmarks": [(landmark, card_words.ROLES[landmark.role]) for landmark in card.landmarks],
            "hindsight": learnt.summary.get("hindsight"),
            "before": scores.in_hindsight().lines[::-1],
            "alarms": [shown(alarm) for alarm in learnt.summary.get("hindsight", {}).get("alarms", [])],
            "not_watched": shown(learnt.summary.get("not_watched", "")),
            "compared_from": card_words.compared_from(card, scores.first_risk_at()),
            "drift": [shown(alarm) for alarm in learnt.summary.get("drift", [])],
        }
    return render(request, "retention/model_card.html", context)


@require_safe
@requires("see_numbers")
def specification(request: AgentRequest, form: str) -> JsonResponse:
    """One of the card's charts for the page to draw."""
    if form == OVER_TIME:
        return _over_time()
    learnt = scores.risk()
    if learnt is None or learnt.model is None or form not in FORMS:
        raise NoCard
    return JsonResponse(pictures.on_a_page(learnt.card, form=form))


def _over_time() -> JsonResponse:
    series = scores.in_hindsight()
    if not series.lines:
        raise NoCard
    return JsonResponse(pictures.on_a_page(series))


def _contender(measured: Any, card: scores.ModelCard) -> dict[str, Any]:
    return {
        "name": card_words.name_of(measured.model),
        "is_shipped": measured.model == card.shipped,
        "is_beside": measured.model in card.beside,
        "estimates": [getattr(measured, name) for name in MEASURES],
    }

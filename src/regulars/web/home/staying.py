"""The part of the morning page that says who stays: the newest cohort that can be judged, and the one before."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.insights.definitions import Meant
from regulars.insights.errors import NothingYet
from regulars.insights.selectors import retention
from regulars.kernel import page_settings
from regulars.kernel.fact_names import ORDER_COMPLETED
from regulars.web.access import requires
from regulars.web.context import address
from regulars.web.middleware import AgentRequest


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a cohort ordered again in the month after their first order."""

    cohort: date
    n: int
    rate: float
    low: float
    high: float


@require_safe
@requires("see_numbers")
def show(request: AgentRequest) -> HttpResponse:
    """The newest cohort whose next month has ended, beside the one before it; nothing where there is none."""
    try:
        shares = _shares(page_settings.value("time_zone"))
    except NothingYet:
        shares = []
    before, latest = [None, None, *shares][-2:]
    context = {"latest": latest, "before": before, "retention_url": address("retention:page")}
    return render(request, "home/staying.html", context)


def _shares(zone: str) -> list[Share]:
    """The two newest monthly cohorts for whom the first month after has ended."""
    answer = retention.answer(retention.Question(begin=Meant(ORDER_COMPLETED), period="month", zone=zone))
    counted = answer.at_risk[:, 1] > 0
    rates = (answer.rate("classic"), *answer.interval("classic"))
    return [
        Share(
            date.fromisoformat(str(answer.cohorts[row])),
            int(answer.at_risk[row, 1]),
            *(float(each[row, 1]) for each in rates),
        )
        for row in counted.nonzero()[0][-2:]
    ]

"""The figures of the morning page that take a moment: customers, this week's orders, and who stays."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regulars.customers.selectors import growth
from regulars.insights.definitions import Meant
from regulars.insights.errors import NothingYet
from regulars.insights.selectors import lately, retention
from regulars.kernel import clock, page_settings
from regulars.kernel.fact_names import ORDER_COMPLETED
from regulars.web.access import requires
from regulars.web.context import address
from regulars.web.middleware import AgentRequest
from regulars.web.templatetags.house import money, whole


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a cohort ordered again in the month after their first order."""

    cohort: date
    n: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the last 7 days, and what it was in the 7 days before."""

    value: str
    before: str


@require_safe
@requires("see_numbers")
def show(request: AgentRequest) -> HttpResponse:
    """As a part of the page, or as a page of its own where no script fetched it."""
    now = clock.now()
    latest, before = lately.orders(until=now)
    shares = _shares(page_settings.value("time_zone"))
    older, newest = [None, None, *shares][-2:]
    context = {
        "people": growth.growth(since=now - timedelta(days=7), before=now - timedelta(days=14)),
        "orders": Figure(whole(latest.orders), whole(before.orders)),
        "revenue": Figure(_revenue(latest), _revenue(before)),
        "unpriced": latest.unpriced,
        "latest": newest,
        "before": older,
        "retention_url": address("retention:page"),
    }
    return render(request, f"home/figures{'' if request.htmx else '_page'}.html", context)


def _revenue(stretch: lately.Stretch) -> str:
    """Currencies stand beside each other and are never added."""
    if not stretch.revenue:
        return _("none") if not stretch.orders else ""
    return " + ".join(money(amount) for amount in stretch.revenue)


def _shares(zone: str) -> list[Share]:
    """The two newest monthly cohorts for whom the first month after has ended."""
    try:
        answer = retention.answer(retention.Question(begin=Meant(ORDER_COMPLETED), period="month", zone=zone))
    except NothingYet:
        return []
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

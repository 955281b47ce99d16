"""The morning page: what changed, who was here, what to do next. Read in two minutes."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regulars.channels.selectors import standing
from regulars.customers.selectors import growth, listing
from regulars.customers.selectors.listed import ListedCustomer
from regulars.customers.selectors.narrowing import Filters
from regulars.insights.selectors import retention
from regulars.kernel import clock, page_settings
from regulars.web.access import may
from regulars.web.context import address
from regulars.web.home import getting_started
from regulars.web.home.waiting import waiting
from regulars.web.middleware import AgentRequest

SEEN_LATELY = 7


@dataclass(frozen=True, slots=True)
class Seen:
    """A customer who was here, with the address of their page where there is one."""

    customer: ListedCustomer
    url: str | None


@require_safe
def show(request: AgentRequest) -> HttpResponse:
    """The page; figures that must be counted come in a part of their own, so that nobody waits for them."""
    company = page_settings.values("company_name", "time_zone")
    now = clock.now().astimezone(ZoneInfo(company["time_zone"]))
    facts = {each.name: each.rows for each in retention.fact_names()}
    has_people = growth.is_anybody_known()
    context = {
        "greeting": _greeting(now),
        "now": now,
        "company_name": company["company_name"],
        "is_empty": not (facts or has_people),
        "facts": sum(facts.values()),
        "waiting": waiting(request),
        "seen": _seen(request),
        "channel_troubles": standing.troubles() if may(request, "manage_desk") else [],
        "customers_url": address("customers:list"),
        "steps": getting_started.steps(request, has_facts=bool(facts or has_people)),
    }
    return render(request, "home/morning.html", context)


def _greeting(now: datetime) -> str:
    if now.hour < 5 or now.hour >= 18:
        return _("Good evening")
    return _("Good morning") if now.hour < 12 else _("Good afternoon")


def _seen(request: AgentRequest) -> list[Seen]:
    if not may(request, "see_customers"):
        return []
    rows = listing.page(Filters(), limit=SEEN_LATELY).rows
    return [Seen(row, _page_of(row)) for row in rows]


def _page_of(row: ListedCustomer) -> str | None:
    return address("customers:profile", row.id)

"""The list of customers."""

from typing import Any, Final

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from regulars.customers.purposes import PURPOSES
from regulars.customers.selectors import choices, listing
from regulars.customers.selectors.narrowing import Filters
from regulars.web.access import may, requires
from regulars.web.customers import words
from regulars.web.middleware import AgentRequest

WHO: Final[dict[str, str | Promise]] = {"known": _("Known"), "visitors": _("Visitors"), "all": _("Everybody")}
SORTS: Final[dict[str, str | Promise]] = {
    "seen": _("Seen last first"),
    "name": _("By name"),
    "newest": _("Newest first"),
}
SEEN: Final[dict[str, str | Promise]] = {
    "1": _("in the last day"),
    "7": _("in the last 7 days"),
    "30": _("in the last 30 days"),
    "90": _("in the last 90 days"),
    "365": _("in the last year"),
}
ORDERS: Final[dict[str, str | Promise]] = {"yes": _("have ordered"), "no": _("never ordered")}


@require_safe
@requires("see_customers")
def show(request: AgentRequest) -> HttpResponse:
    """The page, what a filter found, or the next rows."""
    filters, sort = _filters(request.GET), request.GET.get("sort", "seen")
    after = request.GET.get("after", "")
    page = listing.page(filters, sort=sort, after=after)
    context = {"page": page, "filters": filters, "sort": sort, "asked": request.GET, "more": _more(request.GET, page)}
    if request.htmx and not request.htmx.boosted:
        return render(request, f"customers/list.html#{'rows' if after else 'found'}", context)
    return render(request, "customers/list.html", context | _choices(request, filters))


def _filters(asked: QueryDict) -> Filters:
    """What was asked for; what makes no sense is passed over."""
    who, orders, consent = asked.get("who", ""), asked.get("orders", ""), asked.get("consent", "")
    return Filters(
        who=who if who in WHO else "known",
        text=asked.get("q", "").strip()[:200],
        label=_number(asked, "label"),
        company=_number(asked, "company"),
        source=_number(asked, "source"),
        seen_days=_number(asked, "seen"),
        has_orders={"yes": True, "no": False}.get(orders),
        consent=consent if consent in PURPOSES else "",
    )


def _number(asked: QueryDict, name: str) -> int | None:
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 and 0 < int(text) < 2**31 else None


def _more(asked: QueryDict, page: listing.Page) -> str:
    if not page.after:
        return ""
    next_page = asked.copy()
    next_page["after"] = page.after
    return f"?{next_page.urlencode()}"


def _choices(request: AgentRequest, filters: Filters) -> dict[str, Any]:
    """What the filters offer."""
    return {
        "who": WHO,
        "sorts": SORTS,
        "seen": SEEN,
        "order_choices": ORDERS,
        "purposes": words.PURPOSES,
        "labels": choices.labels(),
        "sources": choices.sources(),
        "company": choices.company(filters.company) if filters.company else None,
        "may_import": may(request, "import_files"),
    }

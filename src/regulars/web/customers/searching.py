"""Finding a customer from anywhere: what the palette asks while somebody types."""

from django.http import HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from regulars.customers.selectors import listed, searching
from regulars.customers.selectors.listed import ListedCustomer
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest

LIMIT = 8
LONGEST = 200


@require_safe
@requires("see_customers")
def show(request: AgentRequest) -> HttpResponseBase:
    """The best matches: as JSON for the palette, as a list otherwise."""
    text = request.GET.get("q", "")
    if len(text) > LONGEST:
        return HttpResponseBadRequest()
    rows = listed.rows_of(searching.search(text, limit=LIMIT))
    if request.accepts("text/html") and "application/json" not in request.headers.get("Accept", ""):
        return render(request, "customers/found.html", {"rows": rows})
    return JsonResponse({"customers": [_entry(row) for row in rows]})


def _entry(row: ListedCustomer) -> dict[str, str]:
    company = str(row.company) if row.company else ""
    detail = next((said for said in (row.email, row.phone) if said not in ("", row.name)), "")
    return {
        "name": row.name,
        "detail": " · ".join(filter(None, (detail, company))),
        "url": reverse("customers:profile", args=[row.id]),
    }

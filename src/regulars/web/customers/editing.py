"""What agents change on a profile. Each answers with its own region, or goes back to the page."""

from typing import Final

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from regulars.customers.actions import attributes, companies, consents, labels
from regulars.customers.selectors import profiles
from regulars.web.access import requires
from regulars.web.customers.profile import page_context
from regulars.web.middleware import AgentRequest


@require_POST
@requires("edit_customers")
def name(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Call the customer something else."""
    attributes.rename(pk, request.POST.get("name", ""))
    return _shown(request, pk, "who")


@require_POST
@requires("edit_customers")
def company(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Put the customer with a company, or with none."""
    asked = request.POST.get("company", "").strip()
    if asked:
        companies.join(pk, asked)
    else:
        companies.leave(pk)
    return _shown(request, pk, "details")


@require_POST
@requires("edit_customers")
def put_label(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Put a label on."""
    labels.put(pk, request.POST.get("label", ""), by=request.actor)
    return _shown(request, pk, "labels")


@require_POST
@requires("edit_customers")
def take_label_off(request: AgentRequest, pk: int, label: int) -> HttpResponseBase:
    """Take a label off."""
    labels.take_off(pk, label, by=request.actor)
    return _shown(request, pk, "labels")


@require_POST
@requires("edit_customers")
def write_attribute(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Keep an attribute."""
    attributes.write(pk, request.POST.get("attribute", ""), request.POST.get("value", "").strip())
    return _shown(request, pk, "attributes")


@require_POST
@requires("edit_customers")
def remove_attribute(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take an attribute away."""
    attributes.remove(pk, request.POST.get("attribute", ""))
    return _shown(request, pk, "attributes")


@require_POST
@requires("edit_customers")
def consent(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Record what the customer said about one purpose, and where they said it."""
    purpose, source = request.POST.get("purpose", ""), request.POST.get("source", "").strip() or _("told an agent")
    if request.POST.get("is_given") == "yes":
        consents.give(pk, purpose, by=request.actor, source=source, text_version=request.POST.get("text_version", ""))
    else:
        consents.withdraw(pk, purpose, by=request.actor, source=source)
    return _shown(request, pk, "consents")


HAPPENED: Final = "happened"  # the timeline listens, and shows what was just done
_REGIONS: Final = {
    "who": "customers/profile.html#who",
    "details": "customers/card_details.html",
    "labels": "customers/card_labels.html",
    "attributes": "customers/card_attributes.html",
    "consents": "customers/card_consents.html",
}


def _shown(request: AgentRequest, pk: int, region: str) -> HttpResponseBase:
    if request.htmx:
        response = render(request, _REGIONS[region], page_context(request, profiles.profile(pk)))
        return trigger_client_event(response, HAPPENED)
    return redirect("customers:profile", pk)

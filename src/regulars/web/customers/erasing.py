"""Erasing a customer: nothing is done before their name has been typed."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.customers.actions import erasures
from regulars.customers.errors import NameDoesNotMatch
from regulars.customers.selectors import profiles
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest


@require_http_methods(["GET", "HEAD", "POST"])
@requires("erase_customers")
def show(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Say what goes, ask for the name, erase."""
    profile = profiles.profile(pk)
    if request.method != "POST":
        return render(request, "customers/erase.html", {"profile": profile, "problem": ""})
    try:
        erasures.erase(pk, by=request.actor, typed_name=request.POST.get("name", ""))
    except NameDoesNotMatch as error:
        return render(request, "customers/erase.html", {"profile": profile, "problem": str(error)}, status=422)
    messages.success(request, _("The customer was erased everywhere and will not come back."))
    return redirect("customers:list")

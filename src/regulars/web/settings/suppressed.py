"""Addresses nothing is sent to: why, since when, because of which message; lifted and added by hand."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from regulars.channels.actions import suppression
from regulars.channels.selectors import suppressed
from regulars.desk.selectors import about
from regulars.web.access import requires
from regulars.web.accounts.forms import refused
from regulars.web.middleware import AgentRequest
from regulars.web.settings.places import pages

MOST = 200


class AddressForm(forms.Form):
    """One address, and why it gets no mail."""

    address = forms.EmailField(label=gettext_lazy("Address"), max_length=320)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=1_000)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("answer")
def show(request: AgentRequest) -> HttpResponse:
    """The list, searched by a part of the address; and one more by hand."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        is_new = refused(form, lambda: suppression.add(said["address"], reason=said["reason"], by=request.actor))
        if is_new is not None:
            words = _("Nothing is sent to %(address)s any more.") if is_new else _("%(address)s was here already.")
            messages.success(request, words % {"address": said["address"]})
            return redirect("settings:suppressed")
    search = request.GET.get("search", "")[:320]
    found = suppressed.listed(search)
    rows = list(found[:MOST])
    places = about.conversations([row.about for row in rows], by=request.actor)
    listed = [{"row": row, "conversation": places.get(row.about)} for row in rows]
    context = {"tabs": pages(request), "listed": listed, "count": found.count(), "search": search, "form": form}
    return render(request, "settings/suppressed.html", context)


@require_POST
@requires("answer")
def lift(request: AgentRequest) -> HttpResponse:
    """Send to an address again."""
    address = request.POST.get("address", "")
    if suppression.lift(address, by=request.actor):
        messages.success(request, _("Mail goes to %(address)s again.") % {"address": address})
    return redirect("settings:suppressed")

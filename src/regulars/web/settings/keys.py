"""Keys that programs send facts with."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.accounts import selectors
from regulars.accounts.actions import keys
from regulars.web.access import freshly_proven, requires
from regulars.web.accounts.forms import refused
from regulars.web.middleware import AgentRequest
from regulars.web.settings import snippets
from regulars.web.settings.forms import KeyForm
from regulars.web.settings.places import pages

MOST_SHOWN = 500


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_keys")
def show(request: AgentRequest) -> HttpResponse:
    """Every key; POST makes one and shows its text, a server key's this once."""
    form = _form(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    kind, _mark, only = form.cleaned_data["kind"].partition("_")
    name, agent_id = form.cleaned_data["name"], form.cleaned_data["agent"]
    scopes = [keys.READ, *([] if only else [keys.WRITE]), *form.cleaned_data["also"]]
    text = refused(form, lambda: keys.create(kind, name=name, by=request.actor, scopes=scopes, agent_id=agent_id))
    if text is None:
        return _page(request, form)
    return _page(request, _form(), text=text, kind=kind, name=name)


@require_POST
@requires("manage_keys")
@freshly_proven
def revoke(request: AgentRequest, pk: int) -> HttpResponseBase:
    """End a key."""
    keys.revoke(pk, by=request.actor)
    messages.success(request, _("The key was revoked. What it sent before is kept; from now on it is refused."))
    return redirect("settings:keys")


@never_cache
@require_safe
@requires("manage_keys")
@freshly_proven
def secret(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The signing secret of a browser key; looking at it is recorded."""
    found = keys.show_signing_secret(pk, by=request.actor)
    context = {"tabs": pages(request), "secret": found, "example": snippets.visitor_token()}
    return render(request, "settings/secret.html", context)


def _form(given: QueryDict | None = None) -> KeyForm:
    """The form, with every colleague a key may stand for."""
    return KeyForm(given, agents=[(agent.pk, str(agent)) for agent in selectors.agents() if agent.is_active])


def _page(request: AgentRequest, form: KeyForm, *, text: str = "", kind: str = "", name: str = "") -> HttpResponse:
    context = {
        "tabs": pages(request),
        "keys": selectors.keys()[:MOST_SHOWN],
        "form": form,
        "text": text,
        "kind": kind,
        "name": name,
        "snippets": snippets.of(kind, text=text, address=settings.PUBLIC_URL) if text else [],
    }
    return render(request, "settings/keys.html", context)

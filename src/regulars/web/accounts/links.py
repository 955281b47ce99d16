"""One-time sign-in links. Opening one shows a button, because mail scanners open links too."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from regulars.accounts import selectors
from regulars.accounts.actions import one_time_links
from regulars.accounts.errors import LinkOver
from regulars.web.accounts.signing_in import sign_in


@login_not_required
@never_cache
def sign_in_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """A button on GET; on POST the link is used up and the agent signed in."""
    if request.method == "POST":
        return sign_in(request, one_time_links.redeem(token), by="one-time link", then=reverse("home"))
    agent = selectors.agent_of_sign_in_link(token)
    if agent is None:
        raise LinkOver
    return render(request, "welcome/sign_in_link.html", {"who": agent})


@require_safe
def ready(request: HttpRequest) -> HttpResponseBase:
    """What a new colleague may do next: add a passkey, or begin."""
    return render(request, "welcome/ready.html")

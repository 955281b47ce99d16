"""Connecting a mailbox through the browser: off to whoever gives tokens, and back with what was allowed.

The way back is bound to this browser's session (state) and to this very attempt (PKCE): a link that
somebody else made connects nothing.
"""

import secrets
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regulars.channels import selectors as channels
from regulars.channels.actions import setting_up, signing_in
from regulars.channels.email.oauth import asking
from regulars.channels.email.oauth.services import giver
from regulars.kernel.errors import DomainError
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest

ATTEMPT: Final = "mailbox_connection"


@require_safe
@requires("manage_desk")
def begin(request: AgentRequest, pk: int) -> HttpResponse:
    """Off to where it is allowed."""
    channel = channels.channel(pk)
    asked = giver(channel.settings, setting_up.secrets_of(channel)) if channel and not channel.archived_at else None
    if channel is None or asked is None:
        raise Http404
    if not asked.client_id or not asked.authorize_url.startswith("https://"):
        messages.error(request, _("Enter the client ID of your app and the service’s addresses, and keep them first."))
        return redirect("settings:channel", pk=pk)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    request.session[ATTEMPT] = {"state": state, "verifier": verifier, "channel": pk}
    hint = str(channel.settings.get("imap_user") or channel.address)
    return HttpResponseRedirect(asking.address(asked, redirect=way_back(), state=state, verifier=verifier, hint=hint))


@require_safe
@requires("manage_desk")
def come_back(request: AgentRequest) -> HttpResponse:
    """Back from there."""
    attempt = request.session.pop(ATTEMPT, None)
    state = request.GET.get("state", "")
    if not attempt or not constant_time_compare(attempt["state"], state):
        messages.error(request, _("This is not the answer to a question of yours. Begin again on the mailbox’s page."))
        return redirect("settings:channels")
    if not request.GET.get("code"):
        said = request.GET.get("error", "")[:100]
        messages.error(request, _("It was not allowed (%(why)s). Nothing was changed.") % {"why": said})
        return redirect("settings:channel", pk=attempt["channel"])
    try:
        signing_in.connect(
            attempt["channel"], code=request.GET["code"], verifier=attempt["verifier"], redirect=way_back(),
            by=request.actor,
        )  # fmt: skip
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The mailbox is connected."))
    return redirect("settings:channel", pk=attempt["channel"])


def way_back() -> str:
    """The address that must be entered with one's own app."""
    return settings.PUBLIC_URL + reverse("settings:channel_connected")

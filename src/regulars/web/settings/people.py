"""Colleagues and invitations."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from regulars.accounts import roles, selectors
from regulars.accounts.actions import agents, invitations
from regulars.kernel import clock
from regulars.web.access import freshly_proven, may, requires
from regulars.web.accounts.forms import refused
from regulars.web.middleware import AgentRequest
from regulars.web.settings import mail
from regulars.web.settings.forms import ROLE_NAMES, InvitationForm, grantable_roles
from regulars.web.settings.places import pages

MOST_SHOWN = 500


@require_safe
@requires("manage_people")
def show(request: AgentRequest) -> HttpResponse:
    """Everybody, and the invitations still open."""
    return _page(request, _form(request))


@never_cache
@require_POST
@requires("manage_people")
def invite(request: AgentRequest) -> HttpResponse:
    """Invite by mail; the link is shown this once, for whoever would rather send it themselves."""
    form = _form(request, request.POST)
    link = refused(form, lambda: invitations.invite(**form.cleaned_data, by=request.actor)) if form.is_valid() else None
    if link is None:
        return _page(request, form)
    email = form.cleaned_data["email"]
    is_sent = mail.send_invitation(email, link=link, inviter=request.actor.name)
    return _page(request, _form(request), link=link, invited=email, is_sent=is_sent)


@require_POST
@requires("manage_people")
def revoke(request: AgentRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invitations.revoke(pk, by=request.actor)
    return _done(request, _("The invitation was taken back. Its link no longer works."))


@require_POST
@requires("manage_people")
@freshly_proven
def change_role(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Give a colleague another role."""
    agent = agents.change_role(pk, request.POST.get("role", ""), by=request.actor)
    return _done(request, _("%(who)s is now %(role)s.") % {"who": agent, "role": ROLE_NAMES[agent.role]})


@require_POST
@requires("manage_people")
@freshly_proven
def deactivate(request: AgentRequest, pk: int) -> HttpResponseBase:
    """End a colleague's access."""
    agent = agents.deactivate(pk, by=request.actor)
    return _done(request, _("%(who)s can no longer sign in. Their sessions have ended.") % {"who": agent})


@require_POST
@requires("manage_people")
@freshly_proven
def reactivate(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Let a colleague in again."""
    agent = agents.reactivate(pk, by=request.actor)
    return _done(request, _("%(who)s can sign in again.") % {"who": agent})


@require_POST
@requires("manage_people")
@freshly_proven
def reset_second_factor(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Let a colleague who lost their passkey or phone sign in without it."""
    agent = agents.reset_second_factor(pk, by=request.actor)
    return _done(request, _("%(who)s can sign in with their password or a code by mail.") % {"who": agent})


def _done(request: AgentRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("settings:people")


def _form(request: AgentRequest, sent: QueryDict | None = None, /) -> InvitationForm:
    return InvitationForm(sent, may_grant_ownership=may(request, "grant_ownership"))


def _colleagues() -> Any:
    return selectors.agents().annotate(has_second_factor=selectors.has_second_factor())[:MOST_SHOWN]


def _page(request: AgentRequest, form: InvitationForm, **more: object) -> HttpResponse:
    may_grant = may(request, "grant_ownership")
    context = {
        "tabs": pages(cast(HttpRequest, request)),
        "agents": [{**_row(each, may_grant), "is_awaited": agents.is_awaited(each)} for each in _colleagues()],
        "invitations": [_row(invitation, may_grant) for invitation in selectors.open_invitations()[:MOST_SHOWN]],
        "form": form,
        "roles": grantable_roles(may_grant_ownership=may_grant),
        "now": clock.now(),
        "has_mail": not settings.EMAIL_BACKEND.endswith("console.EmailBackend"),
        **more,
    }
    return render(request, "settings/people.html", context)


def _row(subject: Any, may_grant_ownership: bool) -> dict[str, Any]:
    """An agent or an invitation, its role in words, and whether the person asking may change it."""
    is_changeable = may_grant_ownership or subject.role != roles.OWNER
    return {"of": subject, "role_name": ROLE_NAMES[subject.role], "is_changeable": is_changeable}

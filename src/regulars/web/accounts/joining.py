"""Becoming a colleague: the first owner, and everybody they invite."""

from collections.abc import Callable

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from regulars.accounts import selectors
from regulars.accounts.actions import first_owner as owners
from regulars.accounts.actions import invitations
from regulars.accounts.errors import InvitationOver, LinkOver
from regulars.web.accounts.forms import JoiningForm, OwnerForm, refused
from regulars.web.accounts.signing_in import sign_in


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def first_owner(request: HttpRequest, token: str) -> HttpResponseBase:
    """The first owner gives a name, an address and a password."""
    if not selectors.is_first_owner_link(token):
        raise LinkOver
    form = OwnerForm(request.POST or None)
    page = {"form": form, "title": _("Welcome to Regulars"), "lead": _("You will be the owner of this installation.")}
    return _join(request, form, lambda: owners.claim(token, **form.cleaned_data), page, by="first owner link")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """An invited colleague gives a name and a password; the address was proven by the mail."""
    invited = selectors.usable_invitation(token)
    if invited is None:
        raise InvitationOver
    form = JoiningForm(request.POST or None)
    lead = _("You will sign in with %(email)s.") % {"email": invited.email}
    page = {"form": form, "title": _("Join your colleagues"), "lead": lead, "email": invited.email}
    return _join(request, form, lambda: invitations.accept(token, **form.cleaned_data), page, by="invitation")


def _join(
    request: HttpRequest,
    form: JoiningForm,
    join: Callable[[], AbstractBaseUser],
    page: dict[str, object],
    *,
    by: str,
) -> HttpResponseBase:
    agent = refused(form, join) if request.method == "POST" and form.is_valid() else None
    if agent is None:
        return render(request, "welcome/join.html", page)
    return sign_in(request, agent, by=by, then=reverse("welcome:ready"))

"""Signing somebody in who proved themselves with a link; a second factor is still asked for."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def sign_in(request: HttpRequest, agent: AbstractBaseUser, *, by: str, then: str) -> HttpResponseBase:
    """Begin a session and go on to `then`; `by` is recorded as the means."""
    record_authentication(request, agent, method=by)
    return perform_login(request, Login(user=agent, redirect_url=then))

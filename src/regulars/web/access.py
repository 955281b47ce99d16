"""Who may open a page: sign-in is required everywhere, capabilities and fresh proof are asked for here."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import urlencode

from regulars.accounts import roles
from regulars.kernel.errors import NotAllowed

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponseBase]


def requires(capability: str) -> Callable[[View[R, P]], View[R, P]]:
    """Open a view only to agents whose role has the capability; others read a kind 403 page."""
    if capability not in roles.CAPABILITIES:
        raise KeyError(f"no such capability: {capability!r}")

    def guard(view: View[R, P]) -> View[R, P]:
        @wraps(view)
        def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not may(request, capability):
                raise NotAllowed
            return view(request, *args, **kwargs)

        return guarded

    return guard


def may(request: HttpRequest, capability: str) -> bool:
    """Whether the person asking has the capability."""
    return roles.is_allowed(getattr(request.user, "role", ""), capability)


def freshly_proven(view: View[R, P]) -> View[R, P]:
    """Ask the agent to prove once more who they are before a dangerous act, if they did not minutes ago.

    What they were about to do is kept, and done once they have. An agent with neither password
    nor passkey nor app has only the code that comes by mail, so they sign in anew instead.
    """

    @wraps(view)
    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if get_reauthentication_flows(request.user):  # type: ignore[arg-type]  # signed in: an agent
            if not did_recently_reauthenticate(request):
                raise ReauthenticationRequired
        elif not _signed_in_just_now(request):
            logout(request)
            back = urlencode({REDIRECT_FIELD_NAME: request.get_full_path() if request.method == "GET" else "/"})
            return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{back}")
        return view(request, *args, **kwargs)

    return guarded


def _signed_in_just_now(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]  # signed in: an agent
    return bool(records) and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

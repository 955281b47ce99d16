"""Who is asking, and what they read when something is refused."""

import json
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware, get_user
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from regulars.accounts.actions import audit
from regulars.desk.errors import FieldsMissing
from regulars.kernel import clock, looking
from regulars.kernel.actors import Actor
from regulars.kernel.errors import DomainError, NoRoom, refusal_of, saying_no_room
from regulars.web import languages
from regulars.web.accounts import over
from regulars.web.addresses import client_address

PRESENCE_IS_NOTED = timedelta(minutes=5)
PRESENCE_IS_ASKED = timedelta(minutes=1)
MOST_SESSIONS = 10_000
LONGEST_USER_AGENT = 200


class AgentRequest(HttpRequest):
    """A request by a signed-in agent."""

    actor: Actor
    htmx: HtmxDetails


class WhoAsksMiddleware(AuthenticationMiddleware):
    """Whose session it is, as Django finds out; an agent who came with the session is not asked for again."""

    def process_request(self, request: HttpRequest) -> None:
        """Find out once it is needed."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _who(request))  # type: ignore[assignment]  # as Django's own


def _who(request: HttpRequest) -> Any:
    with request.session.at_hand():  # type: ignore[attr-defined]  # our own sessions
        return get_user(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page needs sign-in unless it says otherwise (`login_not_required`)."""

    def handle_no_permission(  # type: ignore[override]  # it answers, where the mixin raises
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Lead to sign-in and back. A part of a page goes there as a whole page: swapped into the old one it
        would be lost. What was typed into a page that stays is not thrown away: it is refused and stays too."""
        htmx = getattr(request, "htmx", None)
        if htmx and request.method not in over.SAFE:
            return _refusal(request, over.SessionOver())
        if over.has_ended(request):
            over.say_session_ended(request)
        login_url = resolve_url(self.get_login_url(view_func))
        if not htmx:
            return redirect_to_login(_back(request), login_url)
        back = urlencode({REDIRECT_FIELD_NAME: htmx.current_url_abs_path or "/"})
        return HttpResponseClientRedirect(f"{login_url}?{back}")


class AgentMiddleware:
    """Put the signed-in agent's actor on the request, note that they are here, and say refusals kindly."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.asking_from(client_address(request)), looking.look() if _only_reads(request) else nullcontext():
            if request.user.is_authenticated:
                request.actor = request.user.actor  # type: ignore[attr-defined, union-attr]  # signed in: an agent, on a request of ours
                languages.speak(request)
                _note_presence(request)
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A domain error is an answer, not a fault; so are giving way and a full disk. The rest is left to Django."""
        refused = exception if isinstance(exception, DomainError) else refusal_of(exception)
        return _refusal(request, refused) if refused else None


def _only_reads(request: HttpRequest) -> bool:
    return request.method in over.SAFE


def _refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    part = "#refusal" if getattr(request, "htmx", None) else ""
    answer = render(request, f"access/refusal.html{part}", {"reason": str(error)}, status=error.status)
    if isinstance(error, FieldsMissing):  # the page shows which
        answer["HX-Trigger"] = json.dumps({"fields-missing": {"keys": error.keys}})
    return answer


def _back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in over.SAFE else over.page_before(request)


def _note_presence(request: HttpRequest) -> None:
    """When a session was last seen, and from where, to five minutes: a small query a minute, seldom a write."""
    at, key = clock.now(), request.session.session_key
    if key in _asked and timedelta(0) <= at - _asked[key] < PRESENCE_IS_ASKED:
        return
    if len(_asked) >= MOST_SESSIONS:
        _asked.clear()
    _asked[key] = at
    stale = UserSession.objects.filter(session_key=key, last_seen_at__lt=at - PRESENCE_IS_NOTED)
    agent_string = request.headers.get("User-Agent", "")[:LONGEST_USER_AGENT]
    where = {"ip": address} if (address := client_address(request)) else {}
    with suppress(NoRoom), saying_no_room():  # what can be read is read all the same
        stale.update(last_seen_at=at, user_agent=agent_string, **where)


_asked: dict[str | None, datetime] = {}  # when this process last asked after a session

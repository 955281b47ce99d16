"""Who is asking, and what they read when something is refused."""

from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from regulars.accounts.actions import audit
from regulars.kernel import clock
from regulars.kernel.actors import Actor
from regulars.kernel.errors import DomainError
from regulars.web.addresses import client_address

PRESENCE_IS_NOTED = timedelta(minutes=5)
LONGEST_USER_AGENT = 200


class AgentRequest(HttpRequest):
    """A request by a signed-in agent."""

    actor: Actor
    htmx: HtmxDetails


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page needs sign-in unless it says otherwise (`login_not_required`)."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Send a part of a page to sign-in as a whole page: swapped into the old one it would be lost."""
        htmx = getattr(request, "htmx", None)
        if not htmx:
            return super().handle_no_permission(request, view_func)
        back = urlencode({REDIRECT_FIELD_NAME: htmx.current_url_abs_path or "/"})
        return HttpResponseClientRedirect(f"{resolve_url(self.get_login_url(view_func))}?{back}")


class AgentMiddleware:
    """Put the signed-in agent's actor on the request, note that they are here, and say refusals kindly."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.actor = request.user.actor  # type: ignore[attr-defined, union-attr]
            _note_presence(request)
        with audit.asking_from(client_address(request)):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A domain error is an answer, not a fault; anything else is left to Django."""
        if not isinstance(exception, DomainError):
            return None
        part = "#refusal" if getattr(request, "htmx", None) else ""
        return render(request, f"access/refusal.html{part}", {"reason": str(exception)}, status=exception.status)


def _note_presence(request: HttpRequest) -> None:
    """When a session was last seen, and from where, to five minutes: one small query, seldom a write."""
    at = clock.now()
    stale = UserSession.objects.filter(session_key=request.session.session_key, last_seen_at__lt=at - PRESENCE_IS_NOTED)
    agent_string = request.headers.get("User-Agent", "")[:LONGEST_USER_AGENT]
    where = {"ip": address} if (address := client_address(request)) else {}
    stale.update(last_seen_at=at, user_agent=agent_string, **where)

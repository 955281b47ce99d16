"""Who is asking, and what they read when something is refused."""

from collections.abc import Callable

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from regulars.kernel.actors import Actor
from regulars.kernel.errors import DomainError


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
        return HttpResponseClientRedirect(f"{self.get_login_url(view_func)}?{back}")


class AgentMiddleware:
    """Put the signed-in agent's actor on the request, and say refusals kindly."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.actor = request.user.actor  # type: ignore[attr-defined, union-attr]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A domain error is an answer, not a fault; anything else is left to Django."""
        if not isinstance(exception, DomainError):
            return None
        part = "#refusal" if getattr(request, "htmx", None) else ""
        return render(request, f"access/refusal.html{part}", {"reason": str(exception)}, status=exception.status)

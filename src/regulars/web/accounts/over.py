"""What has ended while somebody was away: a session, a code. They are told, and where to begin again."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from regulars.kernel.errors import DomainError

STEPS = {"mfa_authenticate"}
CODES = {
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_email_verification_sent",
}
SAFE = ("GET", "HEAD", "OPTIONS")


class SessionOver(DomainError):
    """You are no longer signed in here. What you typed is still on this page: sign in in another tab, then send it again."""  # noqa: E501

    status = 401


def has_ended(request: HttpRequest) -> bool:
    """Whether the browser came with a session that is there no longer; somebody new has none to come with."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.session_key is None


def say_session_ended(request: HttpRequest) -> None:
    """Why they read the sign-in page now, and whether what they sent arrived."""
    if request.method in SAFE:
        messages.info(request, _("Your session has ended. Sign in, and you go on where you were."))
    else:
        text = _("You are no longer signed in, so what you sent was not taken. Sign in, then do it again.")
        messages.warning(request, text)


def page_before(request: HttpRequest) -> str:
    """The page a form was sent from: an address that only takes forms has nothing to show afterwards."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(before)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


class CodesThatAreOver:
    """django-allauth sends people with an old code back to the beginning without a word; here is the word."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # The storage's stubs say list; whether something was said already is an attribute of the real one.
        if self._is_sent_back(request, response) and not getattr(get_messages(request), "added_new", False):
            messages.warning(request, self._sentence(request))
        return response

    def _is_sent_back(self, request: HttpRequest, response: HttpResponse) -> bool:
        """Whether a page that asks for a code sent somebody to where sign-in begins."""
        match = request.resolver_match
        if response.status_code != 302 or match is None or match.url_name not in CODES | STEPS:
            return False
        return not request.user.is_authenticated and urlsplit(response["Location"]).path in _beginnings()

    def _sentence(self, request: HttpRequest) -> str:
        if request.resolver_match and request.resolver_match.url_name in STEPS:
            return _("That took too long, or was done already. Nothing was changed; sign in again.")
        return _("This code is no longer good: it has expired or was used. Nothing was changed; ask for a new one.")


def _beginnings() -> set[str]:
    return {reverse(name) for name in ("account_login", "account_request_login_code", "account_reset_password")}

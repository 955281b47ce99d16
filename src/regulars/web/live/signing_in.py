"""Who opens a stream: the session is checked by hand, because no Django middleware stands before it."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import translation

from regulars.kernel import clock


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in agent who may answer conversations."""

    agent_id: int
    session_key: str
    language: str


def signed_in(cookies: str, languages: str) -> SignedIn | None:
    """Whose stream this is; None where the cookies are nobody's, or the role does not answer."""
    try:
        found = {name: morsel.value for name, morsel in SimpleCookie(cookies).items()}
    except CookieError:
        return None
    key = found.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request = HttpRequest()
    request.COOKIES, request.META = found, {"HTTP_ACCEPT_LANGUAGE": languages}
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    agent = get_user(request)
    if not agent.is_authenticated or "answer" not in agent.capabilities:  # type: ignore[attr-defined]  # our Agent
        return None
    language = getattr(agent, "language", "") or translation.get_language_from_request(request)
    return SignedIn(agent_id=agent.pk or 0, session_key=key, language=language)


def still_in(session_keys: set[str]) -> set[str]:
    """Those of these sessions that have neither ended nor run out."""
    rows = Session.objects.filter(session_key__in=session_keys, expire_date__gt=clock.now())
    return set(rows.values_list("session_key", flat=True))

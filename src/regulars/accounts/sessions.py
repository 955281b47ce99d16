"""Whether a browser's cookies are somebody's live session, asked before there is a request to ask."""

from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import close_old_connections


def is_signed_in(cookies: str) -> bool:
    """Whether the cookie header carries the session of an agent; the page itself still asks who may do what."""
    try:
        morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    if morsel is None:
        return False
    close_old_connections()  # there was no request yet that would have noticed a database that restarted
    return SESSION_KEY in import_module(settings.SESSION_ENGINE).SessionStore(morsel.value)

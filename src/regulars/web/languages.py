"""Which language a page speaks: the agent's own; before sign-in the last one chosen here, else the browser's."""

from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

R = TypeVar("R", bound=HttpResponse)
A_YEAR = 365 * 24 * 3600


def asked_for(request: HttpRequest) -> str:
    """The best of our languages for what the browser says its reader understands."""
    bare = HttpRequest()
    bare.META = {"HTTP_ACCEPT_LANGUAGE": request.headers.get("Accept-Language", "")}
    return translation.get_language_from_request(bare)


def speak(request: HttpRequest) -> None:
    """Go on in the signed-in agent's language, if they chose one."""
    language = getattr(request.user, "language", "")
    if language and language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]  # as LocaleMiddleware does


def remembered(response: R, language: str) -> R:
    """Let the browser remember the choice, so that its sign-in page speaks the language too."""
    if language:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, A_YEAR, secure=secure, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response

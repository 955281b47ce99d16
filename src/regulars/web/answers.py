"""What every answer of a page has: what htmx needs of it, and that nobody keeps what only the person asking may see."""

import json
from collections.abc import Callable

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


class PartAnswers:
    """Tell caches that a part of a page is not the page, and let messages reach a page that stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if getattr(request, "htmx", None) and _stays(response):
            _bring_messages(request, response)
        return response


class KeptByNobody:
    """What somebody signed in reads is not shown again from the browser's memory once they have signed out.

    A page that says itself how long it may be kept is left alone: pictures, files.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _stays(response: HttpResponse) -> bool:
    """Whether the page stays on the screen: after a redirect the next page shows the messages itself."""
    return response.status_code < 300 and not any(
        name in response for name in ("HX-Redirect", "HX-Refresh", "HX-Location")
    )


def _bring_messages(request: HttpRequest, response: HttpResponse) -> None:
    toasts = [{"text": str(message), "tone": _tone(message.level_tag)} for message in get_messages(request)]
    if toasts:
        events = _events(response.get("HX-Trigger", ""))
        response["HX-Trigger"] = json.dumps({**events, "toast": {"toasts": toasts}})


def _tone(level: str) -> str:
    return {"success": "good", "error": "bad", "warning": "bad"}.get(level, "")


def _events(header: str) -> dict[str, object]:
    """The header's two forms: a JSON object, or names with commas between."""
    if header.startswith("{"):
        return json.loads(header)
    return {name.strip(): None for name in header.split(",") if name.strip()}

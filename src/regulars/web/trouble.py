"""What a person reads when a request has no proper answer: something broke, or an address only takes forms."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from structlog.contextvars import get_contextvars


def broken(request: HttpRequest) -> HttpResponse:
    """A page without a context, because whatever broke may have broken that too; with what to tell others."""
    number = get_contextvars().get("request_id", "")
    return HttpResponse(render_to_string("500.html", {"number": number}), status=500)


class AddressesForForms:
    """A form's address that somebody opens, out of their history, is no blank page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or not request.accepts("text/html"):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

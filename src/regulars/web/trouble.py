"""What a person reads when a request has no proper answer: something broke, or an address only takes forms."""

import sys
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from structlog.contextvars import get_contextvars

from regulars.kernel.errors import Invalid, NoRoom
from regulars.kernel.room import is_out_of_room


class TooMuchSent(Invalid):
    """This is more than is read at once. Nothing of it was kept; go back, make it shorter and send it again."""

    status = 413


class Unreadable(Invalid):
    """What was sent cannot be read. Nothing was changed; go back and try again."""

    status = 400


def unusable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A line without a page, because what a page needs, who asks and where, may be what cannot be read."""
    is_too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    refused = TooMuchSent() if is_too_much else Unreadable()
    return HttpResponse(f"{refused}\n", status=refused.status, content_type="text/plain; charset=utf-8")


def broken(request: HttpRequest) -> HttpResponse:
    """A page without a context, because whatever broke may have broken that too; with what to tell others."""
    if is_out_of_room(sys.exception()):  # past every view, as where a session is kept
        return HttpResponse(f"{NoRoom()}\n", status=NoRoom.status, content_type="text/plain; charset=utf-8")
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

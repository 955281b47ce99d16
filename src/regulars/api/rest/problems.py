"""Refusals as problem details (RFC 9457): what happened, in words, and a name programs can rely on."""

import json
import math
import re
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from regulars.api.rest.doors import NoKey, TooOften
from regulars.kernel.errors import DomainError, refusal_of

log = structlog.get_logger(__name__)
_WORDS = re.compile(r"(?<!^)(?=[A-Z])")


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """One refusal; `code` never changes its meaning, `detail` is for people."""
    body = {"type": "about:blank", "status": status, "code": code, "detail": detail, **more}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")


def answer_them(api: NinjaAPI) -> None:
    """Answer everything that can go wrong in an API as a problem."""
    api.add_exception_handler(DomainError, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _unreadable)
    api.add_exception_handler(Http404, _nothing)
    api.add_exception_handler(DataError, _out_of_range)
    api.add_exception_handler(RequestDataTooBig, _too_big)
    api.add_exception_handler(Exception, _broken)


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    code = _WORDS.sub("-", type(error).__name__).lower()
    answer = problem(error.status, code, str(error))
    if isinstance(error, NoKey):
        answer["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooOften):
        answer["Retry-After"] = str(math.ceil(error.seconds))
    return answer


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    wrong = [{"where": ".".join(map(str, one["loc"])), "what": str(one["msg"])} for one in error.errors]
    return problem(422, "invalid", "Something in the call cannot be used; nothing was changed.", errors=wrong)


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code, "unreadable", str(error))


def _nothing(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(404, "not-found", "There is nothing here.")


def _out_of_range(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(422, "invalid", "A value in the call is out of range; nothing was changed.")


def _too_big(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(413, "too-big", "The call is larger than 10 MB; nothing was changed.")


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    if refused := refusal_of(error):
        return _refused(request, refused)
    if isinstance(error, RecursionError):
        return problem(422, "invalid", "The JSON is nested too deeply; nothing was changed.")
    log.error("a call of the API broke", path=request.path, exc_info=error)
    return problem(500, "broken", "Something broke on our side. Try again; if it goes on, tell who runs Regulars.")

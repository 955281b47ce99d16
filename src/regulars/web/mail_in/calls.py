"""A mail service calls: yes only once everything it brought is stored."""

from collections.abc import Callable
from functools import wraps

import structlog
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from regulars.channels.actions import provided
from regulars.channels.errors import NotTheirCall
from regulars.kernel.errors import DomainError
from regulars.web.mail_in import gate

log = structlog.get_logger(__name__)

Call = Callable[[str, str, HttpRequest], int]
ASK_AGAIN_SECONDS = 60


def _door(setting: str) -> Callable[[Call], Callable[..., HttpResponse]]:
    """Answer as a service understands it: 2xx done, 503 bring it again, anything else is not for here."""
    return lambda call: _opened(call, setting)


def _opened(call: Call, setting: str) -> Callable[..., HttpResponse]:
    @csrf_exempt
    @login_not_required
    @wraps(call)
    def view(request: HttpRequest, token: str, provider: str) -> HttpResponse:
        if request.method in ("GET", "HEAD"):  # some look whether somebody is there before they call
            return HttpResponse(status=204)
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        if int(request.META.get("CONTENT_LENGTH") or 0) > gate.LARGEST:
            return HttpResponse("This is larger than 50 MB; nothing was kept.\n", status=413, content_type="text/plain")
        try:
            provided.let_in(token, provider, setting)  # before anything is read
            request._body = request.read()  # type: ignore[attr-defined]  # larger than what people type
            return JsonResponse({"new": call(token, provider, request)})
        except NotTheirCall as refusal:  # somebody who found the address: they are no better than a stranger
            return _unsigned(request, refusal)
        except DomainError as refusal:
            return JsonResponse({"detail": str(refusal)}, status=refusal.status)
        except Error as fault:
            log.warning("a service's call could not be stored", provider=provider, fault=type(fault).__name__)
            answer = JsonResponse({"detail": "It cannot be stored now. Bring it again later."}, status=503)
            answer["Retry-After"] = str(ASK_AGAIN_SECONDS)
            return answer
        except RequestDataTooBig:
            log.warning("a service's call is too large", provider=provider)
            return HttpResponse(status=413)
        except Exception as fault:
            # Whatever a stranger's JSON does to a reader: nothing was stored, and the service keeps the mail.
            log.warning("a service's call cannot be read", provider=provider, fault=type(fault).__name__)
            return JsonResponse({"detail": "This call brings nothing that can be read as a mail."}, status=400)

    return view


def _unsigned(request: HttpRequest, refusal: NotTheirCall) -> HttpResponse:
    seconds = gate.count_unsigned(request.path, address=request.META.get("REMOTE_ADDR", ""))
    answer = JsonResponse({"detail": str(refusal)}, status=429 if seconds else refusal.status)
    if seconds:
        answer["Retry-After"] = str(seconds)
    return answer


@_door(provided.BRINGS)
def bring(token: str, provider: str, request: HttpRequest) -> int:
    """Mail that came."""
    return provided.bring(token, provider, request)


@_door(provided.TELLS)
def hear(token: str, provider: str, request: HttpRequest) -> int:
    """What became of mail that left."""
    return provided.hear(token, provider, request)

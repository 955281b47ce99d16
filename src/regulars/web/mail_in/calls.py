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
from regulars.kernel.errors import DomainError

log = structlog.get_logger(__name__)

Call = Callable[[str, str, HttpRequest], int]
ASK_AGAIN_SECONDS = 60
LARGEST = 50 * 1024 * 1024


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
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            return HttpResponse(status=413)
        try:
            provided.let_in(token, provider, setting)  # before anything is read
            request._body = request.read()  # type: ignore[attr-defined]  # larger than what people type
            return JsonResponse({"new": call(token, provider, request)})
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


@_door(provided.BRINGS)
def bring(token: str, provider: str, request: HttpRequest) -> int:
    """Mail that came."""
    return provided.bring(token, provider, request)


@_door(provided.TELLS)
def hear(token: str, provider: str, request: HttpRequest) -> int:
    """What became of mail that left."""
    return provided.hear(token, provider, request)

"""The agent's own choices about the keyboard."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from regulars.accounts.actions import keyboards
from regulars.accounts.actions.keyboards import NoSuchKeys
from regulars.web.middleware import AgentRequest


@require_POST
def change(request: AgentRequest) -> HttpResponse:
    """Keep what was chosen in the list of keys; there are no keys without scripts."""
    keyboards.choose(
        by=request.actor, own=_own(request), is_single=_said(request, "single"), opens=_said(request, "opens")
    )
    return HttpResponse(status=204)


def _own(request: HttpRequest) -> dict[str, Any] | None:
    if "own" not in request.POST:
        return None
    try:
        own = json.loads(request.POST["own"])
    except (ValueError, RecursionError) as fault:
        raise NoSuchKeys from fault
    if not isinstance(own, dict):
        raise NoSuchKeys
    return own


def _said(request: HttpRequest, name: str) -> bool | None:
    return request.POST[name] == "on" if name in request.POST else None

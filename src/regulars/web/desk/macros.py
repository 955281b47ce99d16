"""Macros in a conversation: chosen while one writes, or done at once where there is nothing to say."""

import json
from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.desk.actions import macro_using
from regulars.desk.selectors import threads, wording
from regulars.web.access import requires
from regulars.web.desk import composing, macro_choosing, properties
from regulars.web.middleware import AgentRequest


@require_safe
@requires("answer")
def choose(request: AgentRequest, pk: int) -> HttpResponse:
    """The macros as they would read and do in this conversation; a page of their own where no script runs."""
    found = threads.shown(pk, by=request.actor)
    choices = macro_choosing.choices(request, found)
    context = {"choices": choices, "conversation": found, "key": composing.key()}
    part = "desk/macro_choices.html" if request.htmx and not request.htmx.boosted else "desk/macro_page.html"
    return render(request, part, context)


@require_safe
@requires("answer")
def names(request: AgentRequest) -> JsonResponse:
    """What the palette offers: every macro one may use, by name."""
    rows = wording.macros(by=request.actor)
    return JsonResponse({"macros": [{"id": macro.pk, "name": macro.name} for macro in rows]})


@require_POST
@requires("answer")
def use(request: AgentRequest, pk: int, macro_id: int) -> HttpResponseBase:
    """Do what a macro does, at once; it can be taken back at once too."""
    key = request.POST.get("use_key", "")[:40] or composing.key()
    macro_using.use(pk, macro_id, key=key, by=request.actor)
    answer = properties.shown(request, pk)
    said = _("Done.")
    if request.htmx:
        answer["HX-Trigger"] = _both(answer["HX-Trigger"], undo_toast(request, pk, key, said))
    else:
        notices.success(request, said)
    return answer


@require_POST
@requires("answer")
def undo(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take back what one's macro did, where nobody changed it since."""
    found = threads.shown(pk, by=request.actor)
    batch = macro_using.batch_of(request.GET.get("key", "")[:80], by=request.actor)
    macro_using.undo(found.pk, batch, by=request.actor)
    if not request.htmx:
        notices.success(request, _("Taken back."))
        return redirect("desk:conversation", found.pk)
    toast = {"text": _("Taken back."), "tone": "good"}
    answer = HttpResponse(status=204)
    answer["HX-Trigger"] = json.dumps({"conversation-changed": {"id": found.pk}, "toast": toast})
    return answer


def undo_toast(request: AgentRequest, pk: int, key: str, text: str) -> str:
    """The header that tells what was done, with the way back."""
    act = {"url": f"{reverse('desk:macro_undo', args=[pk])}?key={key}", "name": _("Undo")}
    return json.dumps({"conversation-changed": {"id": pk}, "toast": {"text": text, "tone": "good", "act": act}})


def _both(one: str, other: str) -> str:
    told: dict[str, Any] = json.loads(other) | json.loads(one)
    return json.dumps(told)

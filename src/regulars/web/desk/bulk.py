"""Bulk actions: one thing done in many conversations, how far it is, and taking it back."""

import json
from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from regulars.desk.actions import bulk, bulk_answers
from regulars.desk.selectors import bulks, fields, wording
from regulars.desk.selectors.listing import Wanted
from regulars.desk.selectors.views import views_of
from regulars.web.access import requires
from regulars.web.desk import bulk_answering, bulk_words, deed_words
from regulars.web.desk.asking import asked
from regulars.web.middleware import AgentRequest


@require_POST
@requires("answer")
def begin(request: AgentRequest) -> HttpResponseBase:
    """Do what was chosen: `deed` is a verb, perhaps with a value after a colon."""
    deed, _colon, value = request.POST.get("deed", "").partition(":")
    value = value or request.POST.get("word", "") if deed == "label" else value
    if deed == "field" and value.endswith("="):
        value += ",".join(request.POST.getlist(f"field.{value[:-1]}"))  # one text, or the keys of several choices
    ids, wanted = ([], _everything(request)) if request.POST.get("all") else (_ids(request.POST), None)
    if deed == bulk_answers.DEED:
        return bulk_answering.ask(request, value, bulk.chosen(ids, wanted, by=request.actor))
    return _answer(request, bulk.begin(deed, value, ids=ids, wanted=wanted, by=request.actor))


@require_safe
@requires("answer")
def more(request: AgentRequest) -> HttpResponse:
    """What else can be done in many: macros that do something, and filling in a field; asked for when it is opened."""
    names = deed_words.Names()
    every = wording.macros(by=request.actor)
    rows = [(macro, deed_words.told(macro.deeds, names=names)) for macro in every if macro.deeds]
    answers = [macro for macro in every if macro.text.strip() and not macro.is_note]  # besides one written for this
    return render(request, "desk/bulk_more.html", {"macros": rows, "answers": answers, "fields": fields.defined()})


@require_safe
@requires("answer")
def recent(request: AgentRequest) -> HttpResponse:
    """What the agent did in bulk, newest first."""
    return render(request, "desk/bulks.html", {"bulks": [bulk_words.seen(one) for one in bulks.recent(request.actor)]})


@require_safe
@requires("answer")
def show(request: AgentRequest, pk: int) -> HttpResponse:
    """How far one is; the part that moves asks for itself again."""
    part = "#progress" if request.htmx and not request.htmx.boosted else ""
    seen = bulk_words.seen(bulks.bulk(pk, by=request.actor))
    return render(request, f"desk/bulk.html{part}", {"seen": seen})


@require_POST
@requires("answer")
def undo(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take it back where nothing changed since."""
    return _answer(request, bulk.undo(pk, by=request.actor))


def _answer(request: AgentRequest, done: Any) -> HttpResponseBase:
    """A toast with the way back, where it is done; the page of its progress, where it takes longer."""
    page = reverse("desk:bulk", args=[done.pk])
    if not request.htmx:
        return redirect(page)
    if done.is_running:
        return HttpResponseClientRedirect(page)
    if request.htmx.current_url_abs_path and "/inbox/bulk/" in request.htmx.current_url_abs_path:
        notices.success(request, bulk_words.outcome(done))
        return HttpResponseClientRedirect(request.htmx.current_url_abs_path)
    toast: dict[str, Any] = {"text": bulk_words.outcome(done), "tone": "bad" if done.refused else "good"}
    if done.can_be_undone:
        toast["act"] = {"url": reverse("desk:bulk_undo", args=[done.pk]), "name": _("Undo")}
    answer = HttpResponse(status=204)
    answer["HX-Trigger"] = json.dumps({"conversation-changed": {"ids": done.ids}, "toast": toast})
    return answer


def _everything(request: AgentRequest) -> Wanted:
    return asked(QueryDict(request.POST.get("query", "")), views_of(request.actor)).wanted


def _ids(said: QueryDict) -> list[int]:
    return [int(text) for text in said.getlist("ids") if text.isascii() and text.isdigit() and len(text) < 19]

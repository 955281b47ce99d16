"""Macros: texts and deeds needed again and again; written here, tried on a real conversation before they are kept."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from regulars.accounts import selectors as accounts
from regulars.desk import variables
from regulars.desk.actions import macros
from regulars.desk.selectors import fields, filling, listing, threads, wording
from regulars.desk.selectors.listing import Wanted
from regulars.kernel.errors import DomainError
from regulars.web.access import requires
from regulars.web.desk import deed_words
from regulars.web.middleware import AgentRequest
from regulars.web.settings import deed_form
from regulars.web.settings.places import pages

_LEFT = re.compile(r"\{\{[^{}]{1,300}\}\}")
DO_NOT_KNOW = -1  # a team that is not there: refused when it is kept


@require_safe
@requires("answer")
def show(request: AgentRequest) -> HttpResponse:
    """Every macro one may change, those used most first; those that are retired last."""
    text, sort = request.GET.get("q", "")[:200].replace("\x00", ""), request.GET.get("sort", "used")
    names = deed_words.Names()
    rows = [
        {"macro": macro, "deeds": deed_words.told(macro.deeds, names=names)}
        for macro in wording.found(text, by=request.actor, sort=sort)
    ]
    context = {
        "tabs": pages(request),
        "text": text,
        "sort": sort,
        "lines": [row for row in rows if row["macro"].retired_at is None],
        "retired": [row for row in rows if row["macro"].retired_at is not None],
    }
    part = "#list" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"settings/macros.html{part}", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("answer")
def macro(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """One macro, or a new one; a button that adds, removes or tries shows the form again."""
    known = wording.macro(pk, by=request.actor) if pk is not None else None
    offered = deed_form.Offered(deed_form.OF_MACROS, with_me=True)
    if request.method == "POST":
        return _edit(request, known, offered)
    return _page(request, known, offered, **_given(known, offered))


@require_POST
@requires("answer")
def copy(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Make another one like it, and open that."""
    like = wording.macro(pk, by=request.actor)
    made = macros.copy(pk, name=_("%(name)s (copy)") % {"name": like.name[:80]}, by=request.actor)
    messages.success(request, _("This copy is only yours until you share it."))
    return redirect("settings:macro", made.pk)


@require_POST
@requires("answer")
def retire(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Offer it no more, or again."""
    is_retired = not request.POST.get("back")
    macros.retire(pk, is_retired=is_retired, by=request.actor)
    told = _("The macro is retired. What was done with it stays.") if is_retired else _("The macro is back.")
    messages.success(request, told)
    return redirect("settings:macros")


def _edit(request: AgentRequest, known: Any, offered: deed_form.Offered) -> HttpResponseBase:
    said = request.POST
    given: dict[str, Any] = {
        "name": said.get("name", ""),
        "text": said.get("text", ""),
        "is_note": said.get("as") == "note",
        "whose": said.get("for", "all"),
        "lines": offered.read(said),
    }
    if said.get("do") != "save":
        return _page(request, known, offered, **given)
    try:
        macros.write(
            given["name"], given["text"], done=[line.deed for line in given["lines"]], is_note=given["is_note"],
            is_shared=given["whose"] != "me", team_id=_team(given["whose"]), by=request.actor,
            macro_id=known.pk if known else None,
        )  # fmt: skip
    except DomainError as refusal:
        return _page(request, known, offered, refusal=str(refusal), status=422, **given)
    messages.success(request, _("Kept."))
    there = reverse("settings:macros")
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)


def _team(whose: str) -> int | None:
    if not whose.startswith("team-"):
        return None
    key = whose.removeprefix("team-")
    return int(key) if key.isascii() and key.isdigit() and len(key) < 19 else DO_NOT_KNOW


def _given(known: Any, offered: deed_form.Offered) -> dict[str, Any]:
    if known is None:
        return {"name": "", "text": "", "is_note": False, "whose": "all", "lines": []}
    whose = "me" if known.agent_id else f"team-{known.team_id}" if known.team_id else "all"
    lines = offered.drawn(known.deeds)
    return {"name": known.name, "text": known.text, "is_note": known.is_note, "whose": whose, "lines": lines}


def _page(
    request: AgentRequest, known: Any, offered: deed_form.Offered, *, refusal: str = "", status: int = 200, **given: Any
) -> HttpResponse:
    of_fields = [f"field.{fields.handle(row)}" for row in fields.defined()]
    context = {
        "tabs": pages(request),
        "macro": known,
        "refusal": refusal,
        "all_deeds": offered.choices,
        "teams": [(f"team-{team.pk}", team.name) for team in accounts.teams()],
        "variables": [*variables.NAMES, *of_fields],
        "tried": _tried(request, given),
        "try_in": request.POST.get("try_in", ""),
        **given,
    }
    part = "#form" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"settings/macro.html{part}", context, status=status)


def _tried(request: AgentRequest, given: dict[str, Any]) -> dict[str, Any] | None:
    """What it would say and do in a real conversation: the one asked for, else the newest one may see."""
    if not given["text"].strip() and not given["lines"]:
        return None
    number = request.POST.get("try_in", "").strip().removeprefix("#")
    try:
        key = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else _newest(request)
        found = threads.shown(key, by=request.actor)
    except DomainError as refusal:
        return {"refusal": str(refusal)}
    filled = variables.fill(given["text"], filling.values(found, by=request.actor))
    deeds = deed_words.told([line.deed for line in given["lines"]])
    return {"conversation": found, "text": _marked(filled.text), "missing": filled.missing, "deeds": deeds}


def _newest(request: AgentRequest) -> int:
    rows = listing.page(Wanted({}), by=request.actor, limit=1).rows
    return rows[0].pk if rows else 0


def _marked(text: str) -> SafeString:
    """The text with whatever could not be filled in marked."""
    pieces, place = [], 0
    for found in _LEFT.finditer(text):
        pieces += [escape(text[place : found.start()]), f"<mark>{escape(found[0])}</mark>"]
        place = found.end()
    return mark_safe("".join([*pieces, escape(text[place:])]))

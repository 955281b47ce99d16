"""Fields of the company's own: which there are, in what order, and one at a time. Works without scripts."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from regulars.accounts import selectors as accounts
from regulars.desk import field_values
from regulars.desk.actions import field_definitions
from regulars.desk.selectors import fields
from regulars.kernel.errors import DomainError
from regulars.web.access import requires
from regulars.web.desk import field_words
from regulars.web.middleware import AgentRequest
from regulars.web.settings.places import pages

MOST_CHOICES: Final = 60


@require_safe
@requires("manage_desk")
def show(request: AgentRequest) -> HttpResponse:
    """Every field in its order, those that are retired, and details that nobody has defined yet."""
    rows = fields.every()
    teams = {team.pk: team.name for team in accounts.teams()}
    lines = [
        {
            "field": row,
            "kind": field_words.KINDS[row.kind],
            "teams": [teams[key] for key in row.team_ids if key in teams],
        }
        for row in rows
    ]
    context = {
        "tabs": pages(request),
        "lines": [line for line in lines if line["field"].retired_at is None],
        "retired": [line for line in lines if line["field"].retired_at is not None],
        "found": fields.undefined(rows),
        "kinds": field_words.KINDS,
    }
    return render(request, "settings/fields.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_desk")
def field(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """One field, or a new one; a button that only adds or moves a choice shows the form again."""
    known = fields.definition(pk) if pk is not None else None
    if request.method == "POST":
        return _edit(request, known)
    return _page(request, known, **_given(known, request.GET))


@require_POST
@requires("manage_desk")
def move(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Put a field earlier or later."""
    field_definitions.move(pk, up=request.POST.get("to") == "up", by=request.actor)
    return redirect("settings:fields")


@require_POST
@requires("manage_desk")
def retire(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Ask for a field no more, or again."""
    is_retired = not request.POST.get("back")
    field_definitions.retire(pk, is_retired=is_retired, by=request.actor)
    told = _("The field is retired. What is in it stays and is shown.") if is_retired else _("The field is back.")
    messages.success(request, told)
    return redirect("settings:fields")


def _edit(request: AgentRequest, known: Any) -> HttpResponseBase:
    given = _said(request.POST)
    if request.POST.get("do") != "save":
        return _page(request, known, **given)
    common = {name: given[name] for name in ("label", "help", "choices", "is_required", "team_ids")}
    try:
        if known is None:
            field_definitions.define(kind=given["kind"], key=given["key"], by=request.actor, **common)
        else:
            field_definitions.change(known.pk, by=request.actor, **common)
    except DomainError as refusal:
        return _page(request, known, refusal=str(refusal), status=422, **given)
    messages.success(request, _("Saved."))
    there = reverse("settings:fields")
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)


def _said(said: QueryDict) -> dict[str, Any]:
    """The form as it was sent, after the button that was pressed did its work."""
    return {
        "label": said.get("label", ""),
        "key": said.get("key", ""),
        "kind": said.get("kind", "short text"),
        "help": said.get("help", ""),
        "choices": _choices(said),
        "is_required": bool(said.get("is_required")),
        "team_ids": [
            int(each) for each in said.getlist("teams") if each.isascii() and each.isdigit() and len(each) < 19
        ],
    }


def _choices(said: QueryDict) -> list[dict[str, Any]]:
    read = [
        {
            "key": said.get(f"choice.{place}.key", ""),
            "label": said.get(f"choice.{place}.label", ""),
            "is_retired": bool(said.get(f"choice.{place}.is_retired")),
        }
        for place in range(MOST_CHOICES)
        if f"choice.{place}.label" in said
    ]
    button, _colon, text = said.get("do", "").partition(":")
    place = int(text) if text.isascii() and text.isdigit() and len(text) < 5 and int(text) < len(read) else 0
    if button == "add-choice" and len(read) < MOST_CHOICES:
        read.append({"key": "", "label": "", "is_retired": False})
    if button == "choice-up" and place:
        read[place - 1], read[place] = read[place], read[place - 1]
    if button == "remove-choice" and read:
        del read[place]
    return read


def _given(known: Any, asked: QueryDict) -> dict[str, Any]:
    if known is None:
        kind = asked.get("kind", "")
        return {
            "label": asked.get("label", "")[:60],
            "key": asked.get("key", "")[:60],
            "kind": kind if kind in field_values.KINDS else "short text",
            "help": "",
            "choices": [
                {"key": "", "label": label[:60], "is_retired": False} for label in asked.getlist("choice")[:20]
            ],
            "is_required": False,
            "team_ids": [],
        }
    names = ("label", "key", "kind", "help", "choices", "is_required", "team_ids")
    return {name: getattr(known, name) for name in names}


def _page(request: AgentRequest, known: Any, *, refusal: str = "", status: int = 200, **given: Any) -> HttpResponse:
    if given["kind"] in field_values.WITH_CHOICES and not given["choices"]:
        given["choices"] = [{"key": "", "label": "", "is_retired": False} for _number in range(3)]
    context = {
        "tabs": pages(request),
        "field": known,
        "refusal": refusal,
        "kinds": [(kind, word, field_words.MEANINGS[kind]) for kind, word in field_words.KINDS.items()],
        "kind_word": field_words.KINDS.get(given["kind"], ""),
        "has_choices": given["kind"] in field_values.WITH_CHOICES,
        "teams": list(accounts.teams()),
        "given": given,
    }
    part = "#form" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"settings/field.html{part}", context, status=status)

"""Forms in the settings: made, changed, switched off, put away; and which mailbox lets customers in."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.accounts.actions import company
from regulars.channels.actions import forms as doing
from regulars.channels.actions import pausing, setting_up
from regulars.channels.errors import NoSuchForm
from regulars.channels.selectors import forms as doors
from regulars.channels.selectors.forms import Door
from regulars.channels.webform.definitions import Field
from regulars.desk.actions import portal_links
from regulars.desk.selectors import fields
from regulars.kernel import page_settings
from regulars.web.access import may, requires
from regulars.web.accounts.forms import refused
from regulars.web.middleware import AgentRequest
from regulars.web.settings.form_forms import KINDS, DoorForm, QuestionForm, as_typed, mailbox_choices, question_as_typed
from regulars.web.settings.places import pages

SNIPPET = '<iframe src="{}" title="{}" loading="lazy" style="border: 0; width: 100%; height: 46rem"></iframe>'


@require_safe
@requires("manage_desk")
def show(request: AgentRequest) -> HttpResponse:
    """Every form, and the portal's mailbox."""
    there = doors.doors()
    came = doors.came([door.id for door in there])
    lines = [
        {"door": door, "url": _url(door), "placed": came.get(door.id, (0, 0))[0], "dead": came.get(door.id, (0, 0))[1],
         "mailbox": doors.mailbox(door.form.mailbox_id)}
        for door in there
    ]  # fmt: skip
    box = portal_links.mailbox()
    context = {
        "tabs": pages(request),
        "lines": lines,
        "mailboxes": mailbox_choices(_("none: nobody signs in by mail")),
        "portal_mailbox": box.pk if box else "",
        "portal_url": settings.PUBLIC_URL + reverse("portal:sign_in"),
        "may_choose": may(request, "manage_settings") and not page_settings.is_fixed("portal_mailbox"),
    }
    return render(request, "settings/forms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_desk")
def form(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    """One form, or a new one."""
    known = _known(pk) if pk is not None else None
    typed = DoorForm(request.POST or None, initial=as_typed(known))
    if request.method == "POST" and typed.is_valid():
        kept = refused(typed, lambda: _keep(request, known, typed))
        if kept is not None:
            messages.success(request, _("The form “%(name)s” was kept.") % {"name": kept.form.title})
            return redirect("settings:form", pk=kept.id)
    context: dict[str, Any] = {"tabs": pages(request), "typed": typed, "known": known}
    if known:
        embed = settings.PUBLIC_URL + reverse("forms:embed", args=[known.form.slug])
        kinds = dict(KINDS)
        context |= {
            "url": _url(known),
            "mailbox": doors.mailbox(known.form.mailbox_id),
            "snippet": SNIPPET.format(embed, escape(known.form.title)),
            "questions": [{"field": each, "kind": kinds[each.kind]} for each in known.form.fields],
        }
    return render(request, "settings/form.html", context, status=422 if typed.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_desk")
def question(request: AgentRequest, pk: int, field_id: str = "") -> HttpResponse:
    """One question of a form's own, or a new one."""
    door = _known(pk)
    known = _question(door, field_id) if field_id else None
    typed = QuestionForm(request.POST or None, initial=question_as_typed(known))
    if request.method == "POST" and typed.is_valid():
        kept = refused(typed, lambda: doing.keep_field(pk, typed.question(known), by=request.actor))
        if kept is not None:
            messages.success(request, _("The question was kept."))
            return redirect(reverse("settings:form", args=[pk]) + "#questions")
    context = {"tabs": pages(request), "typed": typed, "door": door, "known": known, "known_fields": fields.defined()}
    return render(request, "settings/form_question.html", context, status=422 if typed.errors else 200)


@require_POST
@requires("manage_desk")
def question_rise(request: AgentRequest, pk: int, field_id: str) -> HttpResponse:
    """Ask a question one place earlier."""
    doing.move_field(pk, field_id, by=request.actor)
    return redirect(reverse("settings:form", args=[pk]) + "#questions")


@require_POST
@requires("manage_desk")
def question_removal(request: AgentRequest, pk: int, field_id: str) -> HttpResponse:
    """Ask a question no more."""
    doing.remove_field(pk, field_id, by=request.actor)
    messages.success(request, _("The question is asked no more. Answers that were given stay."))
    return redirect(reverse("settings:form", args=[pk]) + "#questions")


@require_POST
@requires("manage_desk")
def pause(request: AgentRequest, pk: int) -> HttpResponse:
    """Switch a form off."""
    pausing.pause(_known(pk).id, by=request.actor)
    messages.success(request, _("The form is switched off. Who opens it reads that it is closed."))
    return redirect("settings:form", pk=pk)


@require_POST
@requires("manage_desk")
def resume(request: AgentRequest, pk: int) -> HttpResponse:
    """Switch a form on again."""
    pausing.resume(_known(pk).id, by=request.actor)
    messages.success(request, _("The form is switched on."))
    return redirect("settings:form", pk=pk)


@require_POST
@requires("manage_desk")
def archive(request: AgentRequest, pk: int) -> HttpResponse:
    """Put a form away; its conversations stay."""
    setting_up.archive(_known(pk).id, by=request.actor)
    messages.success(request, _("The form was put away. Its conversations stay."))
    return redirect("settings:forms")


@require_POST
@requires("manage_settings")
def portal(request: AgentRequest) -> HttpResponse:
    """Choose the mailbox that mails customers the link that lets them in."""
    company.change({"portal_mailbox": request.POST.get("mailbox", "")}, by=request.actor)
    messages.success(request, _("Kept."))
    return redirect("settings:forms")


def _keep(request: AgentRequest, known: Door | None, typed: DoorForm) -> Door:
    team_id = typed.cleaned_data["team"]
    if known is None:
        return doing.create(typed.form(), by=request.actor, team_id=team_id)
    return doing.change(known.id, typed.form(), by=request.actor, team_id=team_id)


def _known(pk: int) -> Door:
    found = doors.door(pk)
    if found is None:
        raise NoSuchForm
    return found


def _question(door: Door, field_id: str) -> Field:
    found = door.form.field(field_id)
    if found is None:
        raise NoSuchForm
    return found


def _url(door: Door) -> str:
    return settings.PUBLIC_URL + reverse("forms:show", args=[door.form.slug])

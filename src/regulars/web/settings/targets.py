"""Hours and targets: when somebody is there, and what is promised to whom."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regulars.desk import hours as opening
from regulars.desk.actions import policies
from regulars.desk.hours import Hours
from regulars.desk.selectors.policies import InForce, in_force
from regulars.desk.targets import KINDS, Policy, Target, changing
from regulars.desk.targets.errors import NameTaken
from regulars.kernel import clock, page_settings
from regulars.kernel.errors import DomainError
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.numbers.names import Names
from regulars.web.settings.places import pages
from regulars.web.settings.spans import write_span
from regulars.web.settings.target_forms import HoursForm, TargetForm, UsualForm, hours_as_typed, target_as_typed

NINE_TO_FIVE = {f"day{number}": "09:00-17:00" for number in range(5)}
Change = Callable[[Policy], Policy]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_desk")
def show(request: AgentRequest) -> HttpResponse:
    """Everything that holds now; POST keeps the usual hours and when to warn."""
    now = in_force()
    initial = {"usual": now.policy.usual, "warn": write_span(now.policy.warn_seconds)}
    form = UsualForm(request.POST or None, policy=now.policy, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        usual = partial(replace, usual=said["usual"], warn_seconds=said["warn"] or 0)
        if _kept(request, now, usual, form=form):
            return redirect("settings:targets")
    names = Names()
    context = {
        "tabs": pages(request),
        "now": now,
        "form": form,
        "hours": [_hours_line(place, name, now.policy.hours[name]) for place, name in enumerate(now.policy.hours)],
        "targets": [_target_line(place, target, names) for place, target in enumerate(now.policy.targets)],
    }
    return render(request, "settings/targets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_desk")
def hours(request: AgentRequest, place: int | None = None) -> HttpResponse:
    """One set of hours, or a new one."""
    now = in_force()
    was = _named(now.policy, place) if place is not None else ""
    initial = hours_as_typed(was, now.policy.hours[was]) if was else _new_hours()
    form = HoursForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        change = partial(changing.with_hours, name=said["name"], hours=said["hours"], was=was)
        if _kept(request, now, change, form=form):
            return redirect("settings:targets")
    context = {"tabs": pages(request), "now": now, "form": form, "place": place, "was": was}
    return render(request, "settings/hours.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_desk")
def target(request: AgentRequest, place: int | None = None) -> HttpResponse:
    """One target, or a new one."""
    now = in_force()
    if not now.policy.hours:
        return redirect("settings:hours_new")
    known = _target(now.policy, place) if place is not None else None
    initial = target_as_typed(known) if known else {"hours": now.policy.usual}
    form = TargetForm(request.POST or None, policy=now.policy, initial=initial)
    change: Change = lambda policy: changing.with_target(policy, form.target(), place=place)  # noqa: E731
    if request.method == "POST" and form.is_valid() and _kept(request, now, change, form=form):
        return redirect("settings:targets")
    context = {"tabs": pages(request), "now": now, "form": form, "place": place, "known": known}
    return render(request, "settings/target.html", context)


@require_POST
@requires("manage_desk")
def hours_removal(request: AgentRequest, place: int) -> HttpResponse:
    """Take hours away that nothing counts by."""
    now = in_force()
    name = _named(now.policy, place)
    _kept(request, now, lambda policy: changing.without_hours(policy, name))
    return redirect("settings:targets")


@require_POST
@requires("manage_desk")
def target_removal(request: AgentRequest, place: int) -> HttpResponse:
    """Promise it no more; clocks that run keep what they began with."""
    now = in_force()
    _target(now.policy, place)
    _kept(request, now, lambda policy: changing.without_target(policy, place))
    return redirect("settings:targets")


@require_POST
@requires("manage_desk")
def target_rise(request: AgentRequest, place: int) -> HttpResponse:
    """Let a target be asked one place earlier."""
    now = in_force()
    _target(now.policy, place)
    _kept(request, now, lambda policy: changing.moved_up(policy, place))
    return redirect("settings:targets")


def _kept(request: AgentRequest, now: InForce, change: Change, *, form: forms.Form | None = None) -> bool:
    """Keep the changed policy; what is refused is said in the form, or on the next page."""
    try:
        seen = int(request.POST.get("seen", ""))
    except ValueError:
        seen = now.number
    try:
        policies.keep(change(now.policy), seen=seen, by=request.actor)
    except DomainError as refused:
        if refused.status in (403, 404):
            raise
        if form is None:
            messages.error(request, str(refused))
        else:
            form.add_error("name" if isinstance(refused, NameTaken) else None, str(refused))
        return False
    messages.success(request, _("Kept. Clocks that begin from now on go by it."))
    return True


def _new_hours() -> dict[str, str]:
    return {"name": _("Office"), "zone": page_settings.value("time_zone"), **NINE_TO_FIVE}


def _named(policy: Policy, place: int) -> str:
    names = list(policy.hours)
    if place >= len(names):
        raise Http404
    return names[place]


def _target(policy: Policy, place: int) -> Target:
    if place >= len(policy.targets):
        raise Http404
    return policy.targets[place]


def _hours_line(place: int, name: str, kept: Hours) -> dict[str, Any]:
    now = clock.now()
    try:
        opens = opening.next_opening(now, kept)
    except opening.NeverOpen:
        opens = None
    days = [opening.write_intervals(day) for day in kept.week]
    return {"place": place, "name": name, "hours": kept, "days": days, "is_open": opens == now, "opens": opens}


def _target_line(place: int, promised: Target, names: Names) -> dict[str, Any]:
    conditions = [
        *(names.name("priority", str(one)) for one in sorted(promised.priorities)),
        *(names.name("kind", one) for one in sorted(promised.kinds)),
        *(names.name("channel", str(one)) for one in sorted(promised.channels)),
        *(names.name("team", str(one)) for one in sorted(promised.teams)),
        *sorted(promised.labels),
    ]
    spans = [write_span(promised.seconds.get(kind)) for kind in KINDS]
    return {"place": place, "target": promised, "conditions": conditions, "spans": spans}

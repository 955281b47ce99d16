"""Saved views: making one of what one sees, editing its conditions, their order, throwing one away."""

from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from regulars.desk.actions import views
from regulars.desk.selectors import view_counts
from regulars.desk.selectors.conditions import both
from regulars.desk.selectors.listing import Wanted
from regulars.desk.selectors.views import saved, saved_view, views_of
from regulars.kernel import page_settings
from regulars.kernel.errors import Invalid
from regulars.kernel.money import exponent
from regulars.web.access import may, requires
from regulars.web.desk import condition_form, condition_words
from regulars.web.desk.asking import asked
from regulars.web.desk.condition_form import Group, Scale
from regulars.web.desk.listing import SORTS
from regulars.web.desk.standing import zone
from regulars.web.middleware import AgentRequest


@require_safe
@requires("answer")
def every(request: AgentRequest) -> HttpResponse:
    """One's own views and the shared ones."""
    return render(request, "desk/saved_views.html", {"saved": _mine(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("answer")
def create(request: AgentRequest) -> HttpResponseBase:
    """A new view, beginning with what one was looking at."""
    if request.method == "POST":
        return _edit(request, None)
    looking = asked(request.GET, views_of(request.actor))
    wanted = looking.wanted
    group = condition_form.drawn(both(wanted.conditions) or {"all": []}, _scale())
    return _page(request, None, group, name="", sort=looking.sort, is_shared=False)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("answer")
def change(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Its name, its conditions, its order."""
    view = saved_view(pk, by=request.actor)
    if request.method == "POST":
        return _edit(request, view)
    group = condition_form.drawn(view.conditions or {"all": []}, _scale())
    return _page(request, view, group, name=view.name, sort=view.sort, is_shared=view.agent_id is None)


@require_POST
@requires("answer")
def delete(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Throw a view away."""
    name = views.delete(pk, by=request.actor)
    notices.success(
        request, _("The view “%(name)s” is deleted. Its conversations are where they were.") % {"name": name}
    )
    return redirect("desk:views")


@require_POST
@requires("answer")
def move(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One place up or down among its like."""
    view = saved_view(pk, by=request.actor)
    ids = [each.pk for each in _mine(request) if each.agent_id == view.agent_id]
    here = ids.index(pk)
    there = here + (1 if request.POST.get("to") == "down" else -1)
    if 0 <= there < len(ids):
        ids[here], ids[there] = ids[there], ids[here]
        views.order(ids, by=request.actor)
    return redirect("desk:views")


def _edit(request: AgentRequest, view: Any) -> HttpResponseBase:
    """Show the form again with what was added or removed, or save it."""
    said = request.POST
    group = condition_form.read(said)
    if said.get("do") != "save":
        return _again(request, view, group)
    try:
        tree = condition_form.tree(group, _scale())
        kept = _kept(request, view, tree)
    except Invalid as refusal:
        return _again(request, view, group, refusal=str(refusal), status=422)
    notices.success(request, _("Saved."))
    inbox = f"{reverse('desk:inbox')}?view=view-{kept.pk}"
    return HttpResponseClientRedirect(inbox) if request.htmx else redirect(inbox)


def _kept(request: AgentRequest, view: Any, tree: dict[str, Any]) -> Any:
    said, by = request.POST, request.actor
    is_shared = bool(said.get("shared"))
    name, sort = said.get("name", ""), said.get("sort", "newest")
    if view is None:
        return views.create(name, tree=tree, sort=sort, is_shared=is_shared, by=by)
    kept = views.change(view.pk, name=name, tree=tree, sort=sort, by=by)
    if may(request, "manage_desk") and is_shared != (view.agent_id is None):
        views.share(view.pk, is_shared=is_shared, by=by)
    return kept


def _again(request: AgentRequest, view: Any, group: Group, *, refusal: str = "", status: int = 200) -> HttpResponse:
    said: QueryDict = request.POST
    given: dict[str, Any] = {"name": said.get("name", ""), "sort": said.get("sort", ""), "is_shared": "shared" in said}
    return _page(request, view, group, refusal=refusal, status=status, **given)


def _page(
    request: AgentRequest, view: Any, group: Group, *, refusal: str = "", status: int = 200, **given: Any
) -> HttpResponse:
    context = {
        "view": view,
        "group": group,
        "asked": condition_words.asked(group),
        "choices": condition_words.choices(),
        "sorts": SORTS,
        "refusal": refusal,
        "may_share": may(request, "manage_desk"),
        "count": _count(request, group),
        "currency": page_settings.value("currency"),
        **given,
    }
    part = "#form" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"desk/view_form.html{part}", context, status=status)


def _count(request: AgentRequest, group: Group) -> int | None:
    """How many meet it now; none while something is not filled in."""
    try:
        wanted = Wanted(condition_form.tree(group, _scale()))
        return view_counts.counts([("now", wanted)], by=request.actor).get("now")
    except Invalid:
        return None


def _mine(request: AgentRequest) -> list[Any]:
    return list(saved(request.actor))


def _scale() -> Scale:
    currency = page_settings.value("currency")
    return Scale(10 ** exponent(currency), zone(), currency)

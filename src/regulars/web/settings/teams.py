"""Teams: who shares conversations, how these find somebody, and how much each colleague takes."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.accounts import selectors as accounts
from regulars.accounts.actions import teams
from regulars.accounts.errors import NoSuchTeam
from regulars.desk.actions import routing, seats
from regulars.desk.selectors import sorting_out
from regulars.kernel.errors import DomainError
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.settings.places import pages

METHODS: Final[dict[str, str | Promise]] = {
    "by hand": gettext_lazy("Somebody takes them"),
    "in turn": gettext_lazy("One after the other"),
    "least busy": gettext_lazy("Whoever has least open"),
}
USUAL_CAPACITY: Final = 20


class TeamForm(forms.Form):
    """A team's name, whether others see its conversations, who is in it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    is_open = forms.BooleanField(
        label=gettext_lazy("Open to every agent"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Closed, only the team and whoever has a conversation see it."),
    )
    agents = forms.MultipleChoiceField(
        label=gettext_lazy("Who is in it"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agents"].choices = [(str(agent.pk), str(agent)) for agent in accounts.answering_agents()]  # type: ignore[attr-defined]  # a field of choices


@require_safe
@requires("manage_people")
def show(request: AgentRequest) -> HttpResponse:
    """Every team with its people and its route, and every colleague's seat."""
    routes, places, busy = sorting_out.routes(), sorting_out.seats(), sorting_out.open_by_agent()
    teams_there = list(accounts.teams().prefetch_related("agents"))
    lines = [
        {"team": team, "agents": list(team.agents.all()), "route": routes.get(team.pk), "key": team.pk}
        for team in teams_there
    ]
    people = [
        {"agent": agent, "seat": places.get(agent.pk), "open": busy.get(agent.pk, 0)}
        for agent in accounts.answering_agents()
    ]
    context = {
        "tabs": pages(request),
        "teams": lines,
        "no_team": routes.get(None),
        "people": people,
        "methods": METHODS,
        "usual": USUAL_CAPACITY,
    }
    return render(request, "settings/teams.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_people")
def team(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    """One team, or a new one."""
    known = _known(pk) if pk is not None else None
    form = TeamForm(request.POST or None, initial=_initial(known))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        ids = [int(each) for each in said["agents"]]
        try:
            if known is None:
                teams.create(said["name"], by=request.actor, is_open=said["is_open"], agent_ids=ids)
            else:
                teams.change(known.pk, name=said["name"], is_open=said["is_open"], agent_ids=ids, by=request.actor)
        except DomainError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("settings:teams")
    context = {"tabs": pages(request), "form": form, "team": known}
    status = 422 if form.errors else 200
    return render(request, "settings/team.html", context, status=status)


@require_POST
@requires("manage_people")
def archive(request: AgentRequest, pk: int) -> HttpResponse:
    """Put a team away."""
    teams.archive(pk, by=request.actor)
    messages.success(request, _("The team takes no more conversations. Those it had stay where they are."))
    return redirect("settings:teams")


@require_POST
@requires("manage_desk")
def route(request: AgentRequest) -> HttpResponse:
    """How the conversations of a team, or of none, find somebody."""
    said = request.POST
    key = said.get("team", "")
    routing.set_route(
        int(key) if key.isascii() and key.isdigit() and len(key) < 19 else None,
        method=said.get("method", ""),
        is_by_skill=bool(said.get("by_skill")),
        by=request.actor,
    )
    messages.success(request, _("Saved."))
    return redirect("settings:teams")


@require_POST
@requires("manage_desk")
def seat(request: AgentRequest, pk: int) -> HttpResponse:
    """How many conversations a colleague takes, and what they know."""
    capacity = request.POST.get("capacity", "")
    skills = [word.strip() for word in request.POST.get("skills", "").split(",") if word.strip()]
    seats.set_up(
        pk,
        capacity=int(capacity) if capacity.isascii() and capacity.isdigit() and len(capacity) < 5 else -1,
        skills=skills,
        by=request.actor,
    )
    messages.success(request, _("Saved."))
    return redirect("settings:teams")


@require_POST
@requires("answer")
def away(request: AgentRequest) -> HttpResponse:
    """Take no new conversations, or take them again."""
    if request.POST.get("back"):
        seats.come_back(by=request.actor)
        messages.success(request, _("You take new conversations again."))
    else:
        seats.go_away(by=request.actor)
        messages.success(request, _("You get no new conversations until you are back. Those you have stay yours."))
    return redirect(request.POST.get("next", "") if request.POST.get("next", "").startswith("/inbox/") else "home")


def _known(pk: int) -> Any:
    found = accounts.teams().filter(pk=pk).prefetch_related("agents").first()
    if found is None:
        raise NoSuchTeam
    return found


def _initial(known: Any) -> dict[str, Any]:
    if known is None:
        return {}
    agents = [str(agent.pk) for agent in known.agents.all()]
    return {"name": known.name, "is_open": known.is_open, "agents": agents}

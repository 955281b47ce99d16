"""Who works how, and in which order things are asked: teams, routes, seats, the places of rules, fields and views."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from ninja import Router

from regulars.accounts import selectors as accounts
from regulars.accounts.actions import teams
from regulars.accounts.errors import NoSuchTeam
from regulars.api.rest import answers, directory, setup, views
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest, Door, insist_on_an_agent
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id, Named
from regulars.api.rest.shapes import organising as shapes
from regulars.api.rest.shapes import setup as shown
from regulars.api.rest.shapes.setup import Rule
from regulars.desk.actions import field_definitions, labels, routing, rules, seats
from regulars.desk.actions import views as saving
from regulars.desk.errors import NoSuchAgent, NoSuchView
from regulars.desk.selectors import fields, reading, sorting_out
from regulars.desk.selectors.views import views_of

router = Router(tags=["setup"])
PEOPLE = Door("manage_people")
USUAL_CAPACITY = routing.USUAL_CAPACITY


@directory.router.post("/teams", response={201: shown.Team}, auth=PEOPLE, operation_id="teams.create")
def create_team(request: CallingRequest, new: shapes.NewTeam) -> HttpResponse:
    """Make a team."""
    insist_on_an_agent(request)
    pk = once(request, lambda: teams.create(
        new.name, is_open=new.is_open, agent_ids=new.agent_ids, by=request.actor
    ).pk)  # fmt: skip
    return _team(request, pk, status=201)


@directory.router.patch("/teams/{team_id}", response=shown.Team, auth=PEOPLE, operation_id="teams.change")
@transaction.atomic
def change_team(request: CallingRequest, team_id: Id, new: shapes.ChangedTeam) -> HttpResponse:
    """Rename a team, open or close it, say who is in it."""
    insist_on_an_agent(request)
    row = _held(team_id)
    there = [agent.pk for agent in row.agents.all()]
    teams.change(
        team_id, name=row.name if new.name is None else new.name,
        is_open=row.is_open if new.is_open is None else new.is_open,
        agent_ids=there if new.agent_ids is None else new.agent_ids, by=request.actor,
    )  # fmt: skip
    return _team(request, team_id)


@directory.router.delete("/teams/{team_id}", response={204: None}, auth=PEOPLE, operation_id="teams.archive")
def archive_team(request: CallingRequest, team_id: Id) -> HttpResponse:
    """Put a team away: it takes no more conversations, those it had stay where they are."""
    insist_on_an_agent(request)
    teams.archive(team_id, by=request.actor)
    return HttpResponse(status=204)


@router.get("/routes", response=Page[shapes.Route], auth=setup.SET_UP, operation_id="routes.list")
def routes(request: CallingRequest, limit: Limit = 100, cursor: Cursor = "") -> HttpResponse:
    """How each team's conversations find somebody, where that was said."""
    rows = list(sorting_out.routes().values())
    return answers.one(request, answers.listed(rows, shapes.Route.of, limit=limit, after=cursor))


@router.put("/routes", response=shapes.Route, auth=setup.SET_UP, operation_id="routes.set")
def set_route(request: CallingRequest, new: shapes.Route) -> HttpResponse:
    """Say how the conversations of a team, or of none, find somebody from now on."""
    insist_on_an_agent(request)
    row = routing.set_route(new.team_id, method=new.method, is_by_skill=new.is_by_skill, by=request.actor)
    return answers.one(request, shapes.Route.of(row))


@router.get("/seats", response=Page[shapes.Seat], auth=setup.SET_UP, operation_id="seats.list")
def every_seat(request: CallingRequest, limit: Limit = 100, cursor: Cursor = "") -> HttpResponse:
    """How much each agent takes and has, by name."""
    there, busy = sorting_out.seats(), sorting_out.open_by_agent()
    rows = list(accounts.answering_agents())
    return answers.one(request, answers.listed(rows, lambda row: _seat(row.pk, there, busy), limit=limit, after=cursor))


@router.put("/seats/{agent_id}", response=shapes.Seat, auth=setup.SET_UP, operation_id="seats.set")
def set_seat(request: CallingRequest, agent_id: Id, new: shapes.ChangedSeat) -> HttpResponse:
    """Say how many open conversations an agent takes, and what they know."""
    insist_on_an_agent(request)
    if not accounts.can_answer(agent_id):
        raise NoSuchAgent
    seats.set_up(agent_id, capacity=new.capacity, skills=new.skills, by=request.actor)
    return answers.one(request, _seat(agent_id, sorting_out.seats(), sorting_out.open_by_agent()))


@router.put("/away", response=shapes.Away, operation_id="seats.set_away")
def away(request: CallingRequest, new: shapes.Away) -> HttpResponse:
    """Get no new conversations until one is back, or get them again: the agent the key stands for."""
    insist_on_an_agent(request)
    (seats.go_away if new.is_away else seats.come_back)(by=request.actor)
    return answers.one(request, new)


@setup.router.put("/rules/{rule_id}/place", response=Rule, auth=setup.SET_UP, operation_id="rules.move")
def move_rule(request: CallingRequest, rule_id: Id, new: shapes.Place) -> HttpResponse:
    """Let a rule be asked earlier or later than others."""
    insist_on_an_agent(request)
    rules.put_at(rule_id, new.place, by=request.actor)
    return answers.one(request, setup.rule_of(sorting_out.rule(rule_id)))


@directory.router.put(
    "/fields/{field_id}/place", response=shown.FieldDefinition, auth=setup.SET_UP, operation_id="fields.move"
)
def move_field(request: CallingRequest, field_id: Id, new: shapes.Place) -> HttpResponse:
    """Show a field earlier or later than others."""
    insist_on_an_agent(request)
    field_definitions.put_at(field_id, new.place, by=request.actor)
    return answers.one(request, directory.field_of(fields.definition(field_id)))


@views.router.put("/views/order", response={204: None}, operation_id="views.order")
def order_views(request: CallingRequest, new: shapes.ViewOrder) -> HttpResponse:
    """Put saved views in an order."""
    insist_on_an_agent(request)
    known = views_of(request.actor)
    rows = [known.find(key).saved for key in new.keys]
    if not all(rows):
        raise NoSuchView
    saving.order([row.pk for row in rows if row], by=request.actor)
    return HttpResponse(status=204)


@directory.router.post("/labels", response={201: Named}, operation_id="labels.create")
def create_label(request: CallingRequest, new: shapes.NewLabel) -> HttpResponse:
    """Make a label of conversations, or find the one of this name, whatever its case."""
    pk = once(request, lambda: labels.find_or_make(new.name, hue=new.hue).pk)
    row = next(row for row in reading.labels() if row.pk == pk)
    return answers.one(request, Named.of(row), status=201, location="/api/v1/labels")


def _held(team_id: int) -> Any:
    found = accounts.teams().filter(pk=team_id).prefetch_related("agents").first()
    if found is None:
        raise NoSuchTeam
    return found


def _team(request: CallingRequest, pk: int, *, status: int = 200) -> HttpResponse:
    location = "/api/v1/teams" if status == 201 else ""
    return answers.one(request, directory.team_of(_held(pk)), status=status, location=location)


def _seat(agent_id: int, there: Any, busy: Any) -> shapes.Seat:
    row = there.get(agent_id)
    return shapes.Seat(
        agent_id=agent_id, capacity=row.capacity if row else USUAL_CAPACITY, skills=row.skills if row else [],
        away_at=row.away_at if row else None, open=busy.get(agent_id, 0),
    )  # fmt: skip

"""Who and what there is: agents, teams, channels with their health, labels."""

from typing import Any

from django.http import HttpResponse
from ninja import Router

from regulars.accounts import selectors as accounts
from regulars.api.rest import answers
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest
from regulars.api.rest.shapes import Named, setup
from regulars.channels import selectors as channels
from regulars.channels.selectors import standing
from regulars.desk.selectors import fields as desk_fields
from regulars.desk.selectors import reading

router = Router(tags=["directory"])


@router.get("/agents", response=Page[setup.Agent], operation_id="agents.list")
def agents(request: CallingRequest, limit: Limit = 100, cursor: Cursor = "") -> HttpResponse:
    """The colleagues who may answer, by name."""

    def show(row: Any) -> setup.Agent:
        return setup.Agent(id=row.pk, name=str(row))

    return answers.one(request, answers.listed(accounts.answering_agents(), show, limit=limit, after=cursor))


@router.get("/teams", response=Page[setup.Team], operation_id="teams.list")
def teams(request: CallingRequest, limit: Limit = 100, cursor: Cursor = "") -> HttpResponse:
    """Every team, by name."""
    rows = accounts.teams().prefetch_related("agents")
    return answers.one(request, answers.listed(rows, team_of, limit=limit, after=cursor))


@router.get("/channels", response=Page[setup.Channel], operation_id="channels.list")
def ways(request: CallingRequest, limit: Limit = 100, cursor: Cursor = "") -> HttpResponse:
    """Every channel by name, and whether it works."""
    counts = {one.channel.pk: (one.waiting, one.dead) for one in standing.standings()}

    def show(row: Any) -> setup.Channel:
        return channel_of(row, *counts.get(row.pk, (0, 0)))

    return answers.one(request, answers.listed(channels.channels(), show, limit=limit, after=cursor))


@router.get("/labels", response=Page[Named], operation_id="labels.list")
def labels(request: CallingRequest, limit: Limit = 100, cursor: Cursor = "") -> HttpResponse:
    """Every label of conversations, by name."""
    return answers.one(request, answers.listed(reading.labels(), Named.of, limit=limit, after=cursor))


@router.get("/fields", response=Page[setup.FieldDefinition], operation_id="fields.list")
def fields(request: CallingRequest, limit: Limit = 100, cursor: Cursor = "") -> HttpResponse:
    """The company's own fields of conversations, in their order, those that were retired last."""
    return answers.one(request, answers.listed(desk_fields.every(), field_of, limit=limit, after=cursor))


def team_of(row: Any) -> setup.Team:
    """A team as it looks from outside."""
    members = sorted(agent.pk for agent in row.agents.all())
    return setup.Team(id=row.pk, name=row.name, is_open=row.is_open, agent_ids=members)


def channel_of(row: Any, waiting: int = 0, dead: int = 0) -> setup.Channel:
    """A channel as it looks from outside."""
    return setup.Channel(
        id=row.pk, kind=row.kind, name=row.name, address=row.address, team_id=row.team_id,
        is_paused=row.paused_at is not None, worked_at=row.worked_at, trouble=row.trouble,
        trouble_at=row.trouble_at, out_trouble=row.out_trouble, out_trouble_at=row.out_trouble_at,
        waiting=waiting, dead=dead,
    )  # fmt: skip


def field_of(row: Any) -> setup.FieldDefinition:
    """A field as it looks from outside."""
    choices = [
        setup.Choice(key=each["key"], label=each["label"], is_retired=bool(each.get("is_retired")))
        for each in row.choices
    ]
    return setup.FieldDefinition(
        id=row.pk, key=row.key, label=row.label, kind=row.kind, help=row.help, choices=choices,
        is_required=row.is_required, team_ids=row.team_ids, is_retired=row.retired_at is not None,
    )  # fmt: skip

"""How the desk is set up: hours and targets, and rules with what they did and would do."""

from typing import Any

from django.http import HttpResponse
from ninja import Router

from regulars.api.rest import answers
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest, Door
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes import setup as shapes
from regulars.api.rest.shapes.conversations import PRIORITY_NAMES
from regulars.desk.hours.words import as_json
from regulars.desk.selectors import policies, sorting_out, trials

router = Router(tags=["setup"])
SET_UP = Door("manage_desk")


@router.get("/targets", response=shapes.Policy, operation_id="targets.read")
def targets(request: CallingRequest) -> HttpResponse:
    """The business hours and the targets in force."""
    now = policies.in_force()
    hours = [shapes.Hours(name=name, **as_json(one)) for name, one in now.policy.hours.items()]
    shown = shapes.Policy(
        version=now.number, since=now.since, usual_hours=now.policy.usual, warn_seconds=now.policy.warn_seconds,
        hours=hours, targets=[_target(one) for one in now.policy.targets],
    )  # fmt: skip
    return answers.one(request, shown)


@router.get("/rules", response=Page[shapes.Rule], auth=SET_UP, operation_id="rules.list")
def rules(request: CallingRequest, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """Every rule, in the order in which they are asked."""
    return answers.one(request, answers.listed(sorting_out.rules(), rule_of, limit=limit, after=cursor))


@router.get("/rules/{rule_id}", response=shapes.Rule, auth=SET_UP, operation_id="rules.read")
def rule(request: CallingRequest, rule_id: Id) -> HttpResponse:
    """One rule."""
    return answers.one(request, rule_of(sorting_out.rule(rule_id)))


@router.get("/rules/{rule_id}/trial", response=shapes.Trial, auth=SET_UP, operation_id="rules.trial")
def trial(request: CallingRequest, rule_id: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """A dry run: the conversations a rule's conditions fit now. Nothing is done in any of them."""
    tree = sorting_out.rule(rule_id).conditions
    found = trials.trial(tree, by=request.actor, start=answers.place(cursor), limit=limit)
    ids, after = [row.pk for row in found.page.rows], found.page.after
    next_page = answers.cursor(after) if after else None
    return answers.one(request, shapes.Trial(count=found.count, conversation_ids=ids, next=next_page))


@router.get("/rules/{rule_id}/firings", response=Page[shapes.Firing], auth=SET_UP, operation_id="rules.firings")
def firings(request: CallingRequest, rule_id: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """When it fired and what it did, the latest first; the last 1,000 times."""
    rows = sorting_out.firings(sorting_out.rule(rule_id).pk, limit=1000)
    return answers.one(request, answers.listed(rows, shapes.Firing.of, limit=limit, after=cursor))


def _target(one: Any) -> shapes.Target:
    return shapes.Target(
        name=one.name, hours=one.hours, first_seconds=one.seconds.get("first"), next_seconds=one.seconds.get("next"),
        resolution_seconds=one.seconds.get("resolution"),
        priorities=[PRIORITY_NAMES[level] for level in sorted(one.priorities)], kinds=sorted(one.kinds),
        channel_ids=sorted(one.channels), team_ids=sorted(one.teams), labels=sorted(one.labels),
    )  # fmt: skip


def rule_of(row: Any) -> shapes.Rule:
    """A rule as it looks from outside."""
    return shapes.Rule(
        id=row.pk, name=row.name, triggers=row.triggers, conditions=row.conditions,
        deeds=[shapes.Deed(**deed) for deed in row.deeds], is_last=row.is_last, is_paused=row.paused_at is not None,
        fired=row.fired, last_fired_at=row.last_fired,
    )  # fmt: skip

"""Setting the desk up: views, macros, rules, fields, hours and targets are made and changed.

Each change is somebody's: a key has to stand for an agent, whose role decides what they may. A path belongs to one
router, so these calls stand on the routers of what reads the same.
"""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse

from regulars.api.rest import answers, directory, setup, views
from regulars.api.rest.conversations import held_unchanged, now
from regulars.api.rest.doors import CallingRequest, insist_on_an_agent
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes import conversations as conversation_shapes
from regulars.api.rest.shapes import setting_up as shapes
from regulars.api.rest.shapes import setup as shown
from regulars.api.rest.shapes.conversations import PRIORITIES
from regulars.api.rest.views import Key
from regulars.desk.actions import field_definitions, macro_using, macros, policies, rules
from regulars.desk.actions import views as saving
from regulars.desk.errors import NoSuchView
from regulars.desk.hours.words import from_json
from regulars.desk.selectors import fields, sorting_out, wording
from regulars.desk.selectors.views import views_of
from regulars.desk.targets import FIRST, NEXT, RESOLUTION, Policy, Target


@views.router.post("/views", response={201: shown.View}, tags=["views"], operation_id="views.create")
def create_view(request: CallingRequest, new: shapes.NewView) -> HttpResponse:
    """Save a way of looking at the inbox; for everybody only by whoever may set up the desk."""
    insist_on_an_agent(request)
    pk = once(request, lambda: saving.create(
        new.name, tree=new.conditions, sort=new.sort, is_shared=new.is_shared, by=request.actor
    ).pk)  # fmt: skip
    key = f"view-{pk}"
    return _view(request, key, status=201, location=f"/api/v1/views/{key}/conversations")


@views.router.patch("/views/{key}", response=shown.View, tags=["views"], operation_id="views.change")
@transaction.atomic
def change_view(request: CallingRequest, key: Key, new: shapes.ChangedView) -> HttpResponse:
    """Change a saved view. Those everybody has from the start stay as they are."""
    insist_on_an_agent(request)
    row = _saved(request, key)
    saving.change(
        row.pk, name=_or(new.name, row.name), tree=_or(new.conditions, row.conditions), sort=_or(new.sort, row.sort),
        by=request.actor,
    )  # fmt: skip
    if new.is_shared is not None and new.is_shared != (row.agent_id is None):
        saving.share(row.pk, is_shared=new.is_shared, by=request.actor)
    return _view(request, key)


@views.router.delete("/views/{key}", response={204: None}, tags=["views"], operation_id="views.delete")
def delete_view(request: CallingRequest, key: Key) -> HttpResponse:
    """Throw a saved view away; the conversations in it stay as they are."""
    insist_on_an_agent(request)
    saving.delete(_saved(request, key).pk, by=request.actor)
    return HttpResponse(status=204)


@views.router.post("/macros", response={201: shown.Macro}, tags=["macros"], operation_id="macros.create")
def create_macro(request: CallingRequest, new: shapes.NewMacro) -> HttpResponse:
    """Write a macro: everybody's, a team's, or the agent's own."""
    insist_on_an_agent(request)
    pk = once(request, lambda: macros.write(
        new.name, new.text, done=_deeds(new.deeds), is_note=new.is_note, is_shared=new.is_shared, team_id=new.team_id,
        by=request.actor,
    ).pk)  # fmt: skip
    return _macro(request, pk, status=201)


@views.router.patch("/macros/{macro_id}", response=shown.Macro, tags=["macros"], operation_id="macros.change")
@transaction.atomic
def change_macro(request: CallingRequest, macro_id: Id, new: shapes.ChangedMacro) -> HttpResponse:
    """Change what a macro says or does, and whose it is."""
    insist_on_an_agent(request)
    row = wording.macro(macro_id, by=request.actor)
    done = _deeds(new.deeds) if new.deeds is not None else row.deeds
    macros.write(
        _or(new.name, row.name), _or(new.text, row.text), done=done,
        is_note=_or(new.is_note, row.is_note), is_shared=_or(new.is_shared, row.agent_id is None),
        team_id=new.team_id if "team_id" in new.model_fields_set else row.team_id, macro_id=macro_id, by=request.actor,
    )  # fmt: skip
    return _macro(request, macro_id)


@views.router.delete("/macros/{macro_id}", response={204: None}, tags=["macros"], operation_id="macros.retire")
def retire_macro(request: CallingRequest, macro_id: Id) -> HttpResponse:
    """Offer a macro no more; what was done with it stays."""
    insist_on_an_agent(request)
    macros.retire(macro_id, is_retired=True, by=request.actor)
    return HttpResponse(status=204)


@views.router.post(
    "/conversations/{conversation_id}/macros/{macro_id}",
    response=conversation_shapes.Conversation,
    tags=["macros"],
    operation_id="macros.use",
)
@transaction.atomic
def use_macro(request: CallingRequest, conversation_id: Id, macro_id: Id) -> HttpResponse:
    """Do all that a macro does, or nothing. Its text is not sent: preview it and send that."""
    insist_on_an_agent(request)
    held = held_unchanged(request, conversation_id)

    def use() -> int:
        macro_using.use(held, macro_id, key=f"api:{uuid4().hex}", by=request.actor)
        return held

    return now(request, once(request, use))


@setup.router.post("/rules", response={201: shown.Rule}, auth=setup.SET_UP, operation_id="rules.create")
def create_rule(request: CallingRequest, new: shapes.NewRule) -> HttpResponse:
    """Write a rule. It is obeyed from now on, after those there are; try it first by pausing it."""
    insist_on_an_agent(request)
    pk = once(request, lambda: rules.write(
        new.name, triggers=new.triggers, tree=new.conditions, done=_deeds(new.deeds), is_last=new.is_last,
        by=request.actor,
    ).pk)  # fmt: skip
    return _rule(request, pk, status=201)


@setup.router.patch("/rules/{rule_id}", response=shown.Rule, auth=setup.SET_UP, operation_id="rules.change")
@transaction.atomic
def change_rule(request: CallingRequest, rule_id: Id, new: shapes.ChangedRule) -> HttpResponse:
    """Change a rule, let it rest or wake it."""
    insist_on_an_agent(request)
    row = sorting_out.rule(rule_id)
    rules.write(
        _or(new.name, row.name), triggers=_or(new.triggers, row.triggers), tree=_or(new.conditions, row.conditions),
        done=_deeds(new.deeds) if new.deeds is not None else row.deeds, is_last=_or(new.is_last, row.is_last),
        rule_id=rule_id, by=request.actor,
    )  # fmt: skip
    if new.is_paused is not None and new.is_paused != (row.paused_at is not None):
        rules.pause(rule_id, is_paused=new.is_paused, by=request.actor)
    return _rule(request, rule_id)


@setup.router.delete("/rules/{rule_id}", response={204: None}, auth=setup.SET_UP, operation_id="rules.delete")
def delete_rule(request: CallingRequest, rule_id: Id) -> HttpResponse:
    """Throw a rule away; what it did stays on record."""
    insist_on_an_agent(request)
    rules.throw_away(rule_id, by=request.actor)
    return HttpResponse(status=204)


@setup.router.put("/targets", response=shown.Policy, auth=setup.SET_UP, operation_id="targets.keep")
def keep_targets(request: CallingRequest, new: shapes.NewPolicy) -> HttpResponse:
    """Let these hours and targets hold from now on, and no others. What is promised already stays promised."""
    insist_on_an_agent(request)
    policy = Policy(
        hours={one.name: from_json(one.model_dump()) for one in new.hours},
        targets=tuple(_target(one) for one in new.targets),
        usual=new.usual_hours,
        warn_seconds=new.warn_seconds,
    )
    policies.keep(policy, seen=new.version, by=request.actor)
    return setup.targets(request)


@directory.router.post(
    "/fields", response={201: shown.FieldDefinition}, auth=setup.SET_UP, operation_id="fields.create"
)
def create_field(request: CallingRequest, new: shapes.NewField) -> HttpResponse:
    """Define a field; its key is made of its label and stays when that changes."""
    insist_on_an_agent(request)
    pk = once(request, lambda: field_definitions.define(
        new.label, new.kind, help=new.help, choices=[one.model_dump() for one in new.choices],
        is_required=new.is_required, team_ids=new.team_ids, by=request.actor,
    ).pk)  # fmt: skip
    return _field(request, pk, status=201)


@directory.router.patch(
    "/fields/{field_id}", response=shown.FieldDefinition, auth=setup.SET_UP, operation_id="fields.change"
)
@transaction.atomic
def change_field(request: CallingRequest, field_id: Id, new: shapes.ChangedField) -> HttpResponse:
    """Change all of a field but its key and its kind, ask for it no more, or again."""
    insist_on_an_agent(request)
    row = fields.definition(field_id)
    field_definitions.change(
        field_id, label=_or(new.label, row.label), help=_or(new.help, row.help),
        choices=[one.model_dump() for one in new.choices] if new.choices is not None else row.choices,
        is_required=_or(new.is_required, row.is_required), team_ids=_or(new.team_ids, row.team_ids), by=request.actor,
    )  # fmt: skip
    if new.is_retired is not None and new.is_retired != (row.retired_at is not None):
        field_definitions.retire(field_id, is_retired=new.is_retired, by=request.actor)
    return _field(request, field_id)


def _or(given: Any, before: Any) -> Any:
    return before if given is None else given


def _deeds(given: Iterable[shown.Deed]) -> list[dict[str, str]]:
    return [one.model_dump() for one in given]


def _saved(request: CallingRequest, key: str) -> Any:
    view = views_of(request.actor).find(key)
    if view.saved is None:
        raise NoSuchView
    return view.saved


def _target(one: shown.Target) -> Target:
    seconds = {FIRST: one.first_seconds, NEXT: one.next_seconds, RESOLUTION: one.resolution_seconds}
    return Target(
        name=one.name, hours=one.hours, seconds={kind: each for kind, each in seconds.items() if each is not None},
        priorities=frozenset(PRIORITIES[level] for level in one.priorities), kinds=frozenset(one.kinds),
        channels=frozenset(one.channel_ids), teams=frozenset(one.team_ids), labels=frozenset(one.labels),
    )  # fmt: skip


def _view(request: CallingRequest, key: str, *, status: int = 200, location: str = "") -> HttpResponse:
    return answers.one(request, views.view_of(views_of(request.actor).find(key)), status=status, location=location)


def _macro(request: CallingRequest, pk: int, *, status: int = 200) -> HttpResponse:
    row = wording.macro(pk, by=request.actor)
    return answers.one(request, views.macro_of(row), status=status, location="/api/v1/macros" if status == 201 else "")


def _rule(request: CallingRequest, pk: int, *, status: int = 200) -> HttpResponse:
    location = f"/api/v1/rules/{pk}" if status == 201 else ""
    return answers.one(request, setup.rule_of(sorting_out.rule(pk)), status=status, location=location)


def _field(request: CallingRequest, pk: int, *, status: int = 200) -> HttpResponse:
    shown_as = directory.field_of(fields.definition(pk))
    return answers.one(request, shown_as, status=status, location="/api/v1/fields" if status == 201 else "")

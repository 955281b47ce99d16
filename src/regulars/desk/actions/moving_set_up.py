"""How the desk was set up elsewhere, set up here: labels, fields and macros. What is here already stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from regulars.desk.actions import field_definitions, labels, macros
from regulars.desk.models import FieldDefinition, Label, Macro
from regulars.desk.moving.forms import Misfit, SetUp
from regulars.desk.moving.records import names, records, words
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import DomainError

if TYPE_CHECKING:
    from regulars.desk.actions.moving import Move

Record = Mapping[str, Any]


def take(found: SetUp, move: Move) -> None:
    """Each by itself: one that cannot be set up is named and stops no other."""
    for each in found.labels:
        _take(f"label {words(each.get('name'))}", lambda one=each: _label(one, move), move)
    for each in found.fields:
        _take(f"field {words(each.get('key'))}", lambda one=each: _field(one, found, move), move)
    for each in found.macros:
        _take(f"macro {words(each.get('name'))}", lambda one=each: _macro(one, found, move), move)


def _take(where: str, make: Any, move: Move) -> None:
    try:
        with transaction.atomic():
            move.moved.set_up += bool(make())
    except DomainError as refusal:
        move.misfit(Misfit(where, "set up", str(refusal)))


def _label(one: Record, move: Move) -> bool:
    name, hue = words(one.get("name")), one.get("hue")
    if Label.objects.filter(name__iexact=name).exists():
        return False
    if not move.is_dry:
        made = labels.find_or_make(name)
        if isinstance(hue, int) and 0 <= hue <= 360:
            Label.objects.filter(pk=made.pk).update(hue=hue)
    return True


def _field(one: Record, found: SetUp, move: Move) -> bool:
    key = words(one.get("key"))
    if one.get("retired_at") or FieldDefinition.objects.filter(key=key).exists():
        return False
    if move.is_dry:
        return True
    choices = [each for each in records(one.get("choices")) if words(each.get("key")) and words(each.get("label"))]
    teams = [team for each in names(one.get("team_ids")) if (team := _team(each, found, move))]
    made = field_definitions.define(
        words(one.get("label")), words(one.get("kind")), by=SYSTEM, key=key, help=words(one.get("help")),
        choices=[{"label": words(each["label"])} for each in choices if not each.get("is_retired")],
        is_required=one.get("is_required") is True, team_ids=teams,
    )  # fmt: skip
    made.choices = [  # under the keys conversations name them by
        {"key": words(each["key"]), "label": words(each["label"]), "is_retired": each.get("is_retired") is True}
        for each in choices
    ]
    made.save(update_fields=["choices"])
    return True


def _macro(one: Record, found: SetUp, move: Move) -> bool:
    """Everybody's, a team's, or a colleague's own where they are here under their address."""
    name, owner, team = words(one.get("name")), words(one.get("agent_id")), words(one.get("team_id"))
    agent_id, team_id = _agent(owner, found, move) if owner else None, _team(team, found, move) if team else None
    if one.get("retired_at") or Macro.objects.filter(name=name, agent=agent_id, team=team_id).exists():
        return False
    if (owner and not agent_id) or (team and not team_id):
        move.misfit(Misfit(f"macro {name}", "set up", "Whose it was is not here."))
        return False
    if not move.is_dry:
        by = Actor("agent", agent_id) if agent_id else SYSTEM
        done = [deed for each in records(one.get("deeds")) if (deed := _deed(each, name, found, move))]
        macros.write(
            name, words(one.get("text")), by=by, done=done, is_note=one.get("is_note") is True,
            is_shared=not agent_id, team_id=team_id,
        )  # fmt: skip
    return True


def _deed(one: Record, name: str, found: SetUp, move: Move) -> dict[str, str] | None:
    """A deed with the numbers of here; without it the macro does the rest."""
    deed, value = words(one.get("deed")), words(one.get("value"))
    if deed in ("assign", "team") and value not in ("", "me"):
        here = _agent(value, found, move) if deed == "assign" else _team(value, found, move)
        if here is None:
            move.misfit(Misfit(f"macro {name}", "set up", f"{deed} {value}: not here."))
            return None
        value = str(here)
    return {"deed": deed, "value": value}


def _agent(number: str, found: SetUp, move: Move) -> int | None:
    known = move.us.agents.get(found.agents.get(number, "").lower())
    return known[0] if known else None


def _team(number: str, found: SetUp, move: Move) -> int | None:
    return move.us.teams.get(found.teams.get(number, "").lower())

"""Labels, companies, fields and macros as they are moved in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.customers.actions import moved as customers
from regulars.desk.actions import field_definitions, labels, macros
from regulars.desk.actions.moving_here import Here, NotHere
from regulars.desk.actions.moving_places import Kept
from regulars.desk.models import FieldDefinition, Label, Macro
from regulars.desk.moving.forms import Misfit
from regulars.desk.moving.records import Record, names, record, records, words
from regulars.desk.selectors import label_list
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import DomainError

if TYPE_CHECKING:
    from regulars.desk.actions.moving import Move


def company(one: Record, here: Here, move: Move) -> bool:
    """A company by what the company's own systems call it."""
    external_id = words(one.get("external_id"))
    if not external_id:
        return False
    said = {"name": words(one.get("name"))[:200], "attributes": record(one.get("attributes"))}
    pk, is_new = customers.company(external_id, **said)
    here.companies[words(one.get("id"))] = pk
    return is_new


def customer_label(one: Record, here: Here, move: Move) -> bool:
    """A word on customers."""
    pk, is_new = customers.label(words(one.get("name")), hue=_hue(one))
    here.customer_labels[words(one.get("id"))] = pk
    return is_new


def label(one: Record, here: Here, move: Move) -> bool:
    """A word on conversations; its colour only when it is new. One that was joined into another is its other name."""
    name = words(one.get("name"))
    if into := words(one.get("joined_into")):
        return _other_name(one, name, into, here)
    is_new = label_list.named(name) is None
    row = labels.find_or_make(name)
    here.labels[words(one.get("id"))] = row.pk
    if is_new and isinstance(one.get("hue"), int):
        Label.objects.filter(pk=row.pk).update(hue=_hue(one))
    return is_new


def _other_name(one: Record, name: str, into: str, here: Here) -> bool:
    """Unless the word means something here already."""
    known = label_list.named(name)
    row = known or labels.call_also(into, name, hue=_hue(one))
    here.labels[words(one.get("id"))] = row.pk
    return known is None


def field(one: Record, here: Here, move: Move) -> bool:
    """A field under the key by which conversations name it, with the choices under theirs."""
    key, kind = words(one.get("key")), words(one.get("kind"))
    known = FieldDefinition.objects.filter(key=key).first()
    choices = [
        {"key": words(each["key"]), "label": words(each["label"]), "is_retired": each.get("is_retired") is True}
        for each in records(one.get("choices")) if words(each.get("key")) and words(each.get("label"))
    ]  # fmt: skip
    if known is not None:
        if (known.kind, known.label, known.choices) != (kind, words(one.get("label")), choices):
            raise Kept(words(one.get("label")))
        return False
    made = field_definitions.define(
        words(one.get("label")), kind, by=SYSTEM, key=key, help=words(one.get("help")),
        choices=[{"label": each["label"]} for each in choices if not each["is_retired"]],
        is_required=one.get("is_required") is True,
        team_ids=[here.number("teams", each) for each in names(one.get("team_ids"))],
    )  # fmt: skip
    made.choices = choices
    made.save(update_fields=["choices"])
    if one.get("retired_at"):
        field_definitions.retire(made.pk, is_retired=True, by=SYSTEM)
    return True


def macro(one: Record, here: Here, move: Move) -> bool:
    """Everybody's, a team's, or a colleague's own where they are here under their address."""
    name, owner, team = words(one.get("name")), words(one.get("agent_id")), words(one.get("team_id"))
    try:
        agent_id = here.number("agents", owner) if owner else None
        team_id = here.number("teams", team) if team else None
    except NotHere as error:
        raise DomainError("Whose it was is not here.") from error
    said = {"text": words(one.get("text")).strip(), "deeds": _deeds(one, f"macro {name}", here, move),
            "is_note": one.get("is_note") is True}  # fmt: skip
    known = Macro.objects.filter(name=name, agent=agent_id, team=team_id).order_by("pk").first()
    if known is not None:
        here.macros[words(one.get("id"))] = known.pk
        if (known.text, known.deeds, known.is_note) != tuple(said.values()):
            raise Kept(words(one.get("text"))[:200])
        return False
    made = macros.write(
        name, said["text"], by=Actor("agent", agent_id) if agent_id else SYSTEM, done=said["deeds"],
        is_note=said["is_note"], is_shared=not agent_id, team_id=team_id,
    )  # fmt: skip
    here.macros[words(one.get("id"))] = made.pk
    if one.get("retired_at"):
        macros.retire(made.pk, is_retired=True, by=Actor("agent", agent_id) if agent_id else SYSTEM)
    return True


def _deeds(one: Record, where: str, here: Here, move: Move) -> list[dict[str, str]]:
    """With the numbers of here; without one that means somebody who is not here the macro does the rest."""
    done: list[dict[str, str]] = []
    for each in records(one.get("deeds")):
        try:
            done.append(here.deed(each))
        except NotHere as why:
            move.misfit(Misfit(where, "set up", f"{words(each.get('deed'))}: {why}: not here."))
    return done


def _hue(one: Record) -> int:
    hue = one.get("hue")
    return hue if isinstance(hue, int) and 0 <= hue <= 360 else 212

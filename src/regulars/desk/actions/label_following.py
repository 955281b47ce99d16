"""Whatever names a label follows it: under another name, or into another label."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from regulars.channels.actions import forms as changing_forms
from regulars.channels.selectors import forms
from regulars.customers.selectors import labels as customer_labels
from regulars.desk.actions import policies
from regulars.desk.models import Label, Macro, Rule, Seat, View
from regulars.desk.selectors import label_uses
from regulars.desk.selectors import policies as standing
from regulars.kernel.actors import Actor

Deeds = list[dict[str, Any]]


def into_name(row: Label, word: str, *, by: Actor) -> None:
    """Whatever says the old name says the new one. Conditions name a label by its number and need nothing."""
    for model in (Rule, Macro):
        for one in model.objects.select_for_update().order_by("pk"):
            _keep(one, deeds=[_renamed(deed, row, word) for deed in one.deeds])
    _follow_by_name(row, word, by=by)


def into_label(row: Label, other: Label, *, by: Actor) -> None:
    """Whatever names the one names the other, by name or by number, and once where it named both."""
    for rule in Rule.objects.select_for_update().order_by("pk"):
        _keep(rule, deeds=_joined(rule.deeds, row, other), conditions=_asking(rule.conditions, row.pk, other.pk))
    for macro in Macro.objects.select_for_update().order_by("pk"):
        _keep(macro, deeds=_joined(macro.deeds, row, other))
    for view in View.objects.select_for_update().order_by("pk"):
        _keep(view, conditions=_asking(view.conditions, row.pk, other.pk))
    _follow_by_name(row, other.name, by=by)


def _keep(one: Rule | Macro | View, **said: Any) -> None:
    changed = {name: value for name, value in said.items() if value != getattr(one, name)}
    for name, value in changed.items():
        setattr(one, name, value)
    if changed:
        one.save(update_fields=list(changed))


def _renamed(deed: dict[str, Any], row: Label, word: str) -> dict[str, Any]:
    is_meant = deed["deed"] == "label" and label_uses.same(deed.get("value"), row.name)
    return {**deed, "value": word} if is_meant else deed


def _joined(deeds: Sequence[dict[str, Any]], row: Label, other: Label) -> Deeds:
    """Deeds as they are about the other one, each once.

    Who put one on and took the other off wanted one of them on: what both have become stays on.
    """
    turned = [
        {**deed, "value": str(other.pk)} if label_uses.is_taken_off(deed, row) else _renamed(deed, row, other.name)
        for deed in deeds
    ]
    if turned == list(deeds):
        return turned
    is_put_on = label_uses.puts_on(turned, other)
    kept = [deed for deed in turned if not (is_put_on and label_uses.is_taken_off(deed, other))]
    return [deed for place, deed in enumerate(kept) if deed not in kept[:place]]


def _asking(tree: Any, number: int, other: int) -> Any:
    """Conditions that ask for the other label where they asked for this one."""
    if isinstance(tree, list):
        return [_asking(each, number, other) for each in tree]
    if not isinstance(tree, dict):
        return tree
    if tree.get("field") == "label" and isinstance(tree.get("value"), list):
        return {**tree, "value": list(dict.fromkeys(other if each == number else each for each in tree["value"]))}
    return {name: _asking(each, number, other) for name, each in tree.items()}


def _follow_by_name(row: Label, word: str, *, by: Actor) -> None:
    for seat in Seat.objects.select_for_update().order_by("pk"):
        meant = {skill for skill in seat.skills if label_uses.same(skill, row.name)}
        doubled = {skill for skill in seat.skills if meant and label_uses.same(skill, word)}
        skills = sorted({*seat.skills} - meant - doubled | ({word} if meant else set()), key=str.casefold)
        if skills != seat.skills:
            seat.skills = skills
            seat.save(update_fields=["skills"])
    for door in forms.doors():
        if label_uses.same(door.form.label, row.name):
            form = replace(door.form, label=word)
            changing_forms.change(door.id, form, by=by, team_id=door.channel.team_id)
    _follow_in_targets(row, word, by=by)


def _follow_in_targets(row: Label, word: str, *, by: Actor) -> None:
    """A target's word means the customer's label as well: where there is one, the old word stays beside the new."""
    now = standing.in_force()
    kept = {name for name in customer_labels.names() if label_uses.same(name, row.name)}
    targets = [
        replace(one, labels=frozenset(
            {word if label_uses.same(label, row.name) else label for label in one.labels} | kept
        )) if any(label_uses.same(label, row.name) for label in one.labels) else one
        for one in now.policy.targets
    ]  # fmt: skip
    policies.keep(replace(now.policy, targets=type(now.policy.targets)(targets)), seen=now.number, by=by)

"""Labels are made, get another name or colour, or are taken away, with all that names them."""

from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction

from regulars.accounts import audit_verbs, permission
from regulars.accounts.actions import audit
from regulars.channels.actions import forms as changing_forms
from regulars.channels.selectors import forms
from regulars.customers.selectors import labels as customer_labels
from regulars.desk.actions import labels, policies
from regulars.desk.errors import LabelInUse, LabelNameTaken, NoSuchLabel
from regulars.desk.models import Label, Macro, Rule, Seat
from regulars.desk.selectors import label_uses
from regulars.desk.selectors import policies as standing
from regulars.kernel.actors import Actor


@transaction.atomic
def make(name: str, *, hue: int, by: Actor) -> Label:
    """Make a label before any conversation bears it; one of this name is not taken for it."""
    permission.require("manage_desk", by=by)
    row = Label(name=labels.usable(name), hue=labels.usable_hue(hue))
    _refuse_taken(row.name)
    _keep(row)
    audit.note(audit_verbs.LABEL_MADE, by=by, subject=f"label:{row.pk}", details={"name": row.name})
    return row


@transaction.atomic
def change(label_id: int, *, by: Actor, name: str | None = None, hue: int | None = None) -> Label:
    """Give a label another name or colour; what puts it on or asks for it by its name follows.

    Conditions name it by its number and need nothing. Facts keep the words of their time; the episodes
    of conversations count under the new name from the next thing that happens in them.
    """
    row = _held(label_id, by=by)
    before = (row.name, row.hue)
    word = row.name if name is None else labels.usable(name)
    row.hue = row.hue if hue is None else labels.usable_hue(hue)
    if word != before[0]:
        _refuse_taken(word, but=row)
        _follow(row, word, by=by)
    row.name = word
    if (row.name, row.hue) != before:
        _keep(row)
        moved = {"from": before[0], "to": word} if word != before[0] else {}
        audit.note(audit_verbs.LABEL_CHANGED, by=by, subject=f"label:{row.pk}", details={"name": word, **moved})
    return row


@transaction.atomic
def remove(label_id: int, *, by: Actor) -> int:
    """Take a label off every conversation and away; answers how many bore it.

    It cannot be taken back. While a rule or a form puts it on it stays, because they would make it again.
    """
    row = _held(label_id, by=by)
    makers = [use.name for use in label_uses.uses(row, by=by) if use.would_make_it]
    if makers:
        raise LabelInUse(makers)
    count = label_uses.borne_by(row.pk)
    row.delete()
    audit.note(audit_verbs.LABEL_REMOVED, by=by, subject=f"label:{label_id}", details={"name": row.name})
    return count


def _held(label_id: int, *, by: Actor) -> Label:
    permission.require("manage_desk", by=by)
    row = Label.objects.select_for_update().filter(pk=label_id).first()
    if row is None:
        raise NoSuchLabel
    return row


def _refuse_taken(word: str, *, but: Label | None = None) -> None:
    if Label.objects.filter(name__iexact=word).exclude(pk=but.pk if but else None).exists():
        raise LabelNameTaken


def _keep(row: Label) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as taken:  # made by somebody at this very moment
        raise LabelNameTaken from taken


def _follow(row: Label, word: str, *, by: Actor) -> None:
    """Whatever says the old name says the new one."""
    for model in (Rule, Macro):
        for one in model.objects.select_for_update().order_by("pk"):
            if label_uses.puts_on(one.deeds, row):
                one.deeds = [_renamed(deed, row, word) for deed in one.deeds]
                one.save(update_fields=["deeds"])
    for seat in Seat.objects.select_for_update().order_by("pk"):
        skills = sorted(
            {word if label_uses.same(skill, row.name) else skill for skill in seat.skills}, key=str.casefold
        )
        if skills != seat.skills:
            seat.skills = skills
            seat.save(update_fields=["skills"])
    for door in forms.doors():
        if label_uses.same(door.form.label, row.name):
            form = replace(door.form, label=word)
            changing_forms.change(door.id, form, by=by, team_id=door.channel.team_id)
    _follow_in_targets(row, word, by=by)


def _renamed(deed: dict[str, Any], row: Label, word: str) -> dict[str, Any]:
    is_meant = deed["deed"] == "label" and label_uses.same(deed.get("value"), row.name)
    return {**deed, "value": word} if is_meant else deed


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

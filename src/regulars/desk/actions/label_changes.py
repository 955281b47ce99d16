"""Labels are made, get another name or colour, or are taken away, with all that names them."""

from django.db import IntegrityError, transaction

from regulars.accounts import audit_verbs, permission
from regulars.accounts.actions import audit
from regulars.desk.actions import label_following, labels
from regulars.desk.errors import LabelInUse, LabelNameTaken, NoSuchLabel
from regulars.desk.models import Label
from regulars.desk.selectors import label_uses
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
        label_following.into_name(row, word, by=by)
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
    row = Label.objects.select_for_update().filter(pk=label_id, joined_into=None).first()
    if row is None:
        raise NoSuchLabel
    return row


def _refuse_taken(word: str, *, but: Label | None = None) -> None:
    if Label.objects.filter(name__iexact=word, joined_into=None).exclude(pk=but.pk if but else None).exists():
        raise LabelNameTaken


def _keep(row: Label) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as taken:  # made by somebody at this very moment
        raise LabelNameTaken from taken

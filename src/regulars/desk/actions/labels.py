"""Labels: words agents put on conversations."""

import hashlib

from django.db import transaction
from django.db.models import Q

from regulars.desk import verbs
from regulars.desk.actions import holding, steps
from regulars.desk.errors import LabelNotUsable, NoSuchLabel
from regulars.desk.models import Conversation, Label
from regulars.desk.selectors import label_list
from regulars.kernel import clock
from regulars.kernel.actors import Actor

LONGEST = 60
HUES = (30, 75, 120, 155, 212, 260, 300, 340)


@transaction.atomic
def put(conversation_id: int, name: str, *, by: Actor, batch: str = "") -> Label:
    """Put a label on a conversation, making it when it is new; a second time changes nothing."""
    held = holding.hold(conversation_id, by=by)
    return put_on(held, name, by=by, batch=batch)


def put_on(held: Conversation, name: str, *, by: Actor, batch: str = "") -> Label:
    """Put a label on a held conversation."""
    label = find_or_make(name)
    if not held.labels.filter(pk=label.pk).exists():
        held.labels.add(label)
        _record(held, verbs.LABELLED, label, by=by, batch=batch)
    return label


@transaction.atomic
def take_off(conversation_id: int, label_id: int, *, by: Actor, batch: str = "") -> None:
    """Take a label off a conversation; one it does not wear changes nothing."""
    held = holding.hold(conversation_id, by=by)
    label = held.labels.filter(Q(pk=label_id) | Q(joined=label_id)).first()
    if label is not None:
        held.labels.remove(label)
        _record(held, verbs.UNLABELLED, label, by=by, batch=batch)


def find_or_make(name: str, *, hue: int | None = None) -> Label:
    """The label of this name, whatever its case; made when there is none, in this colour or one of its name's.

    The name of a joined one means the one it was joined into.
    """
    word = usable(name)
    label = label_list.named(word)
    if label is None:
        own = _hue(word) if hue is None else usable_hue(hue)
        Label.objects.bulk_create([Label(name=word, hue=own)], ignore_conflicts=True)
        label = Label.objects.get(name__iexact=word, joined_into=None)
    return label


def call_also(known: str, name: str, *, hue: int) -> Label:
    """Let a word that means nothing yet mean this label, too."""
    into = find_or_make(known)
    Label.objects.create(name=usable(name), hue=usable_hue(hue), joined_into=into, joined_at=clock.now())
    return into


def put_back(held: Conversation, label_id: int, name: str, *, by: Actor, batch: str = "") -> Label:
    """Put on what was taken off, whatever it is called by now."""
    known = Label.objects.select_related("joined_into").filter(pk=label_id).first()
    now = (known.joined_into or known) if known else None
    return put_on(held, now.name if now else name, by=by, batch=batch)


def take_back(held: Conversation, label_id: int, *, by: Actor, batch: str = "") -> None:
    """Take off what was put on, unless it was joined into another since: that one may be on for its own sake."""
    if Label.objects.filter(pk=label_id, joined_into__isnull=False).exists():
        raise NoSuchLabel
    take_off(held.pk, label_id, by=by, batch=batch)


def usable(name: str) -> str:
    """The name as it is kept."""
    word = " ".join(name.split())
    if not 1 <= len(word) <= LONGEST or "\x00" in word:
        raise LabelNotUsable
    return word


def usable_hue(hue: int) -> int:
    """The colour as it is kept."""
    if not 0 <= hue < 360:
        raise LabelNotUsable
    return hue


def _record(held: Conversation, verb: str, label: Label, *, by: Actor, batch: str) -> None:
    details = {"label_id": label.pk, "label": label.name}
    steps.record(held, verb, by=by, details=details, properties=details, batch=batch)


def _hue(word: str) -> int:
    """A colour that is the same wherever the label is made."""
    return HUES[hashlib.sha256(word.casefold().encode()).digest()[0] % len(HUES)]

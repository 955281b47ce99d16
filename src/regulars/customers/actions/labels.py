"""Labels: words agents put on customers."""

import hashlib
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from regulars.customers.actions import holding
from regulars.customers.errors import LabelNotUsable
from regulars.customers.models import Customer, Label
from regulars.kernel import facts
from regulars.kernel.actors import Actor
from regulars.kernel.fact_names import LABEL_ADDED, LABEL_REMOVED

LONGEST = 60
HUES = (30, 75, 120, 155, 212, 260, 300, 340)


@transaction.atomic
def put(customer_id: int, name: str, *, by: Actor) -> Label:
    """Put a label on a customer, making it when it is new; a second time changes nothing."""
    word = _readable(name)
    held = holding.hold_family(customer_id)
    label = Label.objects.filter(name__iexact=word).first()
    if label is None:
        label, _ = Label.objects.get_or_create(name=word, defaults={"hue": _hue(word)})
    if not _wearing(held, label).exists():
        held[0].labels.add(label)
        facts.record(LABEL_ADDED, customer_id=held[0].pk, properties={"label": label.name, "by": str(by)})
    return label


@transaction.atomic
def take_off(customer_id: int, label_id: int, *, by: Actor) -> None:
    """Take a label off a customer, whichever of the merged ones it had come to."""
    held = holding.hold_family(customer_id)
    label = Label.objects.filter(pk=label_id).first()
    if label is None:
        return
    worn = _wearing(held, label)
    if worn.exists():
        worn.delete()
        facts.record(LABEL_REMOVED, customer_id=held[0].pk, properties={"label": label.name, "by": str(by)})


def _wearing(held: list[Customer], label: Label) -> QuerySet[Any]:
    return Customer.labels.through.objects.filter(customer__in=held, label=label)


def _readable(name: str) -> str:
    word = " ".join(name.split())
    if not 1 <= len(word) <= LONGEST or "\x00" in word:
        raise LabelNotUsable
    return word


def _hue(word: str) -> int:
    """A colour that is the same wherever the label is made."""
    return HUES[hashlib.sha256(word.casefold().encode()).digest()[0] % len(HUES)]

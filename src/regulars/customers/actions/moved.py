"""What another installation knew of companies and customers, beside what recognises them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from regulars.customers.actions.consents import LONGEST
from regulars.customers.actions.labels import LONGEST as LONGEST_LABEL
from regulars.customers.models import Company, Consent, Customer, Label
from regulars.customers.purposes import PURPOSES
from regulars.kernel import clock


class Said(NamedTuple):
    """What a customer agreed to, or withdrew, once."""

    purpose: str
    is_given: bool
    at: datetime
    source: str
    text_version: str
    actor: str


def company(external_id: str, *, name: str, attributes: Mapping[str, Any]) -> tuple[int, bool]:
    """The company that the company's own systems call so, made when there is none; and whether it was made."""
    said = {"name": name, "attributes": attributes, "created_at": clock.now()}
    row, is_new = Company.objects.get_or_create(external_id=external_id, defaults=said)
    return row.pk, is_new


def label(name: str, *, hue: int) -> tuple[int, bool]:
    """The label of customers of this name, whatever its case; and whether it was made."""
    row = Label.objects.filter(name__iexact=name).first()
    if row is not None:
        return row.pk, False
    return Label.objects.create(name=name, hue=hue).pk, True


@transaction.atomic
def put_on(customer_id: int, names: Sequence[str]) -> None:
    """Labels of somebody new; one that cannot be a label is left out."""
    words = [word for name in names if 1 <= len(word := " ".join(name.split())) <= LONGEST_LABEL]
    Customer.objects.get(pk=customer_id).labels.add(*[label(word, hue=212)[0] for word in words])


def agree(customer_id: int, said: Sequence[Said]) -> None:
    """What somebody new agreed to elsewhere, as it was said there; the newest counts."""
    Consent.objects.bulk_create(
        Consent(
            customer_id=customer_id, purpose=one.purpose, is_given=one.is_given, at=one.at, actor=one.actor,
            source=one.source[:LONGEST], text_version=one.text_version[:LONGEST],
        )
        for one in said if one.purpose in PURPOSES
    )  # fmt: skip

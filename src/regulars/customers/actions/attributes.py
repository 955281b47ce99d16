"""What agents write about a customer by hand: their name and their attributes."""

from typing import Any

from django.db import transaction

from regulars.customers.actions import holding, profiles
from regulars.customers.errors import AttributeNotUsable, NameNotUsable

LONGEST_NAME = 200
LONGEST_ATTRIBUTE = 100
LONGEST_VALUE = 2_000


@transaction.atomic
def rename(customer_id: int, name: str) -> None:
    """Call the customer this from now on; an empty name falls back to their address."""
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME or not _is_storable(name):
        raise NameNotUsable
    customer = holding.hold(customer_id)
    profiles.apply_traits([profiles.Traits(customer.pk, name=name)])


@transaction.atomic
def write(customer_id: int, name: str, value: Any) -> None:
    """Keep one attribute, over what was there."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_ATTRIBUTE or not _is_storable(name) or not _is_usable(value):
        raise AttributeNotUsable
    customer = holding.hold(customer_id)
    profiles.apply_traits([profiles.Traits(customer.pk, attributes={name: value})])


@transaction.atomic
def remove(customer_id: int, name: str) -> None:
    """Take an attribute away, whichever of the merged ones it had come to."""
    for member in holding.hold_family(customer_id):
        if member.attributes.pop(name, None) is not None:
            member.save(update_fields=["attributes"])


def _is_usable(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_VALUE and _is_storable(value)
    return isinstance(value, int | float | bool)


def _is_storable(text: str) -> bool:
    """PostgreSQL keeps no NUL, and half of a surrogate pair is no letter."""
    return "\x00" not in text and not any(0xD800 <= ord(letter) <= 0xDFFF for letter in text)

"""Which languages customers speak, as their records say."""

from collections.abc import Sequence
from typing import Final

from regulars.customers.models import Customer

ATTRIBUTES: Final = ("language", "locale")  # where a house keeps it itself


def spoken_by(customer_ids: Sequence[int]) -> dict[int, str]:
    """The language of each of these whose record says one, as it is written there: their own, else their head's."""
    places = ("language", *(f"attributes__{name}" for name in ATTRIBUTES))
    columns = (*places, *(f"merged_into__{place}" for place in places))
    rows = Customer.objects.filter(pk__in=customer_ids).values_list("pk", *columns)
    said = {pk: next((word for word in words if isinstance(word, str) and word.strip()), "") for pk, *words in rows}
    return {pk: word for pk, word in said.items() if word}

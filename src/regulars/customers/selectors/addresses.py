"""Where a customer can be written to."""

from regulars.customers.models import Identity
from regulars.customers.selectors import families


def of(customer_id: int) -> list[dict[str, str]]:
    """The address a letter to this customer goes to, with their name: one, or none."""
    head_id = families.heads([customer_id]).get(customer_id)
    if head_id is None:
        return []
    person = families.family(head_id)
    address = person.head.email or _identity(person.ids)
    return [{"name": person.head.name, "address": address}] if address else []


def _identity(ids: list[int]) -> str:
    rows = Identity.objects.filter(customer__in=ids, kind=Identity.EMAIL).order_by("pk")
    return rows.values_list("value", flat=True).first() or ""

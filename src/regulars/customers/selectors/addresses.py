"""Where a customer can be written to."""

from regulars.customers.models import Customer, Identity
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


def every(customer_ids: list[int]) -> set[str]:
    """Every e-mail address by which one of these is known, in lower case."""
    said = Identity.objects.filter(customer__in=customer_ids, kind=Identity.EMAIL).values_list("value", flat=True)
    cards = Customer.objects.filter(pk__in=customer_ids).exclude(email="").values_list("email", flat=True)
    return {address.lower() for address in (*said, *cards) if address}

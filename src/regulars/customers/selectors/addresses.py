"""Where a customer can be written to."""

from typing import Final

from regulars.customers.models import Customer, Identity
from regulars.kernel import prepared

# The identities of one person are few: sorted, never looked for along the keys of all.
_OF: Final = """
SELECT head.name, coalesce(nullif(head.email, ''), (
           SELECT (array_agg(way.value ORDER BY way.id))[1] FROM customers_identity AS way
            WHERE way.kind = %(kind)s AND way.customer_id IN (
                      SELECT id FROM customers_customer WHERE id = head.id OR merged_into_id = head.id)), '')
  FROM customers_customer AS asked JOIN customers_customer AS head ON head.id = coalesce(asked.merged_into_id, asked.id)
 WHERE asked.id = %(customer)s
"""


def of(customer_id: int) -> list[dict[str, str]]:
    """The address a letter to this customer goes to, with their name: one, or none."""
    with prepared.cursor() as cursor:
        cursor.execute(_OF, {"customer": customer_id, "kind": Identity.EMAIL})
        return [{"name": name, "address": address} for name, address in cursor.fetchall() if address]


def every(customer_ids: list[int]) -> set[str]:
    """Every e-mail address by which one of these is known, in lower case."""
    said = Identity.objects.filter(customer__in=customer_ids, kind=Identity.EMAIL).values_list("value", flat=True)
    cards = Customer.objects.filter(pk__in=customer_ids).exclude(email="").values_list("email", flat=True)
    return {address.lower() for address in (*said, *cards) if address}

"""Whether somebody is known already, by a way to recognise them."""

from collections.abc import Sequence

from django.db import connection

from regulars.customers.models import Identity


def known(ways: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The customer each of these identities (kind, normalised value) belongs to; nobody is made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, value, customer_id FROM customers_identity"
            " JOIN unnest(%s::text[], %s::text[]) AS asked (kind, value) USING (kind, value)",
            [[kind for kind, _ in ways], [value for _, value in ways]],
        )
        return {(kind, value): customer_id for kind, value, customer_id in cursor.fetchall()}


def emails(customer_ids: Sequence[int]) -> list[str]:
    """Every address these customers are recognised by."""
    rows = Identity.objects.filter(customer__in=list(customer_ids), kind=Identity.EMAIL).order_by("pk")
    return list(rows.values_list("value", flat=True))

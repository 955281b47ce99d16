"""What customers keeps about a customer: to export, to erase."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from regulars.customers.importing import people as importing_people  # noqa: F401  it registers too
from regulars.customers.models import Consent, Customer, Identity, Label, Merge, PortalLink, PortalSession, Trait
from regulars.customers.tracking.models import ClaimedLink
from regulars.kernel import people

CARD = (
    "id", "name", "email", "phone", "language", "time_zone", "company__name", "attributes", "created_at", "known_at",
    "first_seen_at", "last_seen_at", "merged_into_id",
)  # fmt: skip


def export(ids: Sequence[int]) -> dict[str, Any]:
    """The card, identities, labels, consents, traits and merges of every id."""
    mine = {"customer__in": ids}
    merges = Merge.objects.filter(Q(kept__in=ids) | Q(merged__in=ids)).order_by("pk")
    claims = ClaimedLink.objects.filter(Q(visitor__in=ids) | Q(customer__in=ids))
    return {
        "customer": list(Customer.objects.filter(pk__in=ids).order_by("pk").values(*CARD)),
        "identities": list(
            Identity.objects.filter(**mine).order_by("pk").values("kind", "value", "created_at", "verified_at")
        ),
        "labels": list(Label.objects.filter(customers__in=ids).order_by("name").distinct().values("name")),
        "consents": list(
            Consent.objects.filter(**mine).order_by("pk").values("purpose", "is_given", "at", "source", "text_version")
        ),
        "claimed_visits": list(claims.order_by("pk").values("visitor_id", "at")),
        "traits": list(Trait.objects.filter(**mine).order_by("pk").values("name", "value", "as_of", "why")),
        "portal_links": list(
            PortalLink.objects.filter(**mine).order_by("pk").values("address", "created_at", "used_at")
        ),
        "portal_sessions": list(
            PortalSession.objects.filter(**mine).order_by("pk").values("address", "created_at", "ended_at")
        ),
        "merges": list(merges.values("kept_id", "merged_id", "at", "why", "undone_at")),
    }


def erase(ids: Sequence[int]) -> int:
    """The rows themselves; identities, consents, traits, merges, worn labels and sign-ins go with them."""
    Customer.objects.filter(pk__in=ids).update(merged_into=None)
    removed, _ = Customer.objects.filter(pk__in=ids).delete()
    return removed


people.register(
    people.Keeper(
        "customers",
        (
            "customers.Customer",
            "customers.Customer_labels",
            "customers.Identity",
            "customers.Consent",
            "customers.Trait",
            "customers.Merge",
            "customers.ClaimedLink",
            "customers.PortalLink",
            "customers.PortalSession",
        ),
        export=export,
        erase=erase,
    )
)

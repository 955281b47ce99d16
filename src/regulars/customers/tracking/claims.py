"""Which visitors a browser claimed to be which customer, for analytics that want to count them as one."""

from collections.abc import Iterable

from regulars.customers.tracking.models import ClaimedLink


def claimed_customers(visitor_ids: Iterable[int] | None = None) -> dict[int, int]:
    """The customer each visitor is claimed to be; of these visitors, or of all. Nobody proved any of it."""
    links = ClaimedLink.objects.filter(visitor__merged_into=None).order_by("visitor_id")
    if visitor_ids is not None:
        links = links.filter(visitor__in=list(visitor_ids))
    return dict(links.values_list("visitor_id", "customer_id"))

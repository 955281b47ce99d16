"""Who is one person: the customer that is shown and those merged into them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from regulars.customers.errors import NoSuchCustomer
from regulars.customers.models import Customer, Merge


@dataclass(frozen=True, slots=True)
class Family:
    """The customer that is shown, and every id that is theirs: their own first, then those merged into them."""

    head: Customer
    members: tuple[Customer, ...]

    @property
    def ids(self) -> list[int]:
        return [member.pk for member in self.members]


def family(customer_id: int) -> Family:
    """Everybody who is this person, asked for by any of their ids."""
    head_id = heads([customer_id]).get(customer_id)
    if head_id is None:
        raise NoSuchCustomer
    rows = Customer.objects.filter(Q(pk=head_id) | Q(merged_into=head_id)).select_related("company").order_by("pk")
    members = sorted(rows, key=lambda row: (row.pk != head_id, row.pk))
    if not members or members[0].pk != head_id:
        raise NoSuchCustomer
    return Family(members[0], tuple(members))


def heads(customer_ids: Iterable[int]) -> dict[int, int]:
    """Who is shown for each id; ids that are not there are left out."""
    shown = Customer.objects.filter(pk__in=list(customer_ids)).annotate(head_id=Coalesce("merged_into_id", "pk"))
    return dict(shown.values_list("pk", "head_id"))


def members(head_ids: Sequence[int]) -> dict[int, int]:
    """Every id of these people, each with the id that is shown for it."""
    rows = Customer.objects.filter(Q(pk__in=head_ids) | Q(merged_into__in=head_ids))
    return dict(rows.annotate(head_id=Coalesce("merged_into_id", "pk")).values_list("pk", "head_id"))


def merged_pairs() -> list[tuple[int, int]]:
    """Every merged id with the id that is shown for it; analytics count the two as one."""
    return list(Customer.objects.filter(merged_into__isnull=False).order_by("pk").values_list("pk", "merged_into_id"))


def company_pairs() -> list[tuple[int, int]]:
    """Every person who is shown and belongs to a company, with its id."""
    rows = Customer.objects.filter(merged_into__isnull=True, company__isnull=False).order_by("pk")
    return list(rows.values_list("pk", "company_id"))


def merges_version() -> tuple[int, int]:
    """Changes whenever a merge is made or undone, so that answers kept for the old state are not given."""
    made = Merge.objects.aggregate(made=Max("pk"), undone=Count("undone_at"))
    return made["made"] or 0, made["undone"]


def attribute_values(name: str) -> tuple[list[int], list[str | None]]:
    """The present text of one attribute of every person who is shown, as two columns."""
    rows = Customer.objects.filter(merged_into__isnull=True).order_by("pk")
    pairs = rows.values_list("pk", KeyTextTransform(name, "attributes"))
    return [pk for pk, _ in pairs], [value for _, value in pairs]


def sampled_attributes(most: int) -> list[dict[str, object]]:
    """The attributes of some customers who have any, the newest first."""
    rows = Customer.objects.exclude(attributes={}).order_by("-pk")
    return list(rows.values_list("attributes", flat=True)[:most])

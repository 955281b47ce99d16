"""Names that people claim for themselves: good enough where there is none, never instead of one."""

from collections.abc import Mapping

from regulars.customers.actions import profiles
from regulars.customers.actions.profiles import Traits
from regulars.customers.models import Customer


def suggest(names: Mapping[int, str]) -> int:
    """Give these names to those of these customers who have none; returns how many took it."""
    unnamed = Customer.objects.filter(pk__in=[pk for pk, name in names.items() if name.strip()], name="")
    ids = list(unnamed.filter(merged_into=None).order_by("pk").values_list("pk", flat=True))
    if ids:
        profiles.apply_traits(Traits(pk, name=" ".join(names[pk].split())[: profiles.LONGEST_NAME]) for pk in ids)
    return len(ids)

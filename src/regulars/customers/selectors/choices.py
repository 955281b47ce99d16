"""What the filters and the forms offer to choose from."""

from regulars.customers.models import Company, Label
from regulars.kernel.models import Source

MOST = 300


def labels() -> list[Label]:
    """Every label there is, by name."""
    return list(Label.objects.order_by("name")[:MOST])


def sources() -> list[Source]:
    """Where customers may have come from, by name; the product itself recognises nobody."""
    return list(Source.objects.exclude(kind=Source.PRODUCT).order_by("name")[:MOST])


def company(company_id: int) -> Company | None:
    """One company."""
    return Company.objects.filter(pk=company_id).first()

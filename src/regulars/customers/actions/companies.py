"""Which company a customer belongs to."""

import uuid

from django.db import transaction

from regulars.customers.actions import holding
from regulars.customers.errors import NameNotUsable
from regulars.customers.models import Company, Customer
from regulars.kernel import clock

LONGEST_NAME = 200


@transaction.atomic
def join(customer_id: int, name: str) -> Company:
    """Put the customer with the company of this name, made when there is none."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or "\x00" in name:
        raise NameNotUsable
    customer = holding.hold(customer_id)
    company = _called(name) or Company.objects.create(
        external_id=f"by-hand:{uuid.uuid4()}", name=name, created_at=clock.now()
    )
    Customer.objects.filter(pk=customer.pk).update(company=company)
    return company


@transaction.atomic
def leave(customer_id: int) -> None:
    """The customer belongs to no company; of merged ones, none does."""
    held = holding.hold_family(customer_id)
    Customer.objects.filter(pk__in=[member.pk for member in held]).update(company=None)


def _called(name: str) -> Company | None:
    return Company.objects.filter(name__iexact=name).order_by("pk").first() or (
        Company.objects.filter(external_id=name).first()
    )

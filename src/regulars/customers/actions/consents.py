"""Consent: recorded per purpose with its source, text and time; never inferred, never overwritten."""

from django.db import transaction

from regulars.customers.actions import holding
from regulars.customers.errors import NoSuchPurpose
from regulars.customers.events import ConsentChanged
from regulars.customers.models import Consent
from regulars.customers.purposes import PURPOSES
from regulars.kernel import clock, facts
from regulars.kernel.actors import Actor
from regulars.kernel.events import publish
from regulars.kernel.fact_names import CONSENT_GIVEN, CONSENT_WITHDRAWN

LONGEST = 200


def give(customer_id: int, purpose: str, *, by: Actor, source: str, text_version: str = "") -> Consent:
    """The customer agreed, at this source, to this version of the text."""
    return _say(customer_id, purpose, is_given=True, by=by, source=source, text_version=text_version)


def withdraw(customer_id: int, purpose: str, *, by: Actor, source: str) -> Consent:
    """The customer no longer agrees."""
    return _say(customer_id, purpose, is_given=False, by=by, source=source, text_version="")


@transaction.atomic
def _say(customer_id: int, purpose: str, *, is_given: bool, by: Actor, source: str, text_version: str) -> Consent:
    if purpose not in PURPOSES:
        raise NoSuchPurpose
    customer = holding.hold(customer_id)
    source, text_version = source.strip()[:LONGEST], text_version.strip()[:LONGEST]
    row = Consent.objects.create(
        customer=customer,
        purpose=purpose,
        is_given=is_given,
        at=clock.now(),
        source=source,
        text_version=text_version,
        actor=str(by),
    )
    said = {"purpose": purpose, "source": source}
    facts.record(
        CONSENT_GIVEN if is_given else CONSENT_WITHDRAWN,
        customer_id=customer.pk,
        properties={**said, "text": text_version} if is_given else said,
        occurred_at=row.at,
    )
    publish(ConsentChanged(customer_id=customer.pk, purpose=purpose, is_given=is_given, actor=by))
    return row

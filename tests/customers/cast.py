"""The cast: customers Ada and Musa, agent Ines."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from regulars.customers import normalise
from regulars.customers.actions import profiles, recognition
from regulars.customers.models import Customer
from regulars.kernel import facts
from regulars.kernel.actors import Actor

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
INES = Actor("agent", 1, "Ines")


def make_customer(name: str = "", *, email: str = "", external: str = "", **said: Any) -> Customer:
    """A known customer with the given identities, as tracking would have made them."""
    ways = [
        (kind, normalise.identity(kind, value)) for kind, value in (("email", email), ("external", external)) if value
    ]
    with transaction.atomic():
        first, *others = ways or [("anonymous", f"visitor of {name}")]
        assert first[1] is not None
        found = recognition.recognise([first], source_id=1, at=AT, is_known=True, is_verified=True)
        customer_id = found[first]
        recognition.attach([(customer_id, k, v) for k, v in others if v], source_id=1, at=AT, is_verified=True)
        profiles.apply_traits([profiles.Traits(customer_id, name=name or None, email=email or None, **said)])
    return Customer.objects.get(pk=customer_id)


def record(customer_id: int, name: str, *, at: datetime = AT, is_trusted: bool = True, **properties: Any) -> None:
    """One tracked fact."""
    new = facts.NewFact(
        customer_id=customer_id,
        name=name,
        occurred_at=at,
        message_id=f"{customer_id}-{name}-{at}-{sorted(properties.items())}",
        properties=properties,
        is_trusted=is_trusted,
    )
    with transaction.atomic():
        facts.append(facts.as_columns([new]), source_id=1)

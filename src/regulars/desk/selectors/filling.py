"""What the variables of a macro say in one conversation, for whoever is about to write."""

from regulars.customers.selectors import families, timelines
from regulars.desk import field_values
from regulars.desk.models import Conversation
from regulars.desk.selectors import fields
from regulars.kernel import fact_names
from regulars.kernel.actors import Actor


def values(found: Conversation, *, by: Actor) -> dict[str, str]:
    """Every variable's value, empty where nothing is known; only an agent has a name customers may read."""
    family = families.family(found.customer_id)
    head, agent = family.head, by.name if by.kind == "agent" else ""
    called = next((member.name for member in family.members if member.name), "")
    orders = timelines.timeline(family.ids, kind="orders", limit=1).facts
    last = next((fact for fact in orders if fact.name == fact_names.ORDER_COMPLETED), None)
    return {
        "customer.name": called,
        "customer.first_name": called.split()[0] if called else "",
        "customer.email": head.email,
        "customer.company": str(head.company or ""),
        "order.number": str(last.properties.get("order_id", "")) if last else "",
        "agent.name": agent,
        "agent.first_name": agent.split()[0] if agent.split() else "",
        "conversation.number": str(found.pk),
        "conversation.subject": found.subject,
        **_fields(found),
    }


def _fields(found: Conversation) -> dict[str, str]:
    """What stands in the company's own fields, under `field.` and the name a search knows each by."""
    if not found.fields:
        return {}
    kept = [(row, found.fields.get(row.key)) for row in fields.defined()]
    return {f"field.{fields.handle(row)}": field_values.words(row, value) for row, value in kept}

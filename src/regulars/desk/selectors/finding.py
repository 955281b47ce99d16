"""Finding another conversation, to join it or link it: by number, subject or customer."""

from django.db.models import Q

from regulars.customers.selectors import families, searching
from regulars.desk.models import Conversation
from regulars.desk.selectors.visible import visible_to
from regulars.kernel.actors import Actor

MOST = 20


def candidates(conversation: Conversation, *, text: str, by: Actor) -> list[Conversation]:
    """What fits the text, the newest first; without a text the same customer's other conversations."""
    rows = visible_to(by).filter(merged_into=None).exclude(pk=conversation.pk).select_related("customer")
    number = text.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return list(rows.filter(pk=number))
    mine = families.family(conversation.customer_id).ids
    if not text:
        return list(rows.filter(customer__in=mine, spam_at=None).order_by("-last_at", "-pk")[:MOST])
    people = [*families.members(searching.search(text)[:MOST])]
    return list(
        rows.filter(Q(customer__in=people) | Q(customer__in=mine, subject__icontains=text)).order_by("-last_at", "-pk")[
            :MOST
        ]
    )

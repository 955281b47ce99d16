"""Finding another conversation, to join it or link it: by number, by what was said, by customer."""

from regulars.customers.selectors import families
from regulars.customers.selectors import searching as customers
from regulars.desk.models import Conversation
from regulars.desk.selectors import searching
from regulars.desk.selectors.visible import visible_to
from regulars.kernel.actors import Actor

MOST = 20


def candidates(conversation: Conversation, *, text: str, by: Actor) -> list[Conversation]:
    """What fits the text, best first; without a text the same customer's other conversations, newest first."""
    rows = visible_to(by).filter(merged_into=None).exclude(pk=conversation.pk).select_related("customer")
    number = text.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return list(rows.filter(pk=number))
    if not text:
        mine = families.family(conversation.customer_id).ids
        return list(rows.filter(customer__in=mine, spam_at=None).order_by("-last_at", "-pk")[:MOST])
    said = [row.pk for row in searching.search(text, by=by, limit=MOST).rows]
    people = list(families.members(customers.search(text)[:MOST]))
    theirs = list(rows.filter(customer__in=people).order_by("-last_at", "-pk").values_list("pk", flat=True)[:MOST])
    found = {row.pk: row for row in rows.filter(pk__in=[*said, *theirs])}
    return [found[pk] for pk in dict.fromkeys([*said, *theirs]) if pk in found][:MOST]

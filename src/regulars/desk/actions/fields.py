"""Fields of a conversation's own: a name and a text, whatever the company wants to note."""

from django.db import transaction

from regulars.desk import verbs
from regulars.desk.actions import holding, steps
from regulars.desk.actions.conversations import one_line
from regulars.desk.errors import FieldNotUsable
from regulars.desk.models import Conversation
from regulars.kernel.actors import Actor

LONGEST_NAME, LONGEST, MOST = 60, 1000, 50


@transaction.atomic
def write(conversation_id: int, name: str, value: str, *, by: Actor, batch: str = "") -> Conversation:
    """Fill in a field; an empty value takes it away, the same one changes nothing."""
    name, value = one_line(name), one_line(value)
    held = holding.hold(conversation_id, by=by)
    before = held.fields.get(name, "")
    if before == value:
        return held
    after = {**{key: each for key, each in held.fields.items() if key != name}, **({name: value} if value else {})}
    if not 1 <= len(name) <= LONGEST_NAME or len(value) > LONGEST or len(after) > MOST:
        raise FieldNotUsable
    held.fields = after
    held.save(update_fields=["fields"])
    details = {"what": "field", "name": name, "before": before, "after": value}
    steps.record(held, verbs.CHANGED, by=by, details=details, properties={"what": f"field {name}"}, batch=batch)
    return held

"""What a conversation has in its fields: those the company defined, and other details under any name."""

from typing import Any

from django.db import transaction

from regulars.desk import field_values, verbs
from regulars.desk.actions import holding, steps
from regulars.desk.actions.conversations import one_line
from regulars.desk.errors import DetailNotUsable, FieldRetired
from regulars.desk.models import Conversation, FieldDefinition
from regulars.kernel import page_settings
from regulars.kernel.actors import Actor

LONGEST_NAME, LONGEST, MOST = 60, 1000, 150


@transaction.atomic
def write(conversation_id: int, name: str, value: Any, *, by: Actor, batch: str = "") -> Conversation:
    """Fill in a field; an empty value takes it away, the same one changes nothing.

    `value` is a form's text (a list of texts for several choices) or JSON of the field's kind. A name
    that no field has is another detail, a line of text.
    """
    held = holding.hold(conversation_id, by=by)
    fill_in(held, name, value, by=by, batch=batch)
    return held


def fill_in(held: Conversation, name: str, value: Any, *, by: Actor, batch: str = "") -> None:
    """Fill in a field of a held conversation."""
    name = one_line(name)
    definition = FieldDefinition.objects.filter(key=name).first()
    before = held.fields.get(name)
    if definition is None:
        after = _detail(name, value)
    elif definition.retired_at is not None:
        raise FieldRetired
    else:
        after = read(definition, value, before=before)
    put(held, name, after, definition=definition, by=by, batch=batch)


def read(definition: FieldDefinition, given: Any, *, before: Any = None) -> Any:
    """The value as it would be kept; what is not of the field's kind is refused with a sentence."""
    currency = page_settings.value("currency") if definition.kind == field_values.MONEY else ""
    return field_values.read(definition, given, currency=currency, before=before)


def put(
    held: Conversation, key: str, after: Any, *, by: Actor, definition: FieldDefinition | None = None, batch: str = ""
) -> None:
    """Let a field of a held conversation hold exactly this, or nothing."""
    before = held.fields.get(key)
    if before == after and type(before) is type(after):
        return
    kept = {name: each for name, each in held.fields.items() if name != key}
    if after is not None and len(kept) >= MOST:
        raise DetailNotUsable
    held.fields = {**held.fields, key: after} if after is not None else kept
    held.save(update_fields=["fields"])
    label = definition.label if definition else key
    told = field_values.words(definition, after) if definition else field_values.text_of(after)
    details = {"what": "field", "key": key, "name": label, "before": before, "after": after, "told": told[:200]}
    properties = {"what": f"field {label}", "field": key}
    steps.record(held, verbs.CHANGED, by=by, details=details, properties=properties, batch=batch)


def _detail(name: str, value: Any) -> str | None:
    """Text under a name nobody defined."""
    text = one_line(value if isinstance(value, str) else field_values.text_of(value))
    if not 1 <= len(name) <= LONGEST_NAME or len(text) > LONGEST:
        raise DetailNotUsable
    return text or None

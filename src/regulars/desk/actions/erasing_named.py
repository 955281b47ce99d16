"""What an erasure takes out of the messages and drafts of others: where the erased stand among whom they went to.

A mail to several names all of them, and an answer to it too. The messages stay, without that address; the mails
as they came go, because nothing can be taken out of those. What was still to leave leaves for the others alone.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast, Lower

from regulars.channels.actions import erasing, incoming
from regulars.desk.models import Draft, Message
from regulars.desk.models.messages import NAMED
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM

TO_WHOM: Final = ("to", "cc", "bcc")
_NAMING: Final = f"SELECT id FROM desk_message WHERE {NAMED} @> to_jsonb(%s::text) ORDER BY id"


def forget(addresses: Collection[str]) -> int:
    """Take these addresses out of every message and every draft that names them; returns how many did."""
    known = set(addresses)
    found = {pk for address in known for pk in _naming(address)}
    messages = list(Message.objects.filter(pk__in=found).select_for_update().order_by("pk"))
    for message in messages:
        _forget(message, known)
    incoming.blank([message.incoming_id for message in messages if message.incoming_id])
    return len(messages) + _forget_in_drafts(known)


def without(recipients: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """The same people without those of these addresses. Where nobody is left in To, whoever had a copy is."""
    left = {role: erasing.others(there, known) for role, there in recipients.items()}
    if recipients.get("to") and not left["to"] and left.get("cc"):
        left["to"], left["cc"] = left["cc"], []
    return left


def _naming(address: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NAMING, [address])
        return [row[0] for row in cursor.fetchall()]


def _forget(message: Message, known: Collection[str]) -> None:
    """One that was to go to nobody else stays here, as if its writer had taken it back."""
    message.recipients = without(message.recipients, known)
    has_nobody = not any(message.recipients.get(role) for role in TO_WHOM)
    unsent = erasing.forget_addresses(f"message:{message.pk}", known)
    if has_nobody and (message.state == Message.QUEUED or unsent):
        message.state, message.removed_at, message.removed_by = Message.CANCELLED, clock.now(), str(SYSTEM)
    message.save(update_fields=["recipients", "state", "removed_at", "removed_by"])
    if erasing.names(message.trouble, known):  # whose address it was that did not take it
        Message.objects.filter(pk=message.pk).update(trouble="")


def _forget_in_drafts(known: Collection[str]) -> int:
    """Drafts are those of today, and few."""
    said = Draft.objects.annotate(named=Lower(Cast("recipients", TextField())))
    drafts = {draft.pk: draft for address in known for draft in said.filter(named__contains=address)}
    for draft in drafts.values():
        Draft.objects.filter(pk=draft.pk).update(recipients=without(draft.recipients, known))
    return len(drafts)

"""What is sent through a form becomes a conversation, and whoever sent it is told that it came.

Called in the transaction that settles what came in. Whatever a form says of its sender is a claim:
anybody can type anybody's address, so nobody is verified by it, and nothing that was typed goes out in
the mail that says it came.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from regulars.channels.arrivals import DROPPED, PLACED, Outcome, Submitted
from regulars.channels.selectors import addresses
from regulars.channels.webform import definitions
from regulars.channels.webform.definitions import CHECKBOX, Form
from regulars.channels.webform.submissions import Submission
from regulars.customers import normalise
from regulars.customers.actions import claimed_names, recognition
from regulars.desk import field_values
from regulars.desk.actions import confirming, conversations, fields, labels, messages
from regulars.desk.actions.files import SWEEP
from regulars.desk.actions.messages import File, Written
from regulars.desk.models import Conversation, FieldDefinition, Message
from regulars.kernel import clock, jobs
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import DomainError
from regulars.kernel.facts import PRODUCT_SOURCE_ID

LONGEST_KEY, LONGEST_VALUE = 60, 1_000


def place(submitted: Sequence[Submitted]) -> list[Outcome]:
    """Place what came through one form, in its order."""
    return [_place(one) for one in submitted]


def _place(one: Submitted) -> Outcome:
    form, said = definitions.of_settings(one.channel_settings), one.submission
    if Message.objects.filter(key=_key(one)).exists():
        return Outcome(one.incoming_id, DROPPED, "The same came before.")
    customer_id = _customer(one)
    if customer_id is None:
        jobs.defer(SWEEP, digests=[file.digest for file in said.files])
        return Outcome(one.incoming_id, DROPPED, "The sender was erased, and nothing more is kept of them.")
    by = Actor("customer", customer_id, said.name or said.email)
    held = _start(one, form, by=by)
    message = messages.take_in(held, _written(one), by=by, channel_id=one.channel_id, at=_happened_at(one))
    if _is_theirs(said.email):
        confirming.confirm(held, message, form=form, to=said.email, language=said.language)
    return Outcome(one.incoming_id, PLACED)


def _customer(one: Submitted) -> int | None:
    """Who it says it is from, made on first sight and not verified; None for who was erased."""
    said = one.submission
    address = normalise.email(said.email) if _is_theirs(said.email) else None
    way = ("email", address) if address else ("anonymous", f"form:{one.channel_id}:{one.source_key}")
    known = recognition.recognise(
        [way], source_id=PRODUCT_SOURCE_ID, at=clock.now(), is_known=True, is_verified=False
    )  # fmt: skip
    if way not in known:
        return None
    claimed_names.suggest({known[way]: said.name})
    return known[way]


def _start(one: Submitted, form: Form, *, by: Actor) -> Conversation:
    said = one.submission
    held = conversations.start(
        by.id or 0,
        channel_id=one.channel_id,
        by=by,
        subject=said.subject or form.title,
        priority=form.priority,
        at=_happened_at(one),
    )
    held.fields, held.language = _fields(said, form), said.language or held.language
    held.save(update_fields=["fields", "language"])
    if form.label:
        labels.put_on(held, form.label, by=SYSTEM)
    return held


def _written(one: Submitted) -> Written:
    said = one.submission
    return Written(
        text=text_of(said),
        subject=said.subject,
        recipients={"from": [{"name": said.name, "address": said.email}]},
        files=[File(file.digest, file.name, file.type, file.size) for file in said.files],
        incoming_id=one.incoming_id,
        key=_key(one),
    )


def text_of(said: Submission) -> str:
    """The message, and below it what else was answered, as a list."""
    lines = list(_lines(said))
    return "\n\n".join(part for part in (said.message.strip(), "\n".join(lines)) if part)


def _lines(said: Submission) -> Iterator[str]:
    for answer in said.answers:
        inside, label = answer.value.strip(), answer.label
        asked = label if label.endswith(("?", ":", "!", "？")) else f"{label}:"
        yield f"{asked}\n{inside}" if "\n" in inside else f"{asked} {inside}"


def _fields(said: Submission, form: Form) -> dict[str, Any]:
    """The answers as fields of the conversation: of the field's kind where the company defined one, else as text.

    What does not fit its field, and the whole of a long answer, stands in the message.
    """
    plain = conversations.one_line
    ticked = {each.kept_as for each in form.fields if each.kind == CHECKBOX}
    given = {plain(each.key)[:LONGEST_KEY]: True if each.key in ticked else each.value for each in said.answers}
    defined = {each.key: each for each in FieldDefinition.objects.filter(key__in=given, retired_at=None)}
    kept: dict[str, Any] = {}
    for key, value in given.items():
        if key not in defined:
            kept[key] = plain(field_values.text_of(value))[:LONGEST_VALUE]
            continue
        with suppress(DomainError):
            kept[key] = fields.read(defined[key], value)
    return {key: value for key, value in kept.items() if field_values.is_filled(value)}


def _key(one: Submitted) -> str:
    return f"{one.source_key}:{one.channel_id}"


def _is_theirs(address: str) -> bool:
    """Whether mail can go there without coming back to ourselves."""
    return bool(normalise.email(address)) and not addresses.is_own(address, addresses.own())


def _happened_at(one: Submitted) -> datetime:
    return min(one.received_at, clock.now())

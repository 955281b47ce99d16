"""The protocol's messages, decoded. What belongs to the sender stays JSON text, byte for byte."""

import json
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Raw

from regulars.api.tracking.refusals import Refusal, invalid, too_large
from regulars.customers.normalise import clean

LARGEST_EVENT = 32 * 1024
MOST_EVENTS = 2_500
_DEEPEST = 100

Id = str | int | float | None


class Event(msgspec.Struct, rename="camel", gc=False):
    """One message of any type; a field that a type does not use is not looked at."""

    type: str | None = None
    message_id: Id = None
    user_id: Id = None
    anonymous_id: Id = None
    previous_id: Id = None
    group_id: Id = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: Id = None
    properties: Raw = Raw()
    traits: Raw = Raw()
    context: Raw = Raw()


class Body(msgspec.Struct, rename="camel"):
    """A batch. Its events are decoded one by one, so that a bad one does not spoil the others."""

    batch: list[Raw]
    write_key: str | None = None
    sent_at: Id = None
    context: Raw = Raw()


class Single(msgspec.Struct, rename="camel"):
    """What a single call says besides its event."""

    write_key: str | None = None
    sent_at: Id = None


class Damaged(ValueError):
    """One event that cannot be read; the sentence says what is wrong with it."""


_event = msgspec.json.Decoder(Event)
_body = msgspec.json.Decoder(Body)
_single = msgspec.json.Decoder(Single)


def body_of(content: bytes) -> Body:
    """A batch's frame; its events are still text."""
    try:
        body = _body.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        body = _mended_body(content, error)
    if len(body.batch) > MOST_EVENTS:
        raise too_large(f"A batch may carry {MOST_EVENTS:,} events; this one has {len(body.batch):,}.")
    return body


def single_of(content: bytes) -> Body:
    """A call with one event, as a batch of one."""
    try:
        frame = _single.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        value = _mended(content, error)
        content = bytes(memoryview(_event_written(value)))
        frame = _framed(_frame_written(value))
    return Body([Raw(content)], frame.write_key, frame.sent_at)


def event_of(text: bytes) -> Event:
    """One event, or `Damaged` with the reason."""
    if len(text) > LARGEST_EVENT:
        raise Damaged(f"The event is larger than {LARGEST_EVENT // 1024} KB.")
    try:
        return _event.decode(text)
    except msgspec.ValidationError as error:
        raise Damaged(f"The event has a wrong type: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged("The event is not valid JSON.") from error


def object_of(text: Raw) -> dict[str, Any]:
    """A JSON object as values that can be kept; empty when absent or null."""
    written = object_text(text)
    return json.loads(storable(written)) if written else {}


def object_text(text: Raw) -> bytes:
    """The text of a JSON object; nothing when absent or null, and anything else is damage."""
    written = bytes(text)  # type: ignore[arg-type]
    if written[:1] == b"{":
        return written
    if written[:1] in (b"", b"n"):
        return b""
    raise Damaged("Properties and traits are JSON objects: {…}.")


def storable(text: bytes) -> bytes:
    """The same JSON object as PostgreSQL can keep it: no NUL, no half characters, no monstrous numbers or depths."""
    try:
        value = json.loads(text.decode("utf-8", "replace"), parse_float=Decimal, parse_constant=_no_constant)
        return _written(value)
    except (ValueError, RecursionError) as error:
        raise Damaged("The properties cannot be kept: a number is too large or they are nested too deeply.") from error


def _mended_body(content: bytes, error: Exception) -> Body:
    """A second, patient reading: Python's own encoder writes NaN and halves of characters."""
    value = _mended(content, error)
    if not isinstance(value.get("batch"), list):
        raise invalid("A batch is sent as {“batch”: [event, …]}.") from error
    events = [_event_written(event) for event in value.pop("batch")]
    frame = _framed(_frame_written(value))
    return Body(events, frame.write_key, frame.sent_at)


def _frame_written(value: dict[str, Any]) -> bytes:
    return _written({key: value[key] for key in ("writeKey", "sentAt") if isinstance(value.get(key), str)})


def _framed(content: bytes) -> Single:
    try:
        return _single.decode(content)
    except msgspec.MsgspecError as error:
        raise invalid(f"The call has a wrong type: {error}") from error


def _event_written(event: Any) -> Raw:
    try:
        return Raw(_written(event))
    except (ValueError, RecursionError):
        return Raw(b"{}")  # refused for want of an id, by its place


def _mended(content: bytes, error: Exception) -> dict[str, Any]:
    try:
        value = json.loads(content.decode("utf-8", "replace"), parse_float=Decimal, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise _not_json(error) from error
    if not isinstance(value, dict):
        raise invalid("The body is not a JSON object.") from error
    return value


def _not_json(error: Exception) -> Refusal:
    where = f": {error}" if isinstance(error, msgspec.DecodeError) else ""
    return invalid(f"The body is not valid JSON{where}.", code="invalid_json")


def _no_constant(name: str) -> None:
    """NaN and the infinities are no JSON; nothing is known then."""


def _written(value: Any, depth: int = 0) -> bytes:
    """JSON text. The standard encoder cannot write a Decimal as a number, and every float was read as one."""
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, str):
        return msgspec.json.encode(clean(value))
    if isinstance(value, dict):
        return b"{" + b",".join(_written(str(k)) + b":" + _written(v, depth + 1) for k, v in value.items()) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(_written(item, depth + 1) for item in value) + b"]"
    if isinstance(value, Decimal) and (not value.is_finite() or abs(value.adjusted()) > 300):
        raise ValueError("too large")
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value).encode()
    return msgspec.json.encode(value)

"""The common batch, read at once: tracks and views with ids and times of their own.

The fast road beside `understanding.understand`, which stays the one that decides: what this one
takes, that one would have understood in exactly the same way, and a property test holds them together.
Whatever is out of the common, even in one event, is left to the other.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta, Raw

from regulars.api.tracking import messages, orders, times
from regulars.api.tracking.messages import LARGEST_EVENT, Body
from regulars.api.tracking.understanding import (
    FACT_TYPES,
    LONGEST_MESSAGE_ID,
    Circumstances,
    Understood,
    name_of,
)
from regulars.customers.normalise import LONGEST, clean
from regulars.customers.tracking.facts import SEPARATOR, Tracked

_Id = Annotated[str, Meta(min_length=1, max_length=LONGEST)]
_BETWEEN = SEPARATOR.encode()


class _Common(msgspec.Struct, kw_only=True, rename="camel", gc=False):
    """An event in which nothing asks for a second look; its other fields are of the types `Event` asks for."""

    type: Literal["track", "page", "screen"]
    message_id: Annotated[str, Meta(min_length=1, max_length=LONGEST_MESSAGE_ID)]
    timestamp: Annotated[str, Meta(min_length=1)]
    user_id: _Id | None = None
    anonymous_id: _Id | None = None
    event: str | None = None
    properties: Raw = Raw()
    name: None = None
    category: None = None
    sent_at: None = None
    original_timestamp: str | None = None
    previous_id: messages.Id = None
    group_id: messages.Id = None


class _OutOfTheCommon(ValueError):
    """Something in the call asks for a second look."""


_common = msgspec.json.Decoder(_Common)


def understand(body: Body, *, around: Circumstances) -> Understood | None:
    """What a batch says, or None where something in it is out of the common."""
    if not body.batch or around.visitor_token or around.may_hold_token:
        return None
    if max(map(len, map(memoryview, body.batch))) > LARGEST_EVENT:  # type: ignore[arg-type]  # Raw is a buffer
        return None
    try:
        return Understood(_columns([_common.decode(event) for event in body.batch], body, around))
    except (msgspec.MsgspecError, ValueError, RecursionError):  # an order or a time may be damaged, too
        return None


def _columns(events: Sequence[_Common], body: Body, around: Circumstances) -> Tracked:
    names = _names(events)
    people = [
        ("external", event.user_id) if event.user_id else ("anonymous", event.anonymous_id or "") for event in events
    ]
    ways = {way: number for number, way in enumerate(dict.fromkeys(people))}
    message_ids = [event.message_id for event in events]
    _insist_on_plain([value for _, value in ways])
    _insist_on_plain(message_ids)
    return Tracked(
        ways=ways,
        is_verified=[around.is_server] * len(ways),
        who=[ways[way] for way in people],
        name=names,
        occurred_us=_moments(events, times.shift_us(body.sent_at, around.received_us), around.received_us),
        message_id=message_ids,
        properties=_properties(events, names, around),
        is_trusted=[around.is_server] * len(events),
    )


def _names(events: Sequence[_Common]) -> list[str]:
    """The facts' names; there are few different ones in a call."""
    known = {said: FACT_TYPES[said[0]] or name_of(said[1]) for said in {(event.type, event.event) for event in events}}
    return [known[event.type, event.event] for event in events]


def _insist_on_plain(texts: Sequence[str]) -> None:
    """Ids that are kept letter by letter: nothing to clean, and more than white space."""
    joined = SEPARATOR.join(texts)
    if joined.count(SEPARATOR) != len(texts) - 1 or clean(joined) != joined or not all(map(str.strip, texts)):
        raise _OutOfTheCommon


def _moments(events: Sequence[_Common], shift: int, received_us: int) -> list[int]:
    said = np.fromiter(map(times.read, [event.timestamp for event in events]), np.int64, len(events))
    return times.corrected_all(said, shift=shift, received_us=received_us).tolist()


def _properties(events: Sequence[_Common], names: Sequence[str], around: Circumstances) -> list[bytes]:
    texts = [bytes(event.properties) for event in events]  # type: ignore[arg-type]  # Raw is a buffer
    # Each is an object, seen in one go: JSON holds no bare control characters, so this one only stands between.
    if (_BETWEEN + _BETWEEN.join(texts)).count(_BETWEEN + b"{") != len(texts):
        raise _OutOfTheCommon
    for place, name in enumerate(names):
        if name in orders.NAMES:
            texts[place] = orders.checked(texts[place], name=name, currency=around.currency)
    return texts

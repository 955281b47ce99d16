"""From messages to facts and to what is said of customers; what cannot be used is listed with its reason."""

import hashlib
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
from msgspec import Raw

from regulars.accounts.actions.keys import is_visitor_token
from regulars.accounts.selectors import KeyInfo
from regulars.api.tracking import messages, orders, times
from regulars.api.tracking.messages import Body, Damaged, Event
from regulars.customers.normalise import as_is
from regulars.customers.tracking.facts import Tracked
from regulars.customers.tracking.rejected import Rejection
from regulars.customers.tracking.said import PREVIOUS, Said
from regulars.kernel.fact_names import PAGE_VIEWED, PRODUCT_FACTS, SCREEN_VIEWED
from regulars.kernel.models import Source

LONGEST_NAME = 300
LONGEST_MESSAGE_ID = 255
FACT_TYPES = {"track": "", "page": PAGE_VIEWED, "screen": SCREEN_VIEWED}
_SCIENTIFIC = re.compile(rb"[:,\[\s]-?[0-9][0-9.]*[eE]")


@dataclass(slots=True)
class Understood:
    """One call: its facts, what it says of customers, and what of it was not taken."""

    tracked: Tracked = field(default_factory=Tracked)
    said: list[Said] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is the same for every event of one call."""

    key: KeyInfo
    received_us: int
    currency: str
    visitor_token: str = ""
    may_hold_token: bool = False
    is_careful: bool = False

    @property
    def is_server(self) -> bool:
        return self.key.kind == Source.SERVER

    def carefully(self) -> "Circumstances":
        """The same, for a body that PostgreSQL may not be able to keep as it stands."""
        return replace(self, is_careful=True)


def understand(body: Body, *, kind: str | None, around: Circumstances) -> Understood:
    """Sort a call's events out. `kind` is the type of every event where the address says it."""
    whole = Understood()
    shift = times.shift_us(body.sent_at, around.received_us)
    for index, raw in enumerate(body.batch):
        event, text = None, bytes(raw)  # type: ignore[arg-type]
        try:
            event = messages.event_of(text)
            _sort_out(event, text, kind or event.type, shift, around, whole)
        except Damaged as reason:
            whole.rejections.append(_rejection(index, event, kind, str(reason)))
    return whole


def is_plain(content: bytes, properties: Sequence[bytes]) -> bool:
    """Whether PostgreSQL can keep it as it stands: no NUL, no broken UTF-8, no numbers of a million digits."""
    if b"\\u0000" in content or _may_hold_powers(b"\x1f".join(properties)):
        return False
    if not content.isascii():
        try:
            content.decode()
        except UnicodeDecodeError:
            return False
    return True


def _may_hold_powers(text: bytes) -> bool:
    """Whether some number is written with a power of ten. The first look, for a digit before an e, is the cheap one."""
    codes = np.frombuffer(text, np.uint8)
    suspects = ((codes[1:] | 32) == ord("e")) & (codes[:-1] - ord("0") < 10)
    return bool(suspects.any()) and _SCIENTIFIC.search(text) is not None


def _sort_out(
    event: Event, text: bytes, kind: str | None, shift: int, around: Circumstances, whole: Understood
) -> None:
    if kind in FACT_TYPES:
        _add_fact(event, text, FACT_TYPES[kind] or _name_of(event.event), shift, around, whole.tracked)
    elif kind in _SAID:
        whole.said.append(_SAID[kind](event, text, around))
    else:
        raise Damaged("The type is one of identify, track, page, screen, group and alias.")


def _add_fact(event: Event, text: bytes, name: str, shift: int, around: Circumstances, tracked: Tracked) -> None:
    user_id = _id(event.user_id, "userId")
    way = ("external", user_id) if user_id else ("anonymous", _visitor(event))
    is_trusted = around.is_server or (user_id is not None and _is_proven(user_id, event, around))
    occurred_us = _occurred(event, shift, around)
    properties = _properties(event, name, around)
    message_id = _message_id(event, text)
    tracked.who.append(tracked.way(way, is_verified=is_trusted))
    tracked.name.append(name)
    tracked.occurred_us.append(occurred_us)
    tracked.message_id.append(message_id)
    tracked.properties.append(properties)
    tracked.is_trusted.append(is_trusted)


@lru_cache(maxsize=4096)
def _name_of(said: str | None) -> str:
    """The name of a tracked fact; `Damaged` where it is none, or one of the product's own. There are few."""
    name = as_is(said or "")
    if name is None:
        raise Damaged("A track event needs a name in “event”, of at most 300 letters.")
    name = name.strip()
    if len(name) > LONGEST_NAME:
        raise Damaged("A track event needs a name in “event”, of at most 300 letters.")
    if name in PRODUCT_FACTS or name.casefold() in PRODUCT_FACTS:
        raise Damaged(f"“{name}” is a name Regulars uses for its own facts. Please choose another.")
    return name


def _id(value: messages.Id, field_name: str) -> str | None:
    if value is None or value == "":
        return None
    kept = as_is(value if type(value) is str else str(value))
    if kept is None and str(value).replace("\x00", "").strip():
        raise Damaged(f"The {field_name} is longer than 512 letters.")
    return kept


def _visitor(event: Event) -> str:
    visitor = _id(event.anonymous_id, "anonymousId")
    if visitor is None:
        raise Damaged("Each event needs a userId or an anonymousId.")
    return visitor


def _message_id(event: Event, text: bytes) -> str:
    """The sender's id. Without one, an event with its own time is known by its content; any other is new each time."""
    given = event.message_id
    if given is None or given == "":
        if event.timestamp or event.original_timestamp:
            return "content:" + hashlib.sha256(text).hexdigest()
        return str(uuid.uuid4())
    kept = str(given).replace("\x00", "").replace("\x1f", "") or hashlib.sha256(text).hexdigest()
    if len(kept) > LONGEST_MESSAGE_ID:
        return "sha256:" + hashlib.sha256(kept.encode("utf-8", "replace")).hexdigest()
    return kept


def _occurred(event: Event, shift: int, around: Circumstances) -> int:
    """When it happened. A program that gives both times means `timestamp`: the other is when it noted it."""
    said = event.timestamp or event.original_timestamp
    if not said:
        return around.received_us
    if event.sent_at is not None:
        shift = times.shift_us(event.sent_at, around.received_us)
    try:
        said_us = times.read(said)
    except (ValueError, OverflowError):
        raise Damaged(f"The timestamp “{said[:40]}” is not a time such as 2026-03-02T12:00:00Z.") from None
    return times.corrected(said_us, shift=shift, received_us=around.received_us)


def _properties(event: Event, name: str, around: Circumstances) -> bytes:
    text = messages.object_text(event.properties) or b"{}"
    if around.is_careful:
        text = messages.storable(text)
    if name in orders.NAMES:
        text = orders.checked(text, name=name, currency=around.currency)
    if (event.name or event.category) and name in (PAGE_VIEWED, SCREEN_VIEWED):
        text = _with(text, {"name": event.name, "category": event.category}, around)
    return text


def _with(text: bytes, further: dict[str, str | None], around: Circumstances) -> bytes:
    members = msgspec.json.decode(text, type=dict[str, Raw])
    members |= {key: Raw(msgspec.json.encode(value)) for key, value in further.items() if value and key not in members}
    joined = msgspec.json.encode(members)
    return messages.storable(joined) if around.is_careful else joined


def _identify(event: Event, text: bytes, around: Circumstances) -> Said:
    user_id, visitor = _id(event.user_id, "userId"), _id(event.anonymous_id, "anonymousId")
    if user_id is None:
        return _of_visitor(event, text, around, traits=_traits(event))
    return Said(
        _message_id(event, text),
        ("external", user_id),
        around.is_server or _is_proven(user_id, event, around),
        other=("anonymous", visitor) if visitor else None,
        traits=_traits(event),
    )


def _group(event: Event, text: bytes, around: Circumstances) -> Said:
    user_id, company = _id(event.user_id, "userId"), _id(event.group_id, "groupId")
    if company is None:
        raise Damaged("A group call needs a groupId.")
    if user_id is None:
        return _of_visitor(event, text, around, company=company, company_traits=_traits(event))
    return Said(
        _message_id(event, text),
        ("external", user_id),
        around.is_server or _is_proven(user_id, event, around),
        company=company,
        company_traits=_traits(event),
    )


def _alias(event: Event, text: bytes, around: Circumstances) -> Said:
    user_id, former = _id(event.user_id, "userId"), _id(event.previous_id, "previousId")
    if user_id is None or former is None:
        raise Damaged("An alias call needs a userId and a previousId.")
    return Said(
        _message_id(event, text),
        ("external", user_id),
        around.is_server or _is_proven(user_id, event, around),
        other=(PREVIOUS, former),
    )


def _of_visitor(event: Event, text: bytes, around: Circumstances, **said: Any) -> Said:
    return Said(_message_id(event, text), ("anonymous", _visitor(event)), around.is_server, **said)


_SAID: dict[str | None, Callable[[Event, bytes, Circumstances], Said]] = {
    "identify": _identify,
    "group": _group,
    "alias": _alias,
}


def _traits(event: Event) -> dict[str, Any]:
    """What is said of the customer, from where the SDKs put it."""
    traits = messages.object_of(event.traits)
    if not traits:
        within = messages.object_of(event.context).get("traits")
        traits = within if isinstance(within, dict) else {}
    return traits


def _is_proven(user_id: str, event: Event, around: Circumstances) -> bool:
    """Whether the company's own server signed that this browser is this user."""
    token = around.visitor_token
    if around.may_hold_token:
        within = messages.object_of(event.context).get("visitorToken")
        token = within if isinstance(within, str) else token
    return bool(token) and is_visitor_token(token, source_id=around.key.source_id, user_id=user_id)


def _rejection(index: int, event: Event | None, kind: str | None, reason: str) -> Rejection:
    if event is None:
        return Rejection(index, "invalid_event", reason, kind or "")
    return Rejection(
        index, "invalid_event", reason, kind or event.type or "", event.event or "", str(event.message_id or "")
    )

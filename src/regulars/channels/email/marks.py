"""Marks by which our own mail is known again when somebody answers it.

Three are signed with the installation's key and bound to the channel, so that nobody can write
themselves into a conversation by guessing its number: the plus-address an answer comes back to, our
Message-ID, and a marker in the text for providers that rewrite ids. The subject token is not: it is
short because people read it, and counts only from somebody who takes part already. Signatures are in
lower-case base 32, as mail servers may change an address's case.

A side conversation's marks begin with `s` where a conversation's begin with `c`, and are signed for another
use: neither can be turned into the other.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator

from django.conf import settings

SIGNED_LETTERS = 16  # 80 bits
LONGEST_LOCAL_PART = 64

_MARK = r"c(\d{1,18})\.([a-z2-7]{16})"
_PLUS = re.compile(r"(.+)\+([cs])(\d{1,18})\.([a-z2-7]{16})@(.+)", re.IGNORECASE | re.ASCII | re.DOTALL)
_ID = re.compile(r"<?([cs])(\d{1,18})\.([a-z2-7]{8})\.([a-z2-7]{16})@[^@>]{1,255}>?", re.IGNORECASE | re.ASCII)
_BODY = re.compile(rf"\[ref:{_MARK}\]", re.IGNORECASE | re.ASCII)
_SUBJECT = re.compile(r"\[#(\d{1,18})\]", re.ASCII)
_MOST_TOKENS = 20


def plus_address(address: str, *, channel_id: int, conversation_id: int) -> str:
    """Where answers in this conversation go; the plain address when there is no room for the mark."""
    return _plussed(address, f"c{conversation_id}.{_signature('address', channel_id, conversation_id)}")


def side_address(address: str, *, channel_id: int, side_id: int) -> str:
    """Where answers in this side conversation go; the plain address when there is no room for the mark."""
    return _plussed(address, f"s{side_id}.{_signature('side address', channel_id, side_id)}")


def conversation_of_address(address: str, *, channel_id: int) -> int | None:
    """The conversation a plus-address names, if we signed it for this channel."""
    found = _PLUS.fullmatch(address.strip())
    return _checked("address", channel_id, found[3], found[4]) if found and found[2] in "cC" else None


def side_of_address(address: str, *, channel_id: int) -> int | None:
    """The side conversation a plus-address names, if we signed it for this channel."""
    found = _PLUS.fullmatch(address.strip())
    return _checked("side address", channel_id, found[3], found[4]) if found and found[2] in "sS" else None


def bare_address(address: str) -> str:
    """The channel's own address in a marked one; the signature is not looked at."""
    found = _PLUS.fullmatch(address.strip())
    return f"{found[1]}@{found[5]}" if found else address.strip()


def message_id(about: str, *, channel_id: int, conversation_id: int, domain: str) -> str:
    """The Message-ID of what we send, without angle brackets: the same for the same `about` (`message:17`)."""
    part = _part(about)
    return f"c{conversation_id}.{part}.{_signature('id', channel_id, conversation_id, part)}@{domain}"


def side_message_id(about: str, *, channel_id: int, side_id: int, domain: str) -> str:
    """The same for what we send in a side conversation (`side:17`)."""
    part = _part(about)
    return f"s{side_id}.{part}.{_signature('side id', channel_id, side_id, part)}@{domain}"


def conversation_of_message_id(message_id: str, *, channel_id: int) -> int | None:
    """The conversation one of our own Message-IDs names, with or without brackets."""
    found = _ID.fullmatch(message_id.strip())
    is_one = found is not None and found[1] in "cC"
    return _checked("id", channel_id, found[2], found[4], found[3].lower()) if found and is_one else None


def side_of_message_id(message_id: str, *, channel_id: int) -> int | None:
    """The side conversation one of our own Message-IDs names, with or without brackets."""
    found = _ID.fullmatch(message_id.strip())
    is_one = found is not None and found[1] in "sS"
    return _checked("side id", channel_id, found[2], found[4], found[3].lower()) if found and is_one else None


def body_marker(*, channel_id: int, conversation_id: int) -> str:
    """A marker for the end of a text, for providers that rewrite Message-IDs."""
    return f"[ref:c{conversation_id}.{_signature('body', channel_id, conversation_id)}]"


def conversations_of_body(text: str, *, channel_id: int) -> Iterator[int]:
    """The conversations whose signed markers stand in a text, in order."""
    for found in list(_BODY.finditer(text))[:_MOST_TOKENS]:
        named = _checked("body", channel_id, found[1], found[2])
        if named is not None:
            yield named


def subject_token(conversation_id: int) -> str:
    """The number a subject may carry, as people read it."""
    return f"[#{conversation_id}]"


def conversations_of_subject(subject: str) -> list[int]:
    """The conversations a subject names; not signed, so ask whether the sender takes part."""
    return [int(number) for number in _SUBJECT.findall(subject)[:_MOST_TOKENS]]


def _plussed(address: str, mark: str) -> str:
    local, _, domain = address.rpartition("@")
    marked = f"{local}+{mark}"
    return f"{marked}@{domain}" if len(marked) <= LONGEST_LOCAL_PART else address


def _part(about: str) -> str:
    return _letters(hashlib.sha256(about.encode()).digest())[:8]


def _checked(use: str, channel_id: int, number: str, signed: str, *parts: str) -> int | None:
    conversation_id = int(number)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    wanted = [_signature(use, channel_id, conversation_id, *parts, key=key) for key in keys]
    is_ours = any(hmac.compare_digest(one, signed.lower()) for one in wanted)
    return conversation_id if is_ours else None


def _signature(use: str, channel_id: int, conversation_id: int, *parts: str, key: str | None = None) -> str:
    said = ":".join(["regulars.marks", use, str(channel_id), str(conversation_id), *parts])
    secret = settings.SECRET_KEY if key is None else key
    return _letters(hmac.digest(secret.encode(), said.encode(), "sha256"))[:SIGNED_LETTERS]


def _letters(digest: bytes) -> str:
    return base64.b32encode(digest).decode().rstrip("=").lower()

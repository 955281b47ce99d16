"""One way to recognise a customer is one value: how identities and searched text are written down.

Each reader takes what somebody sent and gives the value to keep, or None when it cannot serve to
recognise anybody (empty, too long, not an address, not a number).
"""

import re
import unicodedata
from collections.abc import Callable

LONGEST = 512  # characters; a unique index cannot hold much more than a few of these

# Letters that Unicode does not take apart, but that people type as two or without their stroke.
_FOLDED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_NUMBER_MARKS = frozenset(" .-/()\u00a0\u2009\u202f\u2010\u2011\u2012\u2013")


def fold(text: str) -> str:
    """Text as the search compares it: no case, no accents, single spaces."""
    if text.isascii():
        return " ".join(text.replace("\x00", "").lower().split())
    taken_apart = unicodedata.normalize("NFKD", clean(text).casefold())
    bare = "".join(letter for letter in taken_apart if not unicodedata.combining(letter))
    return " ".join(bare.translate(_FOLDED).split())


def clean(text: str) -> str:
    """Text that PostgreSQL can store: no NUL and no half of a surrogate pair."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")


def identity(kind: str, value: str) -> str | None:
    """The value under which an identity of this kind is kept."""
    return _READERS[kind](value)


def as_is(value: str) -> str | None:
    """An identifier of somebody else's making: only what cannot be stored is left out."""
    kept = clean(value)
    return kept if kept.strip() and len(kept) <= LONGEST else None


def email(value: str) -> str | None:
    """An address in lower case, without invisible signs or a display name around it."""
    text = unicodedata.normalize("NFKC", clean(value)).translate(_INVISIBLE).strip()
    if text.endswith(">") and "<" in text:
        text = text[text.rindex("<") + 1 : -1].strip()
    text = text.removeprefix("mailto:").lower().rstrip(".")
    return text if len(text) <= 254 and _ADDRESS.fullmatch(text) else None


def phone(value: str) -> str | None:
    """The digits of a number, with + before them when it names its country."""
    text = unicodedata.normalize("NFKC", clean(value)).translate(_INVISIBLE).strip().removeprefix("tel:")
    is_international = text.startswith(("+", "00"))
    if text.startswith("+"):
        text = text[1:].replace("(0)", "")
    elif text.startswith("00"):
        text = text[2:].replace("(0)", "")
    if any(not sign.isdecimal() and sign not in _NUMBER_MARKS for sign in text):
        return None
    digits = "".join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())
    return ("+" if is_international else "") + digits if 5 <= len(digits) <= 15 else None


_READERS: dict[str, Callable[[str], str | None]] = {
    "external": as_is,
    "anonymous": as_is,
    "handle": as_is,
    "email": email,
    "phone": phone,
}

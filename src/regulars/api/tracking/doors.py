"""Which key a call carries, and what it opens; looked up at most every few seconds."""

import base64
import binascii
import time

from regulars.accounts import selectors
from regulars.accounts.actions import keys
from regulars.accounts.selectors import KeyInfo
from regulars.kernel import page_settings

REMEMBERED_SECONDS = 5.0  # so long a revoked key may still work in a process that used it
_MOST_REMEMBERED = 1_000


def presented(headers: dict[bytes, bytes]) -> str | None:
    """The key in the Authorization header: Basic with the key as the user, or Bearer."""
    scheme, _, value = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() == b"bearer":
        return value.strip().decode("latin-1") or None
    if scheme.lower() == b"basic":
        try:
            return base64.b64decode(value, validate=False).decode("latin-1").partition(":")[0] or None
        except (binascii.Error, ValueError):
            return None
    return None


class Doors:
    """The keys one process knows, and the company's currency."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, KeyInfo | None]] = {}
        self._currency: tuple[float, str] = (0.0, "EUR")

    def remembered(self, text: str) -> tuple[bool, KeyInfo | None]:
        """Whether a key was looked up just now, and what it opens."""
        known = self._known.get(text)
        if known is None or known[0] < time.monotonic():
            return False, None
        return True, known[1]

    def open(self, text: str) -> KeyInfo | None:
        """What a key opens; asks the database, so it is called in a thread."""
        found = selectors.key_for(text)
        if found:
            keys.note_use(found.id)
        if len(self._known) >= _MOST_REMEMBERED:
            self._known = {}
        self._known[text] = (time.monotonic() + REMEMBERED_SECONDS, found)
        return found

    def currency(self) -> str:
        """The company's currency; asks the database now and then, so it is called in a thread."""
        until, value = self._currency
        if until < time.monotonic():
            value = page_settings.value("currency")
            self._currency = (time.monotonic() + REMEMBERED_SECONDS, value)
        return value

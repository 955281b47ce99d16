"""DKIM: our signature on a mail, for channels whose server does not sign by itself.

Needs the package `dkimpy` (`pip install regulars[dkim]`) and an RSA key.
"""

from dataclasses import replace
from typing import Any

from regulars.channels.email.out import dkim_keys
from regulars.channels.email.out.composing import Parcel
from regulars.kernel.errors import DomainError

SIGNED = (
    "from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references", "reply-to", "mime-version",
    "content-type", "content-transfer-encoding", "auto-submitted",
)  # fmt: skip


class CannotSign(DomainError):
    """This mail could not be signed (DKIM): the channel's key cannot be read. It was not sent; enter the key again."""


class NoSigner(DomainError):
    """This channel wants its mail signed (DKIM), and the package dkimpy is not installed. The mail was not sent."""


def signed(parcel: Parcel, channel: dict[str, Any], secret: dict[str, str]) -> Parcel:
    """The parcel with a signature on top, when the channel has a key; without one as it is."""
    key, selector = secret.get("dkim_key", ""), str(channel.get("dkim_selector") or "")
    if not key or not selector:
        return parcel
    domain = dkim_keys.domain_of(channel, sender=parcel.sender)
    return replace(parcel, raw=_signature(parcel.raw, selector=selector, domain=domain, key=key) + parcel.raw)


def _signature(raw: bytes, *, selector: str, domain: str, key: str) -> bytes:
    try:
        import dkim
    except ImportError as missing:
        raise NoSigner from missing
    present = {line.split(b":")[0].lower() for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n")}
    named = [name.encode() for name in SIGNED if name.encode() in present]
    try:
        return dkim.sign(
            raw,
            selector.encode("ascii"),
            domain.encode("ascii"),
            key.encode("ascii"),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*named, b"from"],  # once more than it is there: nobody can add another one
        )
    except (dkim.DKIMException, ValueError, UnicodeError) as broken:
        raise CannotSign from broken

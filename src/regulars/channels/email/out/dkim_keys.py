"""Keys by which we sign mail (DKIM): read once when somebody enters one, and what to publish for it."""

import importlib.util
import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from regulars.channels.errors import CannotSignHere, KeyNotReadable, SelectorNotUsable

FEWEST_BITS: Final = 1_024  # RFC 8301: shorter ones are no proof
MOST_BITS: Final = 4_096  # longer ones, receivers need not check
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,10}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Record:
    """What the domain's name server must say (TXT), so that others can check our signature."""

    name: str
    value: str


def insist(channel: dict[str, Any], secret: dict[str, str]) -> None:
    """Refuse what would stop a mail, or leave it unsigned where somebody wanted it signed."""
    selector, key = str(channel.get("dkim_selector") or ""), secret.get("dkim_key", "")
    if key:
        _read(key)
    if not selector:
        return
    domain = str(channel.get("dkim_domain") or "")
    if not _NAME.fullmatch(selector) or not key or (domain and not _NAME.fullmatch(_ascii(domain))):
        raise SelectorNotUsable
    if importlib.util.find_spec("dkim") is None:
        raise CannotSignHere


def plain(key: str) -> str:
    """A key as the signing library reads it, however it was pasted."""
    return _read(key).private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


def domain_of(channel: dict[str, Any], *, sender: str) -> str:
    """The domain that signs: the one that is set, else the sender's; as name servers spell it."""
    return _ascii(str(channel.get("dkim_domain") or "") or sender.rpartition("@")[2])


def record(channel: dict[str, Any], secret: dict[str, str], *, sender: str) -> Record | None:
    """What to publish; None where nothing is signed, as with mail services, which sign by themselves."""
    selector, key = str(channel.get("dkim_selector") or ""), secret.get("dkim_key", "")
    if not selector or not key or channel.get("out_provider"):
        return None
    public = _read(key).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    name = f"{selector}._domainkey.{domain_of(channel, sender=sender)}"
    return Record(name, f"v=DKIM1; k=rsa; p={b64encode(public).decode()}")


def _read(key: str) -> RSAPrivateKey:
    try:
        found = load_pem_private_key(key.strip().encode("ascii"), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as broken:
        raise KeyNotReadable from broken
    if not isinstance(found, RSAPrivateKey) or not FEWEST_BITS <= found.key_size <= MOST_BITS:
        raise KeyNotReadable
    return found


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError as broken:
        raise SelectorNotUsable from broken

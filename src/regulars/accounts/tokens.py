"""Unguessable texts that prove something once given, of which only the hash is kept."""

import hashlib
import secrets


def fresh() -> tuple[str, bytes]:
    """A new token (256 random bits) and the hash to keep."""
    text = secrets.token_urlsafe(32)
    return text, digest(text)


def digest(text: str) -> bytes:
    """The hash a token is found by. The text is random enough to need no salt and no slow hash."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()

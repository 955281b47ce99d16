"""Secrets at rest: encrypted with a key derived from the installation's own, one for each use."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from regulars.kernel.errors import DomainError


class SecretNotReadable(DomainError):
    """A stored secret cannot be read with this installation's key. Enter it again."""


def seal(text: str, *, use: str) -> bytes:
    """Encrypt a secret; `use` separates what is kept for one thing from what is kept for another."""
    return _cipher(use).encrypt(text.encode())


def unseal(sealed: bytes, *, use: str) -> str:
    """Read a sealed secret; refuses one that another key or use sealed."""
    try:
        return _cipher(use).decrypt(bytes(sealed)).decode()
    except InvalidToken as refusal:
        raise SecretNotReadable from refusal


def _cipher(use: str) -> Fernet:
    key = hashlib.sha256(f"{use}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))

"""Signatures by the Standard Webhooks convention: HMAC-SHA256 over id, time and body, in base 64."""

import base64
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 256 random bits, as it is shown once."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(keys: Sequence[str], *, event_id: str, at: int, body: bytes) -> dict[str, str]:
    """What goes with a body: its id, its time, and the proof that both and the body are ours, one for each secret."""
    said = f"{event_id}.{at}.".encode() + body
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{_proof(key, said)}" for key in keys),
    }


def _proof(secret: str, said: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, said, "sha256")).decode()

"""Signatures by the Standard Webhooks convention: HMAC-SHA256 over id, time and body, in base 64."""

import base64
import hmac
import secrets

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 256 random bits, as it is shown once."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(secret: str, *, event_id: str, at: int, body: bytes) -> dict[str, str]:
    """What goes with a body: its id, its time, and the proof that both and the body are ours."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    proof = hmac.digest(key, f"{event_id}.{at}.".encode() + body, "sha256")
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(proof).decode()}",
    }

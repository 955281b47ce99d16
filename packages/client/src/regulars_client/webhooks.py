"""Knowing that a webhook's notice comes from the desk: signed with its secret, and not long ago."""

# pyright: strict

import base64
import binascii
import hmac
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from regulars_client.errors import NotSigned

PREFIX = "whsec_"


class Notice(Struct, frozen=True):
    """What happened: `type` is the name of a fact, `data` its properties. The same `id` may come twice."""

    id: str
    type: str
    timestamp: datetime
    data: dict[str, Any]


def verify_webhook(
    body: bytes,
    headers: Mapping[str, str],
    secret: str | Sequence[str],
    *,
    tolerance_seconds: float = 300.0,
    now: float | None = None,
) -> Notice:
    """The notice in a request to your webhook, or `NotSigned`.

    `body` is as it came, byte for byte; `secret` the webhook's, or several while it is changed. Compared in
    constant time; what was signed longer ago than the tolerance is refused.
    """
    named = {name.lower(): value for name, value in headers.items()}
    notice_id, at = named.get("webhook-id", ""), named.get("webhook-timestamp", "")
    _insist_it_is_fresh(at, time.time() if now is None else now, tolerance_seconds)
    said = f"{notice_id}.{at}.".encode() + body
    proofs = [_proof(each, said) for each in ([secret] if isinstance(secret, str) else secret)]
    given = [each.removeprefix("v1,").encode() for each in named.get("webhook-signature", "").split(" ")]
    fits = [hmac.compare_digest(proof, each) for proof in proofs for each in given]  # every one is compared
    if not any(fits):
        raise NotSigned("The signature does not fit: another secret, or not what was signed.")
    return msgspec.json.decode(body, type=Notice)


def _insist_it_is_fresh(at: str, now: float, tolerance_seconds: float) -> None:
    if not (at.isascii() and at.isdigit() and len(at) < 16):
        raise NotSigned("There is no time among the headers.")
    if abs(now - int(at)) > tolerance_seconds:
        raise NotSigned("This was signed too long ago, or a clock is wrong.")


def _proof(secret: str, said: bytes) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("A secret begins with whsec_ and goes on in base 64.") from error
    return base64.b64encode(hmac.digest(key, said, "sha256"))

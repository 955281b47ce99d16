"""Asking for tokens: once with what a person allowed, afterwards with the token that renews them."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from regulars.channels.email.oauth.services import Giver
from regulars.kernel import clock, outside
from regulars.kernel.errors import DomainError
from regulars.kernel.said import phrase as _
from regulars.kernel.said import refusal_of, shown

SECONDS: Final = 20
MOST_READ: Final = 65_536
USUAL_LIFE: Final = 3_000  # seconds, where nobody says


class NotGiven(Exception):
    """There is no token; the text says why and what to do. `is_refusal` when asking again changes nothing."""

    def __init__(self, words: str, *, is_refusal: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.is_refusal = is_refusal

    def __str__(self) -> str:
        """In the language of whoever reads it now; `words` are to be put down."""
        return shown(self.words)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A token to sign in with, until when it holds, and one that renews it (empty where it stays the same)."""

    access: str
    expires_at: datetime
    refresh: str = ""


def address(giver: Giver, *, redirect: str, state: str, verifier: str, hint: str) -> str:
    """Where a person allows it."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    said = {
        "response_type": "code", "client_id": giver.client_id, "redirect_uri": redirect, "scope": giver.scope,
        "state": state, "code_challenge": challenge, "code_challenge_method": "S256", "login_hint": hint,
        **dict(giver.asks_for),
    }  # fmt: skip
    return f"{giver.authorize_url}{'&' if '?' in giver.authorize_url else '?'}{urlencode(said)}"


def exchange(giver: Giver, *, code: str, verifier: str, redirect: str) -> Tokens:
    """Tokens for what a person allowed just now; raises `NotGiven`."""
    return _ask(giver, grant_type="authorization_code", code=code, code_verifier=verifier, redirect_uri=redirect)


def renew(giver: Giver, *, refresh: str) -> Tokens:
    """New tokens for old; raises `NotGiven`."""
    return _ask(giver, grant_type="refresh_token", refresh_token=refresh)


def _ask(giver: Giver, **said: str) -> Tokens:
    named = {"client_id": giver.client_id, **({"client_secret": giver.client_secret} if giver.client_secret else {})}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        answer = outside.post(
            giver.token_url, urlencode({**named, **said}).encode(), headers=headers, seconds=SECONDS, most=MOST_READ
        )
    except DomainError as refusal:
        raise NotGiven(refusal_of(refusal), is_refusal=True) from refusal
    except outside.NoAnswer as silence:
        words = _("%(who)s does not answer (%(why)s). It is tried again by itself.")
        raise NotGiven(words % {"who": giver.label, "why": silence}) from silence
    return _read(giver, answer.status, _object(answer.body))


def _read(giver: Giver, status: int, said: dict[str, Any]) -> Tokens:
    access = said.get("access_token")
    if status == 200 and isinstance(access, str) and access.isascii() and access.isprintable() and access:
        life = said.get("expires_in")
        seconds = int(str(life)) if str(life).isdecimal() else USUAL_LIFE
        refresh = said.get("refresh_token")
        return Tokens(access, clock.now() + timedelta(seconds=seconds), refresh if isinstance(refresh, str) else "")
    reason = str(said.get("error") or status)[:100]
    if 400 <= status < 500 and status not in (408, 429):
        words = _("%(who)s gives no more tokens (%(why)s). Connect the mailbox again on its page in the settings.")
        raise NotGiven(words % {"who": giver.label, "why": reason}, is_refusal=True)
    words = _("%(who)s cannot give a token now (%(why)s). It is tried again by itself.")
    raise NotGiven(words % {"who": giver.label, "why": reason})


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}

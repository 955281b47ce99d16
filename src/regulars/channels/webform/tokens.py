"""What a form carries to show that it was opened a while ago, and that it is sent once.

Signed and bound to its channel. The number in it (`nonce`) is the source's own id of what is sent, so
that the same form sent twice comes in once, and what a browser worked out for it (`work`) buys one
submission and no second.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.signing import BadSignature, Signer

QUICKEST: Final = timedelta(seconds=2)
QUICKEST_WITHOUT_WORK: Final = timedelta(seconds=8)
OLDEST: Final = timedelta(hours=24)
FINE, TOO_QUICK, TOO_OLD = "fine", "too quick", "too old"
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Token:
    """A token of ours that was read."""

    nonce: str
    issued_at: datetime

    @property
    def source_key(self) -> str:
        """The key under which what is sent with it comes in once."""
        return f"form:{self.nonce}"


def issue(channel_id: int, *, at: datetime) -> str:
    """A fresh token for a form that is opened now."""
    said = f"{channel_id}.{int(at.timestamp() * 1000)}.{secrets.token_urlsafe(18)}"
    return _signer().sign(said)


def read(text: str, *, channel_id: int) -> Token | None:
    """What a token says, or None when we did not write it for this form."""
    if len(text) > LONGEST:
        return None
    try:
        channel, moment, nonce = _signer().unsign(text).split(".", 2)
    except (BadSignature, ValueError):
        return None
    if channel != str(channel_id):
        return None
    return Token(nonce, datetime.fromtimestamp(int(moment) / 1000, UTC))


def judge(token: Token, *, has_work: bool, at: datetime) -> str:
    """Whether a person can have written this in the time; who did some work may be quicker."""
    age = at - token.issued_at
    if age < (QUICKEST if has_work else QUICKEST_WITHOUT_WORK):
        return TOO_QUICK
    return TOO_OLD if age > OLDEST else FINE


def _signer() -> Signer:
    return Signer(salt="regulars.webform")

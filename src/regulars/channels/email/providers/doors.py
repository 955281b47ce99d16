"""The address at which a mail service brings mail to a channel: it names the channel, and nobody can guess it.

The secret in it is worked out from the installation's key and a number that changes when somebody asks for
a new address, so that nothing has to be stored to check it.
"""

import base64
import hmac
import re
from typing import Any, Final

from django.conf import settings

LETTERS: Final = 32  # 160 bits
_TOKEN = re.compile(r"(\d{1,18})-([a-z2-7]{32})", re.ASCII)


def token(channel_id: int, channel: dict[str, Any]) -> str:
    """What stands in the address, by the channel's settings."""
    return f"{channel_id}-{_secret(channel_id, channel, settings.SECRET_KEY)}"


def channel_named(said: str) -> int | None:
    """The channel a token names; whether it is right only its settings tell."""
    found = _TOKEN.fullmatch(said)
    return int(found[1]) if found else None


def is_right(said: str, *, channel_id: int, channel: dict[str, Any]) -> bool:
    """Whether we gave this token out for the channel, and no newer one since."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    wanted = [f"{channel_id}-{_secret(channel_id, channel, key)}" for key in keys]
    return any(hmac.compare_digest(each, said) for each in wanted)


def _secret(channel_id: int, channel: dict[str, Any], key: str) -> str:
    said = f"regulars.mail-in:{channel_id}:{channel.get('door_number', 0)}"
    digest = hmac.digest(key.encode(), said.encode(), "sha256")
    return base64.b32encode(digest).decode().lower()[:LETTERS]

"""Who gives tokens for a mailbox: where to ask for permission, where to renew it, and for what."""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Giver:
    """Somebody who gives tokens, and our own app there."""

    label: str
    authorize_url: str
    token_url: str
    scope: str
    client_id: str
    client_secret: str
    asks_for: tuple[tuple[str, str], ...] = ()


KNOWN: Final[dict[str, dict[str, Any]]] = {
    "google": {
        "label": "Google",
        "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
        "token_url": "https://oauth2.googleapis.com/token",
        "scope": "https://mail.google.com/",
        "asks_for": (("access_type", "offline"), ("prompt", "consent")),
    },
    "microsoft": {
        "label": "Microsoft 365",
        "authorize_url": "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "token_url": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "scope": "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
    },
}
OTHER: Final = "other"


def giver(channel: dict[str, Any], secret: dict[str, str]) -> Giver | None:
    """Who gives a channel's tokens, by its settings and secrets; None where it signs in otherwise."""
    name = str(channel.get("oauth_giver") or "")
    client: dict[str, Any] = {
        "client_id": str(channel.get("oauth_client_id") or ""),
        "client_secret": secret.get("oauth_secret", ""),
    }
    if name in KNOWN:
        return Giver(**KNOWN[name], **client)
    if name != OTHER:
        return None
    said: dict[str, Any] = {
        part: str(channel.get(f"oauth_{part}") or "") for part in ("authorize_url", "token_url", "scope")
    }
    return Giver(label=said["token_url"].split("/")[2] if "//" in said["token_url"] else "", **said, **client)

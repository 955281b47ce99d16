"""Where a channel's mail lies, by its settings."""

from dataclasses import dataclass
from typing import Any, Literal

Security = Literal["tls", "starttls", "none"]
PORTS: dict[Security, int] = {"tls": 993, "starttls": 143, "none": 143}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server and a folder on it, and how we prove who we are: by password, or by a token (XOAUTH2)."""

    host: str
    port: int
    security: Security = "tls"
    user: str = ""
    password: str = ""
    token: str = ""
    folder: str = "INBOX"
    connecting_seconds: float = 20
    answer_seconds: float = 60


def way_in(channel: dict[str, Any], secret: dict[str, str]) -> Server | None:
    """The server by a channel's settings and secrets; None when mail does not come from one."""
    host = str(channel.get("imap_host") or "").strip()
    if not host:
        return None
    security = channel.get("imap_security")
    security = security if security in PORTS else "tls"
    uses_token = channel.get("imap_auth") == "xoauth2" or bool(channel.get("oauth_giver"))
    return Server(
        host=host,
        port=int(channel.get("imap_port") or PORTS[security]),
        security=security,
        user=str(channel.get("imap_user") or ""),
        password="" if uses_token else secret.get("imap_password", ""),
        token=secret.get("imap_token", "") if uses_token else "",
        folder=str(channel.get("imap_folder") or "INBOX"),
    )

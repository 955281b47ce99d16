"""The way out of a channel: its own mail server, else the installation's."""

from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings

from regulars.channels.email.out import services
from regulars.channels.email.out.services import Service
from regulars.kernel import mail_url
from regulars.kernel.errors import DomainError

Security = Literal["starttls", "tls", "none"]
PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}


class NoWayOut(DomainError):
    """No mail server is set for this channel, nor for the installation. Set one in Settings, then send again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, in seconds: for a connection, an answer, the answer after the mail, and for all of it."""

    connecting: float = 20
    answer: float = 30
    after_the_end: float = 180
    altogether: float = 480


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server, and how we prove who we are: by password, or by a token (XOAUTH2)."""

    host: str
    port: int
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    token: str = ""
    patience: Patience = Patience()


@dataclass(frozen=True, slots=True, kw_only=True)
class DjangoBackend:
    """Whatever else the installation's `EMAIL_BACKEND` names: a provider's, or the log."""

    path: str


Way = Server | DjangoBackend | Service


def way_out(channel: dict[str, Any], secret: dict[str, str]) -> Way:
    """The way out by a channel's settings and secrets; raises `NoWayOut` when there is none."""
    if (called := services.service(channel, secret)) is not None:
        return called
    host = str(channel.get("smtp_host") or "").strip()
    return _own(host, channel, secret) if host else _installations()


def _own(host: str, channel: dict[str, Any], secret: dict[str, str]) -> Server:
    security = channel.get("smtp_security")
    security = security if security in PORTS else "starttls"
    uses_token = channel.get("smtp_auth") == "xoauth2" or bool(channel.get("oauth_giver"))
    return Server(
        host=host,
        port=int(channel.get("smtp_port") or PORTS[security]),
        security=security,
        user=str(channel.get("smtp_user") or ""),
        password="" if uses_token else secret.get("smtp_password", ""),
        token=secret.get("smtp_token", "") if uses_token else "",
    )


def _installations() -> Way:
    if settings.EMAIL_BACKEND == mail_url.SMTP:
        security: Security = "tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none"
        return Server(
            host=settings.EMAIL_HOST,
            port=settings.EMAIL_PORT,
            security=security,
            user=settings.EMAIL_HOST_USER,
            password=settings.EMAIL_HOST_PASSWORD,
        )
    if settings.EMAIL_BACKEND == mail_url.CONSOLE and not settings.MAIL_TO_THE_LOG:
        raise NoWayOut
    return DjangoBackend(path=settings.EMAIL_BACKEND)

"""Handing a mail to a mail service by a call, with the channel's own key; so that nobody doubts whether it left.

The mail is the one every channel writes, taken apart again into what services ask for. It carries its name
with it (`regulars`), by which the service's news of it is known again.
"""

import warnings
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.encoders import encode_base64
from email.message import EmailMessage as Mail
from email.mime.base import MIMEBase
from email.utils import make_msgid
from typing import Any, Final

from django.core.mail import EmailMultiAlternatives, get_connection

from regulars.channels.email.out.composing import Parcel
from regulars.channels.email.out.outcomes import Outcome, readable
from regulars.channels.email.providers import PROVIDERS
from regulars.kernel.said import phrase as gettext

SECONDS: Final = 30
_OWN: Final = {"from", "to", "cc", "bcc", "subject", "date", "mime-version", "content-type", "reply-to",
               "content-transfer-encoding", "dkim-signature"}  # fmt: skip
_EUROPE: Final = {"mailgun": "https://api.eu.mailgun.net/v3"}
_KEEP_ID: Final = {"postmark": {"X-PM-KeepID": "true"}}
_KEY_REFUSED: Final = (401, 403)
_LATER: Final = (408, 429, 503)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A mail service, our key there, and what Mailgun wants to know besides."""

    provider: str
    key: str
    domain: str = ""
    is_in_europe: bool = False
    url: str = ""  # for tests


def service(channel: dict[str, Any], secret: dict[str, str]) -> Service | None:
    """The service a channel sends through, by its settings and secrets."""
    name = str(channel.get("out_provider") or "")
    if name not in PROVIDERS or not PROVIDERS[name].carries:
        return None
    region = channel.get("out_region")
    return Service(
        provider=name, key=secret.get("out_key", ""), domain=str(channel.get("out_domain") or ""),
        is_in_europe=region == "eu",
    )  # fmt: skip


def carry(parcel: Parcel, *, service: Service) -> Outcome:
    """Hand a mail over and say what became of it. Without an answer nobody knows, and nobody tries by themselves."""
    from anymail.exceptions import AnymailError
    from requests.exceptions import RequestException

    try:
        with _backend(service) as backend:
            backend.send_messages([_message(parcel, service)])
    except (AnymailError, RequestException) as fault:
        return _refused(fault, service) if _was_answered(fault) else _silent(fault, service)
    return Outcome(state="sent")


def _was_answered(fault: Exception) -> bool:
    """By the service, or by Anymail itself, which refuses what a service cannot carry before it asks."""
    from requests.exceptions import RequestException

    return getattr(fault, "response", None) is not None or not isinstance(fault, RequestException)


def _silent(fault: Exception, service: Service) -> Outcome:
    """A line that never stood carried nothing; one that was cut may have."""
    from requests.exceptions import ConnectTimeout, Timeout

    label = {"service": PROVIDERS[service.provider].label}
    if isinstance(fault, ConnectTimeout) or _never_stood(fault):
        words = gettext("%(service)s cannot be reached. It is tried again by itself.")
        return Outcome(state="later", words=words % label, is_channels=True)
    if isinstance(fault, Timeout):
        words = gettext("%(service)s did not answer in time: it may or may not have sent this.")
        return Outcome(state="unknown", words=words % label)
    return Outcome(state="unknown", words=readable(str(fault.__cause__ or fault)))


def _never_stood(fault: Exception) -> bool:
    from urllib3.exceptions import NewConnectionError

    cause: Any = fault.__cause__ or fault
    return isinstance(getattr(cause.args[0] if cause.args else None, "reason", None), NewConnectionError)


def _refused(refusal: Any, service: Service) -> Outcome:
    """The service said no, or could not say yes."""
    status, label = getattr(refusal, "status_code", None) or 0, PROVIDERS[service.provider].label
    answer = getattr(getattr(refusal, "response", None), "text", "") or str(refusal)
    words = readable(f"{label} {status or ''}: {answer}")
    if status in _KEY_REFUSED:
        said = gettext(
            "%(service)s refused the key. Enter it again in this mailbox's settings; then what waits is sent."
        )
        return Outcome(state="later", words=said % {"service": label}, is_channels=True)
    if status in _LATER:
        return Outcome(state="later", words=words)
    return Outcome(state="unknown" if status >= 500 or 200 <= status < 300 else "failed", words=words)


def _backend(service: Service) -> Any:
    options: dict[str, Any] = {PROVIDERS[service.provider].key_option: service.key, "requests_timeout": SECONDS}
    if service.provider == "mailgun":
        options["sender_domain"] = service.domain or None
    url = service.url or (_EUROPE.get(service.provider, "") if service.is_in_europe else "")
    if url:
        options["api_url"] = url
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Anymail looks after SendGrid no more; what we ask of it is tested
        return get_connection(f"anymail.backends.{service.provider}.EmailBackend", **options)


def _message(parcel: Parcel, service: Service) -> EmailMultiAlternatives:
    mail: Any = message_from_bytes(parcel.raw, policy=policy.default)
    shown = {name: _addresses(mail, name) for name in ("to", "cc")}
    named = {one.rpartition("<")[2].rstrip(">") for line in shown.values() for one in line}
    message = EmailMultiAlternatives(
        subject=str(mail["Subject"] or ""),
        body=_text(mail, "plain"),
        from_email=str(mail["From"]),
        to=shown["to"],
        cc=shown["cc"],
        bcc=[one for one in parcel.recipients if one not in named],
        reply_to=_addresses(mail, "reply-to"),
        headers=_headers(mail) | _KEEP_ID.get(service.provider, {}),
    )
    if html := _text(mail, "html"):
        message.attach_alternative(html, "text/html")
    _attach(message, mail, service)
    name = str(mail["Message-ID"] or make_msgid()).strip("<> ")
    message.metadata = {"regulars": name}  # type: ignore[attr-defined]  # Anymail's
    return message


def _addresses(mail: Any, name: str) -> list[str]:
    header = mail[name]
    return [str(one) for one in header.addresses if one.addr_spec] if header is not None else []


def _headers(mail: Mail) -> dict[str, str]:
    """What threads and machines go by; the rest the service writes itself."""
    return {name: str(value) for name, value in mail.items() if name.lower() not in _OWN}


def _text(mail: Any, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return part.get_content() if part is not None else ""


def _attach(message: EmailMultiAlternatives, mail: Mail, service: Service) -> None:
    bodies = {id(mail.get_body(preferencelist=(kind,))) for kind in ("plain", "html")}  # type: ignore[arg-type]
    for part in mail.walk():
        if part.is_multipart() or id(part) in bodies:
            continue
        content = part.get_payload(decode=True) or b""
        if not part["Content-ID"] or not PROVIDERS[service.provider].shows_pictures:
            message.attach(part.get_filename() or "file", content, part.get_content_type())
            continue
        shown = MIMEBase(part.get_content_maintype(), part.get_content_subtype())
        shown.set_payload(content)
        encode_base64(shown)
        shown.add_header("Content-Disposition", "inline", filename=part.get_filename() or "file")
        shown.add_header("Content-ID", str(part["Content-ID"]))
        message.attach(shown)

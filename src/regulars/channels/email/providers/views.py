"""Anymail's readers of calls, each with one channel's keys; loaded when the first call comes.

A call is let in by the secret in its address; where the service signs its calls, the signature is
checked as well.
"""

import warnings
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, Final, cast
from urllib.parse import quote, urljoin

_CLASSES: Final = {"mailgun": "Mailgun", "postmark": "Postmark", "sendgrid": "SendGrid", "brevo": "Brevo"}
FILE_SECONDS: Final = 20
LARGEST_FILE: Final = 30 * 1024 * 1024


def events_of(request: Any, *, provider: str, tells: bool, secret: dict[str, str]) -> Sequence[Any]:
    """What a call says: of mail that came, or, where it `tells`, of mail that left. Raises `NotTheirs`."""
    from anymail.exceptions import AnymailWebhookValidationFailure

    view = _view(provider, tells)(**_keys(provider, secret, tells=tells))
    try:
        view.run_validators(request)
    except AnymailWebhookValidationFailure as refusal:
        raise NotTheirs(str(refusal)) from refusal
    return cast("Sequence[Any]", view.parse_events(request))


def check(request: Any, *, provider: str, secret: dict[str, str]) -> None:
    """Whether a call that brings mail is from the service itself, where it signs; raises `NotTheirs`."""
    from anymail.exceptions import AnymailWebhookValidationFailure

    try:
        _view(provider, tells=False)(**_keys(provider, secret, tells=False)).run_validators(request)
    except AnymailWebhookValidationFailure as refusal:
        raise NotTheirs(str(refusal)) from refusal


class NotTheirs(Exception):
    """A call that the service did not sign."""


def _keys(provider: str, secret: dict[str, str], *, tells: bool) -> dict[str, Any]:
    """A key that is asked for and not set lets nothing through: an empty one signs nothing."""
    signing = secret.get("in_signing_key", "")
    if provider == "mailgun":
        if not signing:
            raise NotTheirs("no signing key is set")
        return {"webhook_signing_key": signing}
    if provider == "sendgrid" and tells and signing:
        return {"tracking_webhook_verification_key": signing}
    if provider == "brevo" and not tells:
        return {"api_key": secret.get("out_key", "")}
    return {}


@cache
def _view(provider: str, tells: bool) -> type[Any]:
    """The reader's class, without the warning that a password is missing: the address is the password."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = import_module(f"anymail.webhooks.{provider}")
        from anymail.exceptions import AnymailInsecureWebhookWarning, AnymailNotSupportedWarning
    for category in (AnymailInsecureWebhookWarning, AnymailNotSupportedWarning):
        warnings.filterwarnings("ignore", category=category)
    name = f"{_CLASSES[provider]}{'Tracking' if tells else 'Inbound'}WebhookView"
    extra: dict[str, Any] = {"warn_if_no_basic_auth": False, "basic_auth": None}
    if provider == "brevo" and not tells:
        extra["_fetch_attachment"] = _file_of_brevo
    return type(name, (getattr(module, name),), extra)


def _file_of_brevo(view: Any, attachment: dict[str, Any]) -> Any:
    """Brevo keeps the files and gives them to who asks with the key; asked for a limited time, and no giants."""
    import requests
    from anymail.inbound import AnymailInboundMessage

    url = urljoin(view.api_url, f"inbound/attachments/{quote(attachment['DownloadToken'], safe='')}")
    with requests.get(url, headers={"api-key": view.api_key}, timeout=FILE_SECONDS, stream=True) as answer:
        answer.raise_for_status()
        content = answer.raw.read(LARGEST_FILE + 1, decode_content=True)
        if len(content) > LARGEST_FILE:
            raise ValueError("an attached file is too large")
        kind = answer.headers.get("Content-Type") or attachment["ContentType"]
    return AnymailInboundMessage.construct_attachment(
        content_type=kind, content=content, filename=attachment.get("Name"), content_id=attachment.get("ContentID")
    )

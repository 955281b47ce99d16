"""Amazon SES: mail it received, and news of mail it carried, both as notices of SNS.

None of it needs Amazon's own library: what comes is signed with a certificate that only Amazon can put where
it lies, and mail leaves through SES's mail server like through any other. What Anymail knows of SES's news is
asked of Anymail, around its set-up, which would want that library.
"""

import base64
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from regulars.channels.email.providers.views import NotTheirs
from regulars.kernel import clock, outside
from regulars.kernel.errors import DomainError
from regulars.kernel.said import phrase as gettext

NAME: Final = "amazon_ses"
SECONDS: Final = 10
LARGEST_CERTIFICATE: Final = 16 * 1024
_HOST: Final = r"https://sns\.[a-z]{2}(?:-[a-z]{2,10}){1,3}-\d{1,2}\.amazonaws\.com(?:\.cn)?/"
_CERTIFICATE: Final = re.compile(_HOST + r"SimpleNotificationService-[0-9A-Za-z]{1,64}\.pem", re.ASCII)
_CONFIRMATION: Final = re.compile(_HOST + r"\?Action=ConfirmSubscription&[!-~]{1,2000}", re.ASCII)
_SIGNED: Final = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_HASHES: Final = {"1": hashes.SHA1, "2": hashes.SHA256}  # SHA-1 is what topics sign with until told otherwise

Mail = tuple[bytes, str, str, list[str]]  # the mail, SES's number of it, who sent it, for whom it was taken


class NotHere(Exception):
    """A notice of a mail that lies elsewhere; the words say what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def mails(request: Any) -> list[Mail]:
    """The mail a call brings; none when SNS only asks whether its notices are wanted here."""
    said = _told(request)
    if said is None:
        return []
    mail, receipt = said.get("mail") or {}, said.get("receipt") or {}
    if said.get("notificationType") != "Received":
        raise ValueError("no mail that came")
    content = said.get("content")
    if not isinstance(content, str):
        raise NotHere(
            gettext(
                "Amazon SES named a mail and did not bring it; it lies where your receipt rule puts it. Choose the "
                "action SNS there, not S3, and the encoding Base64. Mails over 150 KB SES cannot bring this way: "
                "have them handed over by SMTP, or read by IMAP."
            )
        )
    is_packed = (receipt.get("action") or {}).get("encoding") == "BASE64"
    raw = base64.b64decode(content, validate=True) if is_packed else content.encode("utf-8", "surrogateescape")
    recipients = [str(one)[:500] for one in receipt.get("recipients") or []][:100]
    return [(raw, str(mail["messageId"])[:200], str(mail.get("source") or ""), recipients)]


def news(request: Any) -> Sequence[Any]:
    """What became of mail that left, in Anymail's words, each known by the Message-ID we gave it."""
    from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView

    said = _told(request)
    if said is None:
        return []
    reader = object.__new__(AmazonSESTrackingWebhookView)  # its set-up wants Amazon's library, its reading does not
    events = reader.esp_to_anymail_events(said, {})
    ours = _our_name(said.get("mail") or {})
    for event in events:
        event.metadata = {"regulars": ours}
    return events


def is_soft(said: dict[str, Any]) -> bool:
    """Whether what came back may arrive tomorrow."""
    bounce = said.get("bounce")
    return isinstance(bounce, dict) and bounce.get("bounceType") != "Permanent"


def _our_name(mail: dict[str, Any]) -> str:
    """SES gives each mail a Message-ID of its own, and tells the one it came with among the headers."""
    headers = [*(mail.get("headers") or []), {"name": "Message-ID", "value": _common(mail)}]
    named = (str(each.get("value") or "") for each in headers if str(each.get("name")).lower() == "message-id")
    return next(filter(None, named), "").strip("<> ")


def _common(mail: dict[str, Any]) -> str:
    return str((mail.get("commonHeaders") or {}).get("messageId") or "")


def _told(request: Any) -> dict[str, Any] | None:
    """The notice in a call that SNS signed; None where it is about the subscription, which is confirmed when asked."""
    said = json.loads(request.body)
    check(said)
    if said["Type"] == "SubscriptionConfirmation":
        _confirm(said)
    if said["Type"] != "Notification":
        return None
    try:
        notice = json.loads(said["Message"])
    except ValueError:
        return None  # in words, as when the topic was set up
    if not isinstance(notice, dict):
        raise ValueError("no notice of SES")
    return notice


def check(said: dict[str, Any]) -> None:
    """Whether SNS signed this, by a certificate that lies at Amazon; raises `NotTheirs`."""
    signed = _SIGNED.get(str(said.get("Type"))) if isinstance(said, dict) else None
    if signed is None or not all(isinstance(said.get(name, ""), str) for name in (*signed, "Signature")):
        raise NotTheirs("no notice of SNS")
    address: str = str(said.get("SigningCertURL") or "")
    kind = _HASHES.get(str(said.get("SignatureVersion")))
    if kind is None or not _CERTIFICATE.fullmatch(address):
        raise NotTheirs("the certificate is not Amazon's")
    text = "".join(f"{name}\n{said[name]}\n" for name in signed if name in said)
    certificate = _certificate(address)
    if not certificate.not_valid_before_utc <= clock.now() <= certificate.not_valid_after_utc:
        raise NotTheirs("the certificate has ended")
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise NotTheirs("the certificate is not Amazon's")
    try:
        key.verify(base64.b64decode(said.get("Signature", "")), text.encode(), padding.PKCS1v15(), kind())
    except (InvalidSignature, ValueError) as spoilt:
        raise NotTheirs("the signature is wrong") from spoilt


@lru_cache(maxsize=16)
def _certificate(address: str) -> x509.Certificate:
    """Fetched once: Amazon gives a new certificate a new address."""
    answer = _fetched(address, most=LARGEST_CERTIFICATE)
    try:
        return x509.load_pem_x509_certificate(answer)
    except ValueError as spoilt:
        raise NotTheirs("the certificate cannot be read") from spoilt


def _confirm(said: dict[str, Any]) -> None:
    """Say yes to SNS, at Amazon and nowhere else; whoever calls has the whole address, or they were not here."""
    address = said["SubscribeURL"]
    if not _CONFIRMATION.fullmatch(address):
        raise NotTheirs("the confirmation does not lead to Amazon")
    _fetched(address, most=outside.MOST_READ)


class NotFetched(DomainError):
    """Amazon does not answer now, so this call could not be checked. Bring it again later."""

    status = 503


def _fetched(address: str, *, most: int) -> bytes:
    try:
        answer = outside.get(address, seconds=SECONDS, most=most)
    except (outside.NoAnswer, outside.NotOutside) as silence:
        raise NotFetched from silence
    if answer.status != 200:
        raise NotFetched
    return answer.body

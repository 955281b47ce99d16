"""Amazon SES: what SNS signed is taken, once; what it did not, or what leads away from Amazon, is not."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from django.test import Client

from regulars.channels.actions import setting_up, suppression, understanding
from regulars.channels.email.out.servers import Server, way_out
from regulars.channels.email.providers import amazon
from regulars.channels.models import Channel, Delivery, Incoming
from regulars.desk.models import Message
from regulars.kernel import outside
from regulars.kernel.actors import SYSTEM
from tests.channels.email.test_providers import RAW, door, sent

pytestmark = pytest.mark.django_db
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ANOTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PLACE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
CONFIRM = (
    "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-west-1:1:mail&Token=2"
)
SMTP = "email-smtp.eu-west-1.amazonaws.com"


def certificate(*, days: int = 30) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    ends = datetime.now(UTC) + timedelta(days=days)
    made = x509.CertificateBuilder(name, name, KEY.public_key(), 1, ends - timedelta(days=60), ends)
    return made.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture(autouse=True)
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was fetched of Amazon."""
    asked: list[str] = []

    def get(url: str, *, seconds: float, most: int) -> outside.Answer:
        asked.append(url)
        return outside.Answer(200, certificate() if url.endswith(".pem") else b"<Confirmed/>")

    monkeypatch.setattr(outside, "get", get)
    amazon._certificate.cache_clear()
    return asked


def signed(kind: str = "Notification", *, key: Any = KEY, version: str = "2", **said: str) -> dict[str, str]:
    """A notice as SNS makes it."""
    notice = {
        "Type": kind, "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324", "TopicArn": "arn:aws:sns:eu-west-1:1:mail",
        "Timestamp": "2026-03-02T12:00:00.000Z", "SignatureVersion": version, "SigningCertURL": PLACE, **said,
    }  # fmt: skip
    text = "".join(f"{name}\n{notice[name]}\n" for name in amazon._SIGNED[kind] if name in notice)
    method = hashes.SHA256() if version == "2" else hashes.SHA1()
    proof = key.sign(text.encode(), padding.PKCS1v15(), method)
    return {**notice, "Signature": base64.b64encode(proof).decode()}


def received(**changed: Any) -> str:
    said = {
        "notificationType": "Received",
        "mail": {"messageId": "o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1", "source": "ada@example.com"},
        "receipt": {"recipients": ["help@shop.example"], "action": {"type": "SNS", "encoding": "BASE64"}},
        "content": base64.b64encode(RAW.encode()).decode(),
    }
    return json.dumps({**said, **changed})


def happened(message_id: str, *, kind: str = "Permanent") -> str:
    return json.dumps({
        "eventType": "Bounce",
        "bounce": {
            "bounceType": kind, "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": "ada@example.com", "diagnosticCode": "smtp; 550 5.1.1 unknown"}],
        },
        "mail": {
            "messageId": "0102018c-ses", "destination": ["ada@example.com"],
            "headers": [{"name": "Subject", "value": "Re"}, {"name": "Message-ID", "value": f"<{message_id}>"}],
        },
    })  # fmt: skip


def channel(**settings: Any) -> Channel:
    said = {"in_provider": "amazon_ses", "smtp_host": SMTP, **settings}
    return setting_up.create("email", "Help", by=SYSTEM, address="help@shop.example", settings=said)


def post(client: Client, url: str, said: Any) -> Any:
    return client.post(url, json.dumps(said), content_type="text/plain; charset=UTF-8")  # as SNS does


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_mail_is_stored_byte_for_byte_once_and_placed(client: Client, fetched: list[str], version: str) -> None:
    kept = channel()
    notice = signed(version=version, Message=received())
    assert [post(client, door(kept, "amazon_ses"), notice).json() for _ in range(2)] == [{"new": 1}, {"new": 0}]
    row = Incoming.objects.get()
    assert (bytes(row.raw), row.envelope["from"]) == (RAW.encode(), "ada@example.com")
    assert (row.envelope["to"], fetched) == (["help@shop.example"], [PLACE])  # the certificate once
    understanding.drain(kept.pk)
    assert Message.objects.get().external_id == "a@example.com"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"key": ANOTHER},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem"},
        {"SigningCertURL": "https://evil.example/https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"},
        {"SigningCertURL": "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com:444/SimpleNotificationService-1.pem"},
        {"SigningCertURL": "https://x@sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"},
        {"SigningCertURL": "https://bucket.s3.amazonaws.com/SimpleNotificationService-1.pem"},
    ],
)
def test_what_sns_did_not_sign_brings_nothing_and_asks_nobody_else(
    client: Client, fetched: list[str], spoilt: dict[str, Any]
) -> None:
    answer = post(client, door(channel(), "amazon_ses"), signed(Message=received(), **spoilt))
    assert answer.status_code == 403 and not Incoming.objects.exists()
    assert set(fetched) <= {PLACE}


def test_a_changed_word_spoils_the_signature(client: Client) -> None:
    notice = signed(Message=received()) | {"Message": received(content="aGVsbG8=")}
    assert post(client, door(channel(), "amazon_ses"), notice).status_code == 403
    assert post(client, door(Channel.objects.get(), "amazon_ses"), {"Type": "Notification"}).status_code == 403
    assert not Incoming.objects.exists()


def test_a_certificate_that_ended_signs_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "get", lambda *_, **__: outside.Answer(200, certificate(days=-1)))
    assert post(client, door(channel(), "amazon_ses"), signed(Message=received())).status_code == 403


def test_amazon_that_does_not_answer_means_later(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def silence(*_: object, **__: object) -> outside.Answer:
        raise outside.NoAnswer("timed out")

    monkeypatch.setattr(outside, "get", silence)
    assert post(client, door(channel(), "amazon_ses"), signed(Message=received())).status_code == 503


def test_a_subscription_is_confirmed_at_amazon_and_nowhere_else(client: Client, fetched: list[str]) -> None:
    url = door(channel(), "amazon_ses")
    said = {"Message": "You have chosen to subscribe", "Token": "2"}
    assert post(client, url, signed("SubscriptionConfirmation", SubscribeURL=CONFIRM, **said)).json() == {"new": 0}
    assert fetched == [PLACE, CONFIRM]
    for address in ("https://evil.example/?Action=ConfirmSubscription&x", CONFIRM.replace("Confirm", "Delete")):
        answer = post(client, url, signed("SubscriptionConfirmation", SubscribeURL=address, **said))
        assert answer.status_code == 403
    unsigned = signed("SubscriptionConfirmation", key=ANOTHER, SubscribeURL=CONFIRM, **said)
    assert post(client, url, unsigned).status_code == 403
    assert fetched == [PLACE, CONFIRM]


def test_a_mail_that_lies_elsewhere_is_said_and_stays_with_amazon(client: Client) -> None:
    kept = channel()
    assert post(client, door(kept, "amazon_ses"), signed(Message=received(content=None))).status_code == 422
    kept.refresh_from_db()
    assert "SNS" in kept.trouble and not Incoming.objects.exists()


@pytest.mark.parametrize(("kind", "is_permanent"), [("Permanent", True), ("Transient", False)])
def test_what_did_not_arrive_is_known_by_the_name_we_gave_it(client: Client, kind: str, is_permanent: bool) -> None:
    kept = channel()
    row = sent(kept)
    notice = signed(Message=happened(row.external_id, kind=kind))
    url = door(kept, "amazon_ses", "/events")
    assert [post(client, url, notice).json() for _ in range(2)] == [{"new": 1}, {"new": 0}]
    row.refresh_from_db()
    assert (row.state, "550 5.1.1" in row.trouble) == (Delivery.FAILED, True)
    assert bool(suppression.reasons(["ada@example.com"])) is is_permanent
    assert post(client, url, signed(Message=happened("somebody@else"))).json() == {"new": 0}


def test_words_of_the_topic_are_no_news_and_mail_leaves_by_the_mail_server(client: Client) -> None:
    kept = channel()
    words = signed(Message="Successfully validated SNS topic for Amazon SES event publishing.")
    assert post(client, door(kept, "amazon_ses", "/events"), words).json() == {"new": 0}
    way = way_out(kept.settings, {})
    assert isinstance(way, Server) and (way.host, way.port) == (SMTP, 587)


def test_only_a_mailbox_that_sends_through_amazon_hears_of_it(client: Client) -> None:
    kept = channel(smtp_host="smtp.example.com")
    assert post(client, door(kept, "amazon_ses", "/events"), signed(Message=happened("x"))).status_code == 404

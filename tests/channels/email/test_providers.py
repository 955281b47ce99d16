"""Mail services: what they bring is stored once before they hear yes, and what they tell of our mail counts."""

import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from regulars.channels.actions import deliveries, incoming, setting_up, suppression, understanding
from regulars.channels.email.providers import doors
from regulars.channels.letters import Letter
from regulars.channels.models import Channel, Delivery, Incoming, SuppressedAddress
from regulars.desk.models import Message
from regulars.kernel.actors import SYSTEM
from tests.desk.post import mail

pytestmark = pytest.mark.django_db
RAW = mail("Where is it?", id="a@example.com").decode().replace("\n", "\r\n")
SIGNING = "signing-key"


def channel(provider: str, **settings: Any) -> Channel:
    said = {"in_provider": provider, "out_provider": provider, **settings}
    secret = {"in_signing_key": SIGNING} if provider == "mailgun" else {}
    return setting_up.create("email", "Help", by=SYSTEM, address="help@shop.example", settings=said, secret=secret)


def door(kept: Channel, provider: str, ending: str = "") -> str:
    return f"/mail/in/{doors.token(kept.pk, kept.settings)}/{provider}{ending}"


def signed(**said: Any) -> dict[str, Any]:
    token, at = "t" * 50, str(int(time.time()))
    proof = hmac.new(SIGNING.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest()
    return {"token": token, "timestamp": at, "signature": proof, **said}


def post(client: Client, url: str, said: Any) -> Any:
    return client.post(url, json.dumps(said), content_type="application/json")


BY_FIELDS: dict[str, tuple[str, dict[str, Any]]] = {
    "postmark": ("json", {
        "MessageID": "pm-1", "FromFull": {"Email": "ada@example.com", "Name": "Ada", "MailboxHash": ""},
        "ToFull": [{"Email": "help@shop.example", "Name": "", "MailboxHash": ""}], "Subject": "Order",
        "OriginalRecipient": "help@shop.example", "Date": "Mon, 02 Mar 2026 12:00:00 +0000",
        "TextBody": "Where is it?", "HtmlBody": "", "Headers": [{"Name": "Message-ID", "Value": "<a@example.com>"}],
        "Attachments": [{"Name": "a.txt", "ContentType": "text/plain", "Content": "aGVsbG8="}],
    }),
    "mailgun": ("form", {
        "sender": "ada@example.com", "recipient": "help@shop.example", "subject": "Order", "body-plain": "Where is it?",
        "message-headers": json.dumps([
            ["From", "Ada <ada@example.com>"], ["To", "help@shop.example"], ["Subject", "Order"],
            ["Message-Id", "<a@example.com>"], ["Date", "Mon, 02 Mar 2026 12:00:00 +0000"],
        ]),
    }),
    "sendgrid": ("form", {
        "headers": "From: Ada <ada@example.com>\nTo: help@shop.example\nSubject: Order\nMessage-ID: <a@example.com>\n",
        "text": "Where is it?", "charsets": "{}",
        "envelope": json.dumps({"from": "ada@example.com", "to": ["help@shop.example"]}),
    }),
    "brevo": ("json", {"items": [{
        "Uuid": ["br-1"], "RawTextBody": "Where is it?", "RawHtmlBody": "", "Attachments": [],
        "Headers": {
            "From": "Ada <ada@example.com>", "To": "help@shop.example", "Subject": "Order",
            "Message-ID": "<a@example.com>", "Delivered-To": "help@shop.example",
        },
    }]}),
}  # fmt: skip


@pytest.mark.parametrize("provider", BY_FIELDS)
def test_a_mail_in_parts_is_made_whole_stored_once_and_placed(client: Client, provider: str) -> None:
    kept = channel(provider)
    kind, said = BY_FIELDS[provider]
    said = signed(**said) if provider == "mailgun" else said
    for new in (1, 0):
        url = door(kept, provider)
        answer = post(client, url, said) if kind == "json" else client.post(url, said)
        assert (answer.status_code, answer.json()) == (200, {"new": new})
    assert Incoming.objects.get().envelope["by"] == provider
    understanding.drain(kept.pk)
    message = Message.objects.get()
    assert (message.text, message.subject, message.external_id) == ("Where is it?", "Order", "a@example.com")
    assert message.recipients["from"][0]["address"] == "ada@example.com"
    kept.refresh_from_db()
    assert kept.worked_at is not None


@pytest.mark.parametrize(
    ("provider", "ending", "said"),
    [
        ("postmark", "", {"MessageID": "pm-1", "RawEmail": RAW, "OriginalRecipient": "help@shop.example"}),
        ("mailgun", "/mime", {"body-mime": RAW, "sender": "ada@example.com", "recipient": "help@shop.example"}),
        ("sendgrid", "", {"email": RAW, "envelope": '{"from": "ada@example.com", "to": ["help@shop.example"]}'}),
    ],
)
def test_a_whole_mail_is_stored_byte_for_byte_and_not_looked_into(
    client: Client, provider: str, ending: str, said: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from anymail.inbound import AnymailInboundMessage

    monkeypatch.setattr(AnymailInboundMessage, "parse_raw_mime", None)
    kept = channel(provider)
    url = door(kept, provider, ending)
    is_json = provider == "postmark"
    answer = post(client, url, said) if is_json else client.post(url, signed(**said) if provider == "mailgun" else said)
    assert answer.status_code == 200
    row = Incoming.objects.get()
    assert (bytes(row.raw), row.envelope["to"]) == (RAW.encode(), ["help@shop.example"])


def test_whoever_has_not_the_whole_address_learns_nothing(client: Client) -> None:
    kept = channel("postmark")
    right = doors.token(kept.pk, kept.settings)
    said = BY_FIELDS["postmark"][1]
    wrong = [
        f"/mail/in/{right[:-1]}{'a' if right[-1] != 'a' else 'b'}/postmark",
        f"/mail/in/{kept.pk + 1}-{right[-32:]}/postmark",
        f"/mail/in/{right}/brevo", f"/mail/in/{right}/nobody", "/mail/in/x/postmark",
    ]  # fmt: skip
    assert {post(client, url, said).status_code for url in wrong} == {404}
    Channel.objects.update(settings={**kept.settings, "door_number": 1})
    assert post(client, f"/mail/in/{right}/postmark", said).status_code == 404
    assert not Incoming.objects.exists()


@pytest.mark.parametrize("spoilt", [{"signature": "0" * 64}, {"timestamp": "1"}])
def test_a_call_that_is_not_signed_brings_nothing_and_is_said(client: Client, spoilt: dict[str, str]) -> None:
    kept = channel("mailgun")
    answer = client.post(door(kept, "mailgun", "/mime"), signed(**{"body-mime": RAW}) | spoilt)
    assert answer.status_code == 403
    kept.refresh_from_db()
    assert "not signed" in kept.trouble and not Incoming.objects.exists()


def test_without_a_signing_key_nobody_signs(client: Client) -> None:
    kept = channel("mailgun")
    Channel.objects.update(secrets=b"")
    proof = hmac.new(b"", b"1t", hashlib.sha256).hexdigest()
    said = {"token": "t", "timestamp": "1", "signature": proof, "body-mime": RAW}
    assert client.post(door(kept, "mailgun", "/mime"), said).status_code == 403


@pytest.mark.parametrize("said", ["", "[]", "null", '{"RawEmail": 7}', '{"FromFull": []}', "\xff", '{"Headers": [1]}'])
def test_a_call_that_makes_no_sense_is_refused_and_stays_with_the_service(client: Client, said: str) -> None:
    answer = client.post(door(channel("postmark"), "postmark"), said, content_type="application/json")
    assert answer.status_code in (200, 400)
    assert Incoming.objects.count() == (answer.status_code == 200)


def test_a_database_that_is_away_means_later(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(came: object) -> list[int]:
        raise OperationalError("away")

    kept = channel("postmark")
    monkeypatch.setattr(incoming, "store_all", away)
    answer = post(client, door(kept, "postmark"), BY_FIELDS["postmark"][1])
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


def sent(kept: Channel, *, state: str = Delivery.SENT) -> Delivery:
    letter = Letter(channel_id=kept.pk, to=[{"name": "Ada", "address": "Ada@example.com"}], text="Hello")
    row = deliveries.queue(letter, about="message:17")
    Delivery.objects.filter(pk=row.pk).update(state=state)
    return Delivery.objects.get(pk=row.pk)


NEWS: list[tuple[str, dict[str, Any], bool]] = [
    (
        "postmark",
        {"RecordType": "Bounce", "Type": "HardBounce", "Email": "ada@example.com", "Details": "no such user"},
        True,
    ),
    ("postmark", {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": "ada@example.com"}, True),
    ("postmark", {"RecordType": "Bounce", "Type": "SoftBounce", "Email": "ada@example.com", "Details": "full"}, False),
    ("brevo", {"event": "hard_bounce", "email": "ada@example.com", "reason": "no such user"}, True),
]


@pytest.mark.parametrize(("provider", "said", "is_permanent"), NEWS)
def test_what_did_not_arrive_fails_and_a_dead_address_gets_nothing_more(
    client: Client, provider: str, said: dict[str, Any], is_permanent: bool
) -> None:
    kept = channel(provider)
    row = sent(kept)
    named = {"Metadata": {"regulars": row.external_id}, "X-Mailin-custom": json.dumps({"regulars": row.external_id})}
    url = door(kept, provider, "/events")
    assert [post(client, url, said | named).json() for _ in range(2)] == [{"new": 1}, {"new": 0}]
    row.refresh_from_db()
    assert row.state == Delivery.FAILED and "ada@example.com" in row.trouble
    assert SuppressedAddress.objects.filter(about="message:17").exists() is is_permanent


def test_mailgun_is_known_by_the_message_id_and_its_signature(client: Client) -> None:
    kept = channel("mailgun")
    row = sent(kept)
    proof = signed()
    event = {
        "event": "failed", "severity": "permanent", "recipient": "ada@example.com",
        "message": {"headers": {"message-id": row.external_id}}, "delivery-status": {"message": "550 no such user"},
    }  # fmt: skip
    url = door(kept, "mailgun", "/events")
    assert post(client, url, {"signature": proof | {"signature": "0" * 64}, "event-data": event}).status_code == 403
    assert post(client, url, {"signature": proof, "event-data": event}).json() == {"new": 1}
    assert suppression.reasons(["ada@example.com"]) == {"ada@example.com": "ada@example.com: 550 no such user"}


def test_news_of_other_peoples_mail_and_of_mail_on_its_way_changes_nothing(client: Client) -> None:
    kept = channel("postmark")
    row = sent(kept)
    said = {"RecordType": "Bounce", "Type": "HardBounce", "Metadata": {"regulars": row.external_id}}
    url = door(kept, "postmark", "/events")
    assert post(client, url, said | {"Email": "musa@example.com"}).json() == {"new": 0}
    assert post(client, url, said | {"Email": "ada@example.com", "Metadata": {}}).json() == {"new": 0}
    Delivery.objects.update(state=Delivery.CLAIMED)
    assert post(client, url, said | {"Email": "ada@example.com"}).status_code == 503
    assert not SuppressedAddress.objects.exists()


def test_a_stranger_is_sent_away_before_anything_is_read(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.core.handlers.wsgi.WSGIRequest.read", None)
    assert post(client, "/mail/in/1-" + "a" * 32 + "/postmark", {}).status_code == 404


def test_far_too_much_is_refused_unread(client: Client) -> None:
    kept = channel("postmark")
    answer = client.post(
        door(kept, "postmark"), "{}", content_type="application/json", headers={"content-length": str(60 * 1024**2)}
    )
    assert answer.status_code == 413 and not Incoming.objects.exists()

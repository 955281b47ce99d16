"""Mail handed to a service by a call: taken, refused, later, or nobody knows; and what the service was told."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from regulars.channels.actions import carrying, deliveries, setting_up
from regulars.channels.email.out import composing, services
from regulars.channels.email.out.services import Service
from regulars.channels.email.out.wishes import Wishes
from regulars.channels.letters import Enclosure, Letter
from regulars.channels.models import Channel, Delivery
from regulars.kernel.actors import SYSTEM

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
TAKEN: dict[str, Any] = {
    "postmark": {"ErrorCode": 0, "Message": "OK", "MessageID": "pm-1", "To": "ada@example.com"},
    "mailgun": {"id": "<x@y>", "message": "Queued. Thank you."},
    "sendgrid": {},
    "brevo": {"messageId": "<x@y>"},
}


class Post:
    """A service that keeps what it was asked and answers what it is told to."""

    def __init__(self) -> None:
        self.status, self.answer, self.is_silent = 200, "{}", False
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        post = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                post.asked.append((self.path, dict(self.headers), body))
                if post.is_silent:
                    self.connection.close()
                    return
                self.send_response(post.status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(post.answer.encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as the library calls it
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()
    yield made
    made.server.shutdown()
    made.server.server_close()


def parcel() -> composing.Parcel:
    letter = Letter(
        channel_id=1, conversation_id=7, to=[{"name": "Ada", "address": "ada@example.com"}],
        cc=[{"name": "", "address": "musa@example.com"}], bcc=[{"name": "", "address": "secret@example.com"}],
        subject="Ordér", text="Hello", html='<p>Hello <img src="cid:p1"></p>', external_id="m1@shop.example",
        in_reply_to="a@example.com", references=["a@example.com"],
        enclosures=[Enclosure("0" * 64, "note.txt", "text/plain"), Enclosure("1" * 64, "p.png", "image/png", "p1")],
    )  # fmt: skip
    wishes = Wishes.of({}, address="help@shop.example", company="Shop")
    return composing.compose(letter, wishes, at=AT, read=lambda digest: b"bytes of " + digest[:1].encode())


def to(post: Post, provider: str = "postmark") -> Service:
    return Service(provider=provider, key="secret-key", domain="shop.example", url=post.url)


@pytest.mark.parametrize("provider", TAKEN)
def test_what_a_service_takes_is_sent_with_its_thread_and_its_name(post: Post, provider: str) -> None:
    post.status, post.answer = (202 if provider == "sendgrid" else 200), json.dumps(TAKEN[provider])
    outcome = services.carry(parcel(), service=to(post, provider))
    assert (outcome.state, outcome.words) == ("sent", "")
    said = post.asked[0][2].decode("utf-8", "replace")
    for each in (
        "a@example.com",
        "secret@example.com",
        "note.txt",
        "p1",
        "regulars",
        "m1@shop.example",
        "Hello",
        "help+",
    ):
        assert each in said, each


def test_postmark_is_told_everything_in_its_place(post: Post) -> None:
    post.answer = json.dumps(TAKEN["postmark"])
    services.carry(parcel(), service=to(post))
    path, headers, body = post.asked[0]
    said = json.loads(body)
    assert path == "/email" and headers["X-Postmark-Server-Token"] == "secret-key"
    assert said["To"] == "Ada <ada@example.com>" and said["Bcc"] == "secret@example.com"
    assert said["Subject"] == "Re: Ordér" and said["Metadata"] == {"regulars": "m1@shop.example"}
    named = {each["Name"]: each["Value"] for each in said["Headers"]}
    assert named["Message-ID"] == "<m1@shop.example>" and named["X-PM-KeepID"] == "true"
    assert named["In-Reply-To"] == "<a@example.com>"
    assert [each["Name"] for each in said["Attachments"]] == ["p.png", "note.txt"]
    assert said["Attachments"][0]["ContentID"] == "cid:p1"


@pytest.mark.parametrize(
    ("status", "state", "is_channels"),
    [
        (422, "failed", False),
        (401, "later", True),
        (429, "later", False),
        (503, "later", False),
        (500, "unknown", False),
    ],
)
def test_a_no_is_final_later_or_leaves_nobody_knowing(post: Post, status: int, state: str, is_channels: bool) -> None:
    post.status, post.answer = status, json.dumps({"ErrorCode": 300, "Message": "Invalid something"})
    outcome = services.carry(parcel(), service=to(post))
    assert (outcome.state, outcome.is_channels) == (state, is_channels)
    assert "Postmark" in outcome.words and "secret-key" not in outcome.words


def test_a_cut_line_and_silence_leave_nobody_knowing(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.is_silent = True
    assert services.carry(parcel(), service=to(post)).state == "unknown"


def test_a_line_that_never_stood_is_tried_again(post: Post) -> None:
    nowhere = replace(to(post), url="http://127.0.0.1:9/")
    outcome = services.carry(parcel(), service=nowhere)
    assert (outcome.state, outcome.is_channels) == ("later", True)


@pytest.mark.django_db(transaction=True)
def test_a_channel_sends_through_its_service_with_a_sealed_key(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.answer = json.dumps(TAKEN["postmark"])
    kept = setting_up.create(
        Channel.EMAIL, "Help", by=SYSTEM, address="help@shop.example", settings={"out_provider": "postmark"},
        secret={"out_key": "secret-key"},
    )  # fmt: skip
    assert b"secret-key" not in bytes(kept.secrets)
    known = services.service
    monkeypatch.setattr(services, "service", lambda *said: replace(known(*said) or to(post), url=post.url))
    row = deliveries.queue(
        Letter(channel_id=kept.pk, to=[{"name": "", "address": "ada@example.com"}], text="Hi"), about="message:1"
    )
    assert carrying.deliver(row.pk) == Delivery.SENT
    post.status = 401
    row = deliveries.queue(
        Letter(channel_id=kept.pk, to=[{"name": "", "address": "ada@example.com"}], text="Hi"), about="message:2"
    )
    assert carrying.deliver(row.pk) == Delivery.QUEUED
    kept.refresh_from_db()
    assert "refused the key" in kept.out_trouble

"""Webhooks: what happens is told to whoever asked, signed, again until it is taken, and no further."""

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from regulars.accounts.actions import keys
from regulars.api.models import Notice, Webhook
from regulars.api.webhooks import sending, setting_up, telling_again
from regulars.desk.actions import labels, states
from regulars.desk.models import Conversation
from regulars.kernel import clock, people, tail
from regulars.kernel.actors import SYSTEM
from tests.api.program import Program
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_mailbox

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Ear:
    """A server that hears: what it answers next, and what it heard."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ear]:
    monkeypatch.setenv("REGULARS_REACHABLE_INSIDE", "127.0.0.1")
    ear = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ear.heard.append(({name.lower(): one for name, one in self.headers.items()}, body))
            self.send_response(ear.answers.pop(0) if ear.answers else 200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ear.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield ear
    server.shutdown()
    server.server_close()


@pytest.fixture
def question(db: None) -> Conversation:
    return ask(make_customer("Ada", email="ada@example.com").pk, make_mailbox())


def make(ear: Ear, *events: str) -> tuple[Webhook, str]:
    return setting_up.create(ear.url, events=events, by=SYSTEM)


def told(event: str | None = None) -> Notice:
    """Everything that happened is put down as notices; the one of this event, or the only one."""
    tail.catch_up("api.webhooks")
    return Notice.objects.get(**({"event": event} if event else {}))


def test_what_happens_is_told_and_signed(ear: Ear, question: Conversation) -> None:
    _, secret = make(ear, "conversation resolved")
    states.resolve(question.pk, by=SYSTEM)
    notice = told()
    assert sending.send(notice.pk) == "sent"
    ((headers, body),) = ear.heard
    said = json.loads(body)
    assert (said["type"], said["id"], said["data"]["conversation_id"]) == (
        "conversation resolved", headers["webhook-id"], question.pk,
    )  # fmt: skip
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    proof = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), signed, "sha256")
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(proof).decode()}"
    assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 60


def test_each_fact_is_told_once_to_each_who_asked_and_nothing_of_before(ear: Ear, question: Conversation) -> None:
    everything, _ = make(ear)
    only_labels, _ = make(ear, "conversation labelled")
    labels.put(question.pk, "Late", by=SYSTEM)
    states.resolve(question.pk, by=SYSTEM)
    tail.catch_up("api.webhooks")
    tail.rewind("api.webhooks")
    tail.catch_up("api.webhooks")
    rows = sorted(Notice.objects.values_list("webhook", "event"))
    assert rows == [
        (everything.pk, "conversation labelled"),
        (everything.pk, "conversation resolved"),
        (only_labels.pk, "conversation labelled"),
    ]


def test_what_is_not_taken_is_told_again_with_growing_pauses_and_the_same_id(ear: Ear, question: Conversation) -> None:
    webhook, _ = make(ear, "conversation resolved")
    states.resolve(question.pk, by=SYSTEM)
    notice, ear.answers = told(), [500, 302]
    pauses = []
    for _ in range(2):
        with clock.frozen(Notice.objects.get().due_at):
            assert sending.send(notice.pk) == "queued"
            assert sending.send(notice.pk) is None
            pauses.append((Notice.objects.get().due_at - clock.now()).total_seconds())
    webhook.refresh_from_db()
    assert (pauses, webhook.trouble) == ([10, 60], "302")
    with clock.frozen(Notice.objects.get().due_at):
        assert sending.send(notice.pk) == "sent"
    webhook.refresh_from_db()
    assert (webhook.trouble, webhook.trouble_at, Notice.objects.get().attempts) == ("", None, 3)
    assert len({headers["webhook-id"] for headers, _ in ear.heard}) == 1


def test_it_ends_in_the_end_and_can_be_told_again_by_hand(ear: Ear, question: Conversation) -> None:
    webhook, _ = make(ear, "conversation resolved")
    states.resolve(question.pk, by=SYSTEM)
    notice, ear.answers = told(), [503]
    Notice.objects.update(attempts=len(sending.BACK_OFF))
    assert sending.send(notice.pk) == "failed"
    telling_again.replay(webhook.pk, notice.pk)
    with pytest.raises(telling_again.StillOnItsWay):
        telling_again.replay(webhook.pk, notice.pk)
    assert sending.send(notice.pk) == "sent"
    assert ear.heard[0][1] == ear.heard[1][1]


def test_whoever_dies_while_telling_leaves_it_to_be_told_again(ear: Ear, question: Conversation) -> None:
    make(ear, "conversation resolved")
    states.resolve(question.pk, by=SYSTEM)
    notice = told()
    assert sending._take(notice.pk)
    assert sending.send(notice.pk) is None
    with clock.frozen(clock.now() + sending.LEASE + sending.A_JOB_TAKES + timedelta(seconds=1)):
        assert sending.left_behind() == [notice.pk]
        assert sending.send(notice.pk) == "sent"


def test_who_is_gone_is_told_nothing_more(ear: Ear, question: Conversation) -> None:
    webhook, _ = make(ear, "conversation resolved")
    states.resolve(question.pk, by=SYSTEM)
    notice, ear.answers = told(), [410]
    assert sending.send(notice.pk) == "failed"
    webhook.refresh_from_db()
    assert webhook.paused_at
    states.reopen(question.pk, by=SYSTEM)
    states.resolve(question.pk, by=SYSTEM)
    tail.catch_up("api.webhooks")
    assert Notice.objects.count() == 1


def test_an_address_inside_is_not_called(ear: Ear, question: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    make(ear, "conversation resolved")
    states.resolve(question.pk, by=SYSTEM)
    monkeypatch.delenv("REGULARS_REACHABLE_INSIDE")
    assert sending.send(told().pk) == "queued"
    assert ear.heard == []
    assert Notice.objects.get().answer


def test_webhooks_are_made_and_looked_after_over_the_api(ear: Ear, question: Conversation) -> None:
    program = Program(keys.create("api", name="Shop system", by=SYSTEM))
    made = program("POST", "/webhooks", {"url": ear.url, "events": ["conversation resolved"]})
    assert made.status_code == 201
    pk, secret = made.json()["id"], made.json()["secret"]
    assert secret.startswith("whsec_")
    assert "secret" not in program("GET", f"/webhooks/{pk}").json()
    program("PUT", f"/conversations/{question.pk}/status", {"status": "resolved"})
    assert sending.send(told().pk) == "sent"
    (notice,) = program("GET", f"/webhooks/{pk}/notices").json()["items"]
    assert (notice["state"], notice["answer_status"], notice["event"]) == ("sent", 200, "conversation resolved")
    again: Any = program("POST", f"/webhooks/{pk}/notices/{notice['id']}/replay")
    assert (again.status_code, again.json()["state"]) == (202, "queued")
    assert program("PATCH", f"/webhooks/{pk}", {"is_paused": True}).json()["is_paused"] is True
    assert program("DELETE", f"/webhooks/{pk}").status_code == 204
    assert program("GET", "/webhooks").json() == {"items": [], "next": None}
    assert program("POST", "/webhooks", {"url": ear.url, "events": ["nonsense"]}).json()["code"] == "no-such-event"
    assert program("POST", "/webhooks", {"url": "https://10.0.0.1/"}).json()["code"] == "not-outside"
    assert program("POST", "/webhooks", {"url": "http://shop.example/"}).json()["code"] == "not-an-address"


def test_a_key_that_only_reads_sees_no_webhook(ear: Ear) -> None:
    reader = Program(keys.create("api", name="Reports", by=SYSTEM, scopes=("read",)))
    make(ear)
    answer = reader("GET", "/webhooks")
    assert (answer.status_code, answer.json()["code"]) == (403, "both-needed")


def test_what_was_told_of_somebody_goes_when_they_are_erased(ear: Ear, question: Conversation) -> None:
    make(ear, "conversation resolved")
    states.resolve(question.pk, by=SYSTEM)
    notice = told()
    keeper = next(keeper for keeper in people.keepers() if keeper.name == "api")
    assert keeper.erase([notice.customer_id]) == 1
    assert Notice.objects.count() == 0

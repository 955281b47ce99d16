"""The desk over the API, as programs see it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from regulars.accounts.actions import keys
from regulars.accounts.models import Agent, Key
from regulars.api.models import Call
from regulars.api.rest import doors
from regulars.channels.models import Channel, Delivery
from regulars.customers.models import Customer
from regulars.desk.actions import labels, letting_go
from regulars.desk.models import Conversation, Message, Step
from regulars.kernel.actors import SYSTEM
from tests.api.program import Program
from tests.desk.cast import ask

pytestmark = pytest.mark.django_db


def test_a_conversation_is_read_with_everything_that_is_shown_of_it(program: Program, question: Conversation) -> None:
    labels.put(question.pk, "Late", by=SYSTEM)
    answer = program("GET", f"/conversations/{question.pk}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    shown = answer.json()
    assert {name: shown[name] for name in ("id", "status", "priority", "subject", "labels", "customer_id")} == {
        "id": question.pk, "status": "open", "priority": "normal", "subject": "Where is it?", "labels": ["Late"],
        "customer_id": question.customer_id,
    }  # fmt: skip
    assert shown["waiting_since"]


def test_what_the_caller_has_already_is_not_sent_again(program: Program, question: Conversation) -> None:
    first = program("GET", f"/conversations/{question.pk}")
    same = program("GET", f"/conversations/{question.pk}", If_None_Match=first["ETag"])
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    labels.put(question.pk, "Late", by=SYSTEM)
    changed = program("GET", f"/conversations/{question.pk}", If_None_Match=first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_change_of_what_has_changed_since_is_refused(program: Program, question: Conversation) -> None:
    seen = program("GET", f"/conversations/{question.pk}")["ETag"]
    assert program("PATCH", f"/conversations/{question.pk}", {"priority": "urgent"}, If_Match=seen).status_code == 200
    late = program("PATCH", f"/conversations/{question.pk}", {"priority": "low"}, If_Match=seen)
    assert (late.status_code, late.json()["code"]) == (412, "has-changed")
    assert Conversation.objects.get().priority == 1


def test_lists_are_read_a_page_at_a_time_each_row_once(program: Program, ada: Customer, mailbox: Channel) -> None:
    made = [ask(ada.pk, mailbox, subject=f"Matter {number}").pk for number in range(5)]
    seen, cursor = [], ""
    while True:
        page = program("GET", f"/conversations?limit=2&cursor={cursor}").json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == made[::-1]
    wrong = program("GET", "/conversations?cursor=nonsense")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not-a-page")


def test_lists_are_narrowed(program: Program, question: Conversation, ines: Agent) -> None:
    labels.put(question.pk, "Late", by=SYSTEM)
    mine = f"customer_id={question.customer_id}"
    counts = {"status=open": 1, "status=resolved": 0, "label=late": 1, "label=x": 0, mine: 1, f"agent_id={ines.pk}": 0}
    for wanted, count in {**counts, "is_spam=true": 0}.items():
        assert len(program("GET", f"/conversations?{wanted}").json()["items"]) == count, wanted
    assert program("GET", "/conversations?status=lost").status_code == 422


def test_a_conversation_begins_with_the_customers_words(program: Program, ada: Customer, mailbox: Channel) -> None:
    new = {"customer": {"email": "ada@example.com"}, "channel_id": mailbox.pk, "text": "Hello?", "subject": "Hi"}
    answer = program("POST", "/conversations", new)
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["customer_id"], shown["status"], shown["message_count"]) == (ada.pk, "open", 1)
    assert answer["Location"] == f"/api/v1/conversations/{shown['id']}"
    assert Message.objects.get().author_kind == "customer"


def test_a_conversation_begins_with_the_companys_words_and_a_customer_nobody_knew(
    program: Program, mailbox: Channel
) -> None:
    new = {"customer": {"email": "Musa@example.com", "name": "Musa"}, "channel_id": mailbox.pk,
           "text": "Your parcel is late.", "author": "company"}  # fmt: skip
    shown = program("POST", "/conversations", new).json()
    assert shown["status"] == "waiting"
    customer = program("GET", f"/customers/{shown['customer_id']}").json()
    assert (customer["name"], customer["email"]) == ("Musa", "Musa@example.com")
    (said,) = program("GET", f"/conversations/{shown['id']}/messages").json()["items"]
    assert (said["author_kind"], said["author_name"], said["state"]) == ("key", "Shop system", "queued")


def test_the_same_call_twice_makes_one_thing(program: Program, question: Conversation) -> None:
    path, body = f"/conversations/{question.pk}/messages", {"text": "On its way."}
    first, second = (program("POST", path, body, Idempotency_Key="k-1") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert Message.objects.filter(author_kind="key").count() == 1
    other = program("POST", path, {"text": "Another."}, Idempotency_Key="k-1")
    assert (other.status_code, other.json()["code"]) == (422, "other-call")
    assert Message.objects.filter(author_kind="key").count() == 1
    assert program("POST", path, {"text": "Another."}, Idempotency_Key="").status_code == 422


def test_a_call_that_was_refused_may_be_repeated_with_its_key(program: Program, question: Conversation) -> None:
    path = f"/conversations/{question.pk}/messages"
    refused = program("POST", path, {"text": "Hi", "then": "snoozed"}, Idempotency_Key="k-1")
    assert (refused.status_code, refused.json()["code"], Call.objects.count()) == (422, "snoozed-until-when", 0)
    assert program("POST", path, {"text": "Hi"}, Idempotency_Key="k-1").status_code == 201


def test_answers_notes_and_what_the_customer_said(program: Program, question: Conversation) -> None:
    path = f"/conversations/{question.pk}/messages"
    note = program("POST", path, {"kind": "note", "text": "Check stock"}).json()
    unseen = program("POST", path, {"text": "Sold out.", "seen": 0})
    assert (unseen.status_code, unseen.json()["code"]) == (409, "unseen-message")
    reply = program("POST", path, {"text": "Sold out.", "seen": note["id"], "then": "resolved"}).json()
    assert (note["kind"], reply["kind"], reply["state"]) == ("note", "message", "queued")
    assert program("GET", f"/conversations/{question.pk}").json()["status"] == "resolved"
    said = program("POST", path, {"kind": "customer", "text": "Oh no"}).json()
    assert program("GET", f"/conversations/{question.pk}").json()["status"] == "open"
    page = program("GET", f"{path}?limit=3").json()
    assert [one["text"] for one in page["items"]] == ["Where is my order?", "Check stock", "Sold out."]
    rest = program("GET", f"{path}?limit=3&cursor={page['next']}").json()
    assert [one["id"] for one in rest["items"]] == [said["id"]]
    assert program("GET", f"/messages/{reply['id']}").json()["text"] == "Sold out."
    eve = {"name": "Eve", "address": "eve@example.com"}
    Message.objects.filter(pk=said["id"]).update(
        quoted="> Sold out.", signature="Ada", recipients={"cc": [eve]}, external_id="a@b.c"
    )
    whole = program("GET", f"/messages/{said['id']}").json()
    assert (whole["quoted"], whole["signature"], whole["external_id"]) == ("> Sold out.", "Ada", "a@b.c")
    assert (whole["recipients"], whole["channel_id"]) == ({"cc": [eve]}, question.channel_id)
    assert not Delivery.objects.exists()  # it leaves by a job


def test_what_a_program_answers_by_itself_says_so_and_stays_somebodys_turn(
    program: Program, question: Conversation
) -> None:
    said = {"text": "We have it.", "is_automatic": True, "then": "resolved"}
    answer = program("POST", f"/conversations/{question.pk}/messages", said).json()
    shown = program("GET", f"/conversations/{question.pk}").json()
    assert (answer["is_automatic"], shown["status"], shown["waiting_since"] is not None) == (True, "open", True)
    assert letting_go.let_go(answer["id"])
    assert Delivery.objects.get().letter["is_automatic"] is True  # so the mail says so, and is capped


def test_how_it_stands_is_changed_part_by_part_and_twice_is_once(
    program: Program, question: Conversation, ines: Agent
) -> None:
    path = f"/conversations/{question.pk}"
    for _ in range(2):
        assert program("PUT", f"{path}/status", {"status": "resolved"}).json()["status"] == "resolved"
    assert Step.objects.filter(verb="resolved").count() == 1
    until = "2100-01-01T00:00:00Z"
    assert program("PUT", f"{path}/status", {"status": "snoozed", "until": until}).json()["snoozed_until"] == until
    assert program("PUT", f"{path}/status", {"status": "open"}).json()["status"] == "open"
    assert program("PUT", f"{path}/assignment", {"agent_id": ines.pk}).json()["agent_id"] == ines.pk
    assert program("PUT", f"{path}/assignment", {}).json()["agent_id"] == ines.pk
    assert program("PUT", f"{path}/assignment", {"agent_id": None}).json()["agent_id"] is None
    assert program("PUT", f"{path}/assignment", {"agent_id": 10**12}).status_code == 422
    assert program("PUT", f"{path}/labels/Late%20again").json()["labels"] == ["Late again"]
    assert program("DELETE", f"{path}/labels/late%20again").json()["labels"] == []
    assert program("PUT", f"{path}/spam").json()["is_spam"] is True
    assert program("DELETE", f"{path}/spam").json()["is_spam"] is False
    assert str(Step.objects.filter(verb="resolved").get().actor) == f"key:{Key.objects.get().pk}"


def test_only_a_key_of_the_api_opens_the_door(db: None, ada: Customer) -> None:
    for text in (
        "",
        "nonsense",
        keys.create("server", name="S", by=SYSTEM),
        keys.create("browser", name="B", by=SYSTEM),
    ):
        answer = Program(text)("GET", "/conversations")
        assert (answer.status_code, answer.json()["code"], answer["WWW-Authenticate"]) == (401, "no-key", "Bearer")
    text = keys.create("api", name="A", by=SYSTEM)
    assert Program(text)("GET", "/conversations").status_code == 200
    keys.revoke(Key.objects.get(source__name="A").pk, by=SYSTEM)
    assert Program(text)("GET", "/conversations").status_code == 401


def test_a_signed_in_agent_is_nobody_here(ines: Agent, client: Client) -> None:
    client.force_login(ines, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/conversations").status_code == 401


def test_a_key_that_reads_changes_nothing(reader: Program, question: Conversation) -> None:
    assert reader("GET", "/conversations").status_code == 200
    for method, path, body in (
        ("POST", f"/conversations/{question.pk}/messages", {"text": "Hi"}),
        ("PUT", f"/conversations/{question.pk}/status", {"status": "resolved"}),
        ("PATCH", f"/conversations/{question.pk}", {"subject": "x"}),
        ("DELETE", f"/conversations/{question.pk}/spam", None),
    ):
        answer = reader(method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "only-reads"), path
    assert Message.objects.count() == 1
    assert Conversation.objects.get().status == "open"


def test_who_calls_too_often_waits(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_API_RATE", "0.5")
    doors._limits.cache_clear()
    statuses = [program("GET", "/labels").status_code for _ in range(8)]
    assert statuses[:5] == [200] * 5
    last = program("GET", "/labels")
    assert (last.status_code, last.json()["code"]) == (429, "too-often")
    assert 1 <= int(last["Retry-After"]) <= 10


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/conversations/999999", None, 404),
        ("GET", "/conversations/99999999999999999999", None, 422),
        ("GET", "/conversations/-1", None, 422),
        ("GET", "/conversations/x", None, 422),
        ("GET", "/nothing/here", None, 404),
        ("GET", "/conversations?label=%00", None, 422),
        ("GET", "/messages/999999", None, 404),
        ("GET", "/customers/999999", None, 404),
        ("PUT", "/conversations", {}, 405),
        ("POST", "/conversations", b"{", 400),
        ("POST", "/conversations", b"[" * 100_000, 400),
        ("POST", "/conversations", {"customer": {}, "channel_id": 1, "text": "x"}, 422),
        ("POST", "/conversations", {"customer": {"id": 9}, "channel_id": 999999, "text": "x"}, 422),
        ("POST", "/conversations", b'{"customer": {"email": "\\ud800"}, "channel_id": 1, "text": "x"}', 422),
    ],
)
def test_what_cannot_be_done_is_answered_as_a_problem(
    program: Program, method: str, path: str, body: Any, status: int
) -> None:
    answer = program(method, path, body)
    assert answer.status_code == status
    if status != 405:
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert answer.json()["detail"]
    assert Conversation.objects.count() == 0


def test_who_there_is_can_be_read(program: Program, ines: Agent, mailbox: Channel, ada: Customer) -> None:
    assert program("GET", "/agents").json() == {"items": [{"id": ines.pk, "name": "Ines"}], "next": None}
    assert program("GET", "/channels").json()["items"][0]["id"] == mailbox.pk
    assert program("GET", "/teams").json()["items"] == []
    assert [one["id"] for one in program("GET", "/customers?search=moreno").json()["items"]] == [ada.pk]


def test_a_list_costs_the_same_however_long_it_is(
    program: Program, ada: Customer, mailbox: Channel, django_assert_num_queries: Any
) -> None:
    for number in range(4):
        labels.put(ask(ada.pk, mailbox, subject=f"Matter {number}").pk, f"Label {number}", by=SYSTEM)
    program("GET", "/labels")  # the first use of a key is noted, and others not within a minute
    first = Conversation.objects.order_by("pk")[0].pk
    for path, count in (("/conversations", 4), (f"/conversations/{first}/messages", 6), ("/customers?search=ada", 11)):
        with django_assert_num_queries(count):
            assert program("GET", path).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_same_call_at_the_same_moment_makes_one_thing(program: Program, question: Conversation) -> None:
    path = f"/conversations/{question.pk}/messages"

    def send(_: int) -> int:
        try:
            return Program(program.text)("POST", path, {"text": "On its way."}, Idempotency_Key="k-1").json()["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(send, range(8)))
    assert len(ids) == 1
    assert Message.objects.filter(author_kind="key").count() == 1

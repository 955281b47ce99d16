"""Intercom's own examples of its answers move in."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulars.customers.models import Customer, Identity
from regulars.desk.models import Conversation, Message
from tests.desk.moving.conftest import Mover

pytestmark = pytest.mark.django_db


@pytest.fixture
def examples(shared_data: Path, tmp_path: Path) -> Path:
    """The bodies of the documented answers, one a line."""
    path = shared_data / "imports" / "intercom" / "openapi_examples.jsonl"
    if not path.exists():
        pytest.skip("Intercom's examples are not here (imports/intercom)")
    bodies = [json.loads(line)["json"] for line in path.read_text().splitlines()]
    (tmp_path / "answers.jsonl").write_text("\n".join(json.dumps(body) for body in bodies if body))
    return tmp_path


def test_every_documented_conversation_comes(move_in: Mover, examples: Path) -> None:
    wanted = {
        body["id"]
        for line in (examples / "answers.jsonl").read_text().splitlines()
        for body in [json.loads(line), *json.loads(line).get("conversations", [])]
        if isinstance(body, dict) and body.get("type") == "conversation" and "source" in body
    }
    moved, misfits = move_in("intercom", examples)
    assert moved.conversations == Conversation.objects.count() == len(wanted)
    assert {one.reason for one in misfits} <= {"agent", "team"}
    keys = set(Conversation.objects.values_list("key", flat=True))
    assert keys == {f"move:intercom:{number}" for number in wanted}


def test_parts_keep_their_authors_times_and_kinds(move_in: Mover, examples: Path) -> None:
    move_in("intercom", examples)
    held = Conversation.objects.get(key="move:intercom:503")
    assert [label.name for label in held.labels.all()] == ["Test tag"]
    said = Message.objects.filter(conversation=held).order_by("at")
    assert list(said.values_list("author_kind", "author_name", "text", "kind")) == [
        ("agent", "Operator", "Okay!", "message"),
        ("agent", "Ciaran176 Lee", "this is the message body", "message"),
    ]
    assert said[0].at == datetime.fromtimestamp(1663597223, UTC)
    note = Message.objects.get(conversation__key="move:intercom:525", kind="note")
    assert note.text.startswith("An Unordered HTML List")
    reply = Message.objects.get(conversation__key="move:intercom:524", author_kind="customer")
    assert reply.text == "Thanks again :)"


def test_contacts_are_customers_by_address_and_own_id(move_in: Mover, examples: Path) -> None:
    move_in("intercom", examples)
    joe = Customer.objects.get(email="joe@bloggs.com")
    assert joe.name == "Joe Bloggs"
    assert Identity.objects.get(kind="external", value="70").customer == joe


def test_a_second_run_adds_nothing(move_in: Mover, examples: Path) -> None:
    first, _ = move_in("intercom", examples)
    before = (Message.objects.count(), Customer.objects.count(), Identity.objects.count())
    moved, _ = move_in("intercom", examples)
    assert (moved.conversations, moved.here_already, moved.customers) == (0, first.conversations, 0)
    assert (Message.objects.count(), Customer.objects.count(), Identity.objects.count()) == before

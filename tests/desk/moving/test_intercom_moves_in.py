"""Intercom's own examples of its answers move in."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
    moved, misfits = move_in("intercom", examples, account="docs")
    assert moved.conversations == Conversation.objects.count() == len(wanted)
    assert {one.reason for one in misfits} <= {"agent", "team"}
    keys = set(Conversation.objects.values_list("key", flat=True))
    assert keys == {f"move:intercom:docs:{number}" for number in wanted}


def test_parts_keep_their_authors_times_and_kinds(move_in: Mover, examples: Path) -> None:
    move_in("intercom", examples, account="docs")
    held = Conversation.objects.get(key="move:intercom:docs:503")
    assert [label.name for label in held.labels.all()] == ["Test tag"]
    said = Message.objects.filter(conversation=held).order_by("at")
    assert list(said.values_list("author_kind", "author_name", "text", "kind")) == [
        ("agent", "Operator", "Okay!", "message"),
        ("agent", "Ciaran176 Lee", "this is the message body", "message"),
    ]
    assert said[0].at == datetime.fromtimestamp(1663597223, UTC)
    note = Message.objects.get(conversation__key="move:intercom:docs:525", kind="note")
    assert note.text.startswith("An Unordered HTML List")
    reply = Message.objects.get(conversation__key="move:intercom:docs:524", author_kind="customer")
    assert reply.text == "Thanks again :)"


def test_contacts_are_customers_by_address_and_own_id(move_in: Mover, examples: Path) -> None:
    move_in("intercom", examples, account="docs")
    joe = Customer.objects.get(email="joe@bloggs.com")
    assert joe.name == "Joe Bloggs"
    assert Identity.objects.get(kind="external", value="70").customer == joe


def test_a_second_run_adds_nothing(move_in: Mover, examples: Path) -> None:
    first, _ = move_in("intercom", examples, account="docs")
    before = (Message.objects.count(), Customer.objects.count(), Identity.objects.count())
    moved, _ = move_in("intercom", examples, account="docs")
    assert (moved.conversations, moved.here_already, moved.customers) == (0, first.conversations, 0)
    assert (Message.objects.count(), Customer.objects.count(), Identity.objects.count()) == before


# Written by hand after the format the API documents, so that it is proven in every run.
ADA = {
    "type": "contact", "id": "c1", "external_id": "u-1", "role": "user", "email": "ada@example.com",
    "phone": "+49 30 1234567", "name": "Ada Moreno", "signed_up_at": 1672905600, "created_at": 1672905601,
    "language_override": None, "custom_attributes": {"plan": "gold"},
    "companies": {"type": "list", "data": [{"type": "company", "id": "co1", "url": "/companies/co1"}]},
}  # fmt: skip
PAUL = {"type": "admin", "id": "201", "name": "Paul Gone", "email": "paul@shop.example", "team_ids": [401]}
TEAM = {"type": "team", "id": "401", "name": "Orders", "admin_ids": [201]}
COMPANY = {"type": "company", "id": "co1", "company_id": "9", "name": "Tea Traders"}
BY_PAUL, BY_ADA = {"type": "admin", "id": "201", "name": "Paul"}, {"type": "user", "id": "c1", "name": "Ada Moreno"}


def part(number: int, kind: str, body: str | None, by: dict[str, str], *, at: int) -> dict[str, Any]:
    return {
        "type": "conversation_part", "id": str(number), "part_type": kind, "body": body, "created_at": at,
        "updated_at": at, "notified_at": at, "assigned_to": None, "author": by, "attachments": [], "redacted": False,
    }  # fmt: skip


TALK = {
    "type": "conversation", "id": "900", "created_at": 1706781600, "updated_at": 1706954400, "title": None,
    "source": {
        "type": "email", "id": "s1", "delivered_as": "customer_initiated", "subject": "<p>Where is my tea?</p>",
        "body": "<p>It has <b>not</b> come.</p>", "author": BY_ADA, "attachments": [], "url": None, "redacted": False,
    },
    "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": "c1", "external_id": "u-1"}]},
    "admin_assignee_id": 201, "team_assignee_id": 401, "open": False, "state": "closed", "read": True,
    "priority": "priority", "custom_attributes": {"Order": "A-100", "Gift": False},
    "tags": {"type": "tag.list", "tags": [{"type": "tag", "id": "t1", "name": "tea"}]},
    "statistics": {"type": "conversation_statistics", "last_close_at": 1706954400},
    "conversation_parts": {"type": "conversation_part.list", "total_count": 5, "conversation_parts": [
        part(1, "assignment", None, BY_PAUL, at=1706781700),
        part(2, "note", "<p>Ask the courier</p>", BY_PAUL, at=1706785200),
        part(3, "comment", "<p>It left today.</p>", BY_PAUL, at=1706868000),
        part(4, "comment", "<p>Thanks!</p>", BY_ADA, at=1706875200),
        part(5, "close", None, BY_PAUL, at=1706954400),
    ]},
}  # fmt: skip
NOBODYS = {**TALK, "id": "901", "contacts": {"type": "contact.list", "contacts": []},
           "source": {**TALK["source"], "author": BY_PAUL}}  # fmt: skip


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A list of conversations, and what it names."""
    answers = [{"type": "conversation.list", "conversations": [TALK, NOBODYS], "total_count": 2}]
    answers += [{"type": "list", "data": [ADA]}, {"type": "admin.list", "admins": [PAUL]},
                {"type": "team.list", "teams": [TEAM]}, COMPANY]  # fmt: skip
    (tmp_path / "answers.jsonl").write_text("\n".join(map(json.dumps, answers)))
    return tmp_path


def test_a_conversation_comes_with_its_talk_its_people_and_how_it_stood(move_in: Mover, written: Path) -> None:
    moved, misfits = move_in("intercom", written)
    assert (moved.conversations, Conversation.objects.count()) == (1, 1)
    assert {one.reason for one in misfits} == {"nobody", "agent", "team"}
    held = Conversation.objects.get(key="move:intercom:900")
    assert (held.subject, held.status, held.priority) == ("Where is my tea?", "resolved", 2)
    assert held.resolved_at == datetime.fromtimestamp(1706954400, UTC)
    assert held.fields == {"Order": "A-100", "Team": "Orders", "Assignee": "Paul Gone"}
    assert [label.name for label in held.labels.all()] == ["tea"]
    said = Message.objects.filter(conversation=held).order_by("pk")
    assert list(said.values_list("author_kind", "author_name", "text", "kind")) == [
        ("customer", "Ada Moreno", "It has not come.", "message"),
        ("agent", "Paul Gone", "Ask the courier", "note"),
        ("agent", "Paul Gone", "It left today.", "message"),
        ("customer", "Ada Moreno", "Thanks!", "message"),
    ]
    ada = Customer.objects.get(email="ada@example.com")
    assert (ada.name, ada.phone, str(ada.company)) == ("Ada Moreno", "+49301234567", "Tea Traders")
    assert Identity.objects.get(kind="external", value="u-1").customer == ada


def test_moving_it_once_more_adds_nothing(move_in: Mover, written: Path) -> None:
    move_in("intercom", written)
    before = (Message.objects.count(), Customer.objects.count(), Identity.objects.count())
    moved, _ = move_in("intercom", written)
    assert (moved.conversations, moved.here_already, moved.customers) == (0, 1, 0)
    assert (Message.objects.count(), Customer.objects.count(), Identity.objects.count()) == before

"""A Zendesk export moves in: tickets, comments, people, files, labels and fields."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from regulars.accounts.models import Agent
from regulars.customers.models import Customer, Identity
from regulars.desk.models import Attachment, Conversation, Message
from regulars.kernel import files
from tests.desk.moving.conftest import Mover

pytestmark = pytest.mark.django_db

USERS: list[dict[str, Any]] = [
    {"id": 1, "name": "Ada Moreno", "email": "ada@example.com", "role": "end-user", "external_id": "u-1",
     "organization_id": 9, "user_fields": {"plan": "gold"}, "created_at": "2019-05-01T00:00:00Z"},
    {"id": 2, "name": "Ines", "email": "Ines@shop.example", "role": "agent"},
    {"id": 3, "name": "Paul Gone", "email": "paul@shop.example", "role": "agent"},
    {"id": 4, "name": "Caller", "email": None, "phone": "+49 30 1234567", "role": "end-user"},
]  # fmt: skip
TICKET: dict[str, Any] = {
    "id": 12, "subject": "Where is my tea?", "status": "solved", "priority": "high", "requester_id": 1,
    "assignee_id": 2, "group_id": 7, "tags": ["tea", "x" * 61], "created_at": "2024-02-01T10:00:00Z",
    "custom_fields": [{"id": 5, "value": "A-100"}, {"id": 6, "value": None}],
    "metric_set": {"solved_at": "2024-02-03T10:00:00Z"},
    "comments": [
        {"id": 100, "author_id": 1, "html_body": "<p>It has <b>not</b> come.</p>", "public": True,
         "created_at": "2024-02-01T10:00:00Z", "attachments": [
             {"id": 55, "file_name": "../../photo.png", "content_type": "image/png", "content_url": "https://z/55"},
             {"id": 56, "file_name": "far.png", "content_type": "image/png", "content_url": "https://z/56"}]},
        {"id": 101, "author_id": 3, "plain_body": "Ask the courier", "public": False,
         "created_at": "2024-02-01T11:00:00Z"},
        {"id": 102, "author_id": 2, "plain_body": "It left today.", "public": True,
         "created_at": "2024-02-02T10:00:00Z"},
    ],
}  # fmt: skip


def export(folder: Path, *tickets: dict[str, Any], is_lines: bool = True) -> Path:
    """An export as the operator has it: JSON lines for each kind, and one attachment downloaded."""
    for name, rows in (("tickets", list(tickets)), ("users", USERS)):
        lines = "\n".join(json.dumps(row) for row in rows)
        (folder / f"{name}.json").write_text(lines if is_lines else json.dumps({name: rows, "count": len(rows)}))
    (folder / "organizations.json").write_text(json.dumps({"organizations": [{"id": 9, "name": "Moreno & Co"}]}))
    (folder / "groups.json").write_text(json.dumps({"groups": [{"id": 7, "name": "Shipping"}]}))
    (folder / "ticket_fields.json").write_text(json.dumps({"ticket_fields": [{"id": 5, "title": "Order"}]}))
    (folder / "attachments" / "55").mkdir(parents=True)
    (folder / "attachments" / "55" / "photo.png").write_bytes(b"png")
    return folder


@pytest.mark.parametrize("is_lines", [True, False])
def test_a_ticket_is_a_conversation_as_it_was(move_in: Mover, tmp_path: Path, ines: Agent, is_lines: bool) -> None:
    moved, misfits = move_in("zendesk", export(tmp_path, TICKET, is_lines=is_lines))
    assert (moved.conversations, moved.messages, moved.notes, moved.files, moved.customers) == (1, 2, 1, 1, 2)
    assert sorted((one.where, one.reason, one.what) for one in misfits) == [
        ("Paul Gone <paul@shop.example>", "agent", ""),
        ("ticket 12", "label", "x" * 61),
        ("ticket 12", "not fetched", "https://z/56"),
        ("ticket 12", "team", "Shipping"),
    ]
    held = Conversation.objects.get()
    assert (held.subject, held.status, held.priority, held.assignee_id) == ("Where is my tea?", "resolved", 2, ines.pk)
    assert held.resolved_at == datetime(2024, 2, 3, 10, tzinfo=UTC)
    assert held.fields == {"Order": "A-100", "Team": "Shipping"}
    assert [label.name for label in held.labels.all()] == ["tea"]
    said = list(Message.objects.order_by("pk").values_list("kind", "author_kind", "author_id", "author_name", "text"))
    assert said == [
        ("message", "customer", held.customer_id, "Ada Moreno", "It has not come."),
        ("note", "agent", None, "Paul Gone", "Ask the courier"),
        ("message", "agent", ines.pk, "Ines", "It left today."),
    ]
    file = Attachment.objects.get()
    assert (file.name, files.read(file.digest)) == ("photo.png", b"png")


def test_people_come_with_all_that_is_known_of_them(move_in: Mover, tmp_path: Path) -> None:
    move_in("zendesk", export(tmp_path, TICKET))
    ada = Customer.objects.get(email="ada@example.com")
    assert (ada.name, ada.attributes, ada.known_at) == (
        "Ada Moreno", {"plan": "gold"}, datetime(2019, 5, 1, tzinfo=UTC),
    )  # fmt: skip
    assert ada.company is not None
    assert ada.company.external_id == "Moreno & Co"
    ways = set(Identity.objects.filter(customer=ada).values_list("kind", "value"))
    assert ways == {("email", "ada@example.com"), ("external", "u-1"), ("handle", "zendesk:user 1")}
    assert Customer.objects.get(phone="+49301234567").name == "Caller"


def test_what_is_known_here_counts_more(move_in: Mover, tmp_path: Path, ada: Customer) -> None:
    Customer.objects.filter(pk=ada.pk).update(name="Ada M.", attributes={"plan": "silver"})
    moved, _ = move_in("zendesk", export(tmp_path, TICKET))
    ada.refresh_from_db()
    assert (ada.name, ada.attributes, moved.customers) == ("Ada M.", {"plan": "silver"}, 1)
    assert Conversation.objects.get().customer_id == ada.pk


def test_a_second_run_adds_nothing_and_says_the_same_of_what_did_not_fit(move_in: Mover, tmp_path: Path) -> None:
    path = export(tmp_path, TICKET)
    _, before = move_in("zendesk", path)
    moved, misfits = move_in("zendesk", path)
    assert (moved.conversations, moved.here_already, moved.customers, misfits) == (0, 1, 0, before)
    assert (Conversation.objects.count(), Message.objects.count(), Attachment.objects.count()) == (1, 3, 1)


def test_broken_records_cost_only_themselves(move_in: Mover, tmp_path: Path) -> None:
    odd: dict[str, Any] = {**TICKET, "id": 13, "tags": "tea", "comments": "none", "custom_fields": {"a": 1}}
    odd |= {"description": "Only \u0000 this \ud800", "priority": ["x"], "subject": {"a": 1}, "group_id": None}
    nobody = {**TICKET, "id": 14, "requester_id": 99}
    timeless = {**TICKET, "id": 15, "comments": [{"id": 1, "author_id": 1, "body": "x", "created_at": "soon"}]}
    path = export(tmp_path, odd, nobody, timeless)
    with (path / "tickets.json").open("a") as file:
        file.write('\n{"id": 16, "requester_id": 1, "subj')
    moved, misfits = move_in("zendesk", path)
    assert (moved.conversations, Message.objects.get().text) == (1, "Only  this ")
    told = {(one.where, one.reason) for one in misfits if one.reason not in ("label", "team", "not fetched")}
    assert told == {
        ("tickets.json line 4", "unreadable"), ("ticket 14", "nobody"),
        ("ticket 15", "no time"), ("ticket 15", "no words"),
    }  # fmt: skip

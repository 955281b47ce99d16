"""What Freshdesk's API gave of a real helpdesk moves in."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulars.customers.models import Customer
from regulars.desk.models import Conversation, Message
from tests.desk.moving.conftest import Mover

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded(shared_data: Path, tmp_path: Path) -> Path:
    """The bodies of the recorded answers, one a line."""
    path = shared_data / "imports" / "freshdesk" / "api_recording.jsonl"
    if not path.exists():
        pytest.skip("the recording of a Freshdesk is not here (imports/freshdesk)")
    bodies = [json.loads(line)["json"] for line in path.read_text().splitlines()]
    (tmp_path / "answers.jsonl").write_text("\n".join(json.dumps(body) for body in bodies if body))
    return tmp_path


def test_every_ticket_comes_with_all_that_was_said(move_in: Mover, recorded: Path) -> None:
    moved, misfits = move_in("freshdesk", recorded)
    assert (moved.conversations, Conversation.objects.count()) == (13, 13)
    assert {one.reason for one in misfits} <= {"not fetched", "agent", "team"}
    assert sum(one.reason == "not fetched" for one in misfits) == 3
    held = Conversation.objects.get(key="move:freshdesk:newaccount1617974634756:8")
    assert (held.subject, held.status, held.priority) == ("ogg format seems to be off", "waiting", 4)
    assert held.fields == {"Type": "Incident", "Team": "Customer Support"}
    first, second = Message.objects.filter(conversation=held).order_by("pk")
    assert first.at == datetime(2021, 4, 9, 12, 26, 56, tzinfo=UTC)
    assert (first.author_kind, first.author_name) == ("customer", "Clarice Boone")
    assert (second.author_kind, second.author_name) == ("agent", "Customer Service")
    assert second.recipients["to"] == [{"name": "", "address": "clboone@freshdesk.com"}]
    assert Customer.objects.get(email="clboone@freshdesk.com").name == "Clarice Boone"


def test_notes_stay_inside_and_fields_come_along(move_in: Mover, recorded: Path) -> None:
    move_in("freshdesk", recorded)
    held = Conversation.objects.get(key="move:freshdesk:newaccount1617974634756:12")
    assert held.fields["custom integer"] == "999"
    assert set(Message.objects.filter(conversation=held).values_list("kind", flat=True)) == {"message", "note"}


def test_a_second_run_adds_nothing(move_in: Mover, recorded: Path) -> None:
    move_in("freshdesk", recorded)
    before = (Message.objects.count(), Customer.objects.count())
    moved, _ = move_in("freshdesk", recorded)
    assert (moved.conversations, moved.here_already, moved.customers) == (0, 13, 0)
    assert (Message.objects.count(), Customer.objects.count()) == before


# Written by hand after the format the API documents, so that it is proven in every run.
CONTACT = {
    "id": 101, "name": "Ada Moreno", "email": "ada@example.com", "other_emails": ["ada.m@example.com"],
    "phone": "+49 30 1234567", "mobile": None, "active": True, "address": None, "company_id": 301,
    "description": None, "job_title": "Buyer", "language": "de", "time_zone": "Berlin", "twitter_id": None,
    "unique_external_id": "u-1", "custom_fields": {"plan": "gold"}, "tags": [], "created_at": "2023-01-05T08:00:00Z",
}  # fmt: skip
AGENT = {
    "id": 201, "available": True, "occasional": False, "ticket_scope": 1, "type": "support_agent",
    "group_ids": [401], "role_ids": [1], "signature": None,
    "contact": {"active": True, "name": "Paul Gone", "email": "paul@shop.example", "job_title": None, "language": "en"},
}  # fmt: skip
COMPANY = {"id": 301, "name": "Tea Traders", "domains": ["example.com"], "description": None, "custom_fields": {}}
GROUP = {"id": 401, "name": "Orders", "escalate_to": None, "unassigned_for": "30m", "agent_ids": [201]}
TICKET = {
    "id": 12, "subject": "Where is my tea?", "description": "<p>It has <b>not</b> come.</p>",
    "description_text": "It has not come.", "status": 4, "priority": 3, "source": 1, "type": "Problem",
    "requester_id": 101, "responder_id": 201, "group_id": 401, "company_id": 301, "product_id": None,
    "tags": ["tea"], "spam": False, "to_emails": ["help@shop.example"], "cc_emails": [], "fwd_emails": [],
    "custom_fields": {"cf_order_number": "A-100", "cf_gift": False, "cf_shop": None},
    "created_at": "2024-02-01T10:00:00Z", "updated_at": "2024-02-03T10:00:00Z",
    "stats": {"resolved_at": "2024-02-03T10:00:00Z", "closed_at": None},
    "attachments": [{"id": 55, "name": "photo.png", "content_type": "image/png", "size": 9,
                     "attachment_url": "https://files.example/55"}],
}  # fmt: skip
SAID = [
    {"id": 1001, "ticket_id": 12, "incoming": False, "private": True, "user_id": 201, "source": 2,
     "body": "<div>Ask the courier</div>", "body_text": "Ask the courier", "to_emails": [], "attachments": [],
     "created_at": "2024-02-01T11:00:00Z"},
    {"id": 1002, "ticket_id": 12, "incoming": False, "private": False, "user_id": 201, "source": 0,
     "body": "<div>It left today.</div>", "body_text": "It left today.", "to_emails": ["ada@example.com"],
     "cc_emails": ["boss@example.com"], "bcc_emails": [], "attachments": [], "created_at": "2024-02-02T10:00:00Z"},
    {"id": 1003, "ticket_id": 12, "incoming": True, "private": False, "user_id": 101, "source": 0,
     "body": "<div>Thanks!</div>", "body_text": "Thanks!", "attachments": [], "created_at": "2024-02-02T12:00:00Z"},
]  # fmt: skip
DELETED = {**TICKET, "id": 13, "deleted": True}
CALLED = {**TICKET, "id": 14, "source": 10, "status": 2, "priority": 4, "tags": [], "attachments": [], "stats": {}}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Answers of every list of the API, a line for each."""
    answers = [[TICKET, DELETED, CALLED], SAID, [CONTACT], [AGENT], [COMPANY], [GROUP]]
    (tmp_path / "answers.jsonl").write_text("\n".join(map(json.dumps, answers)))
    return tmp_path


def test_a_ticket_comes_with_its_talk_its_people_and_how_it_stood(move_in: Mover, written: Path) -> None:
    moved, misfits = move_in("freshdesk", written)
    assert (moved.conversations, Conversation.objects.count()) == (2, 2)
    assert {one.reason for one in misfits} == {"not moved", "not fetched", "agent", "team"}
    held = Conversation.objects.get(key="move:freshdesk:12")
    assert (held.subject, held.status, held.priority) == ("Where is my tea?", "resolved", 2)
    assert held.resolved_at == datetime(2024, 2, 3, 10, tzinfo=UTC)
    assert held.fields == {"order number": "A-100", "Type": "Problem", "Team": "Orders", "Assignee": "Paul Gone"}
    assert [label.name for label in held.labels.all()] == ["tea"]
    said = Message.objects.filter(conversation=held).order_by("pk")
    assert list(said.values_list("author_kind", "author_name", "text", "kind")) == [
        ("customer", "Ada Moreno", "It has not come.", "message"),
        ("agent", "Paul Gone", "Ask the courier", "note"),
        ("agent", "Paul Gone", "It left today.", "message"),
        ("customer", "Ada Moreno", "Thanks!", "message"),
    ]
    assert said[2].recipients["cc"] == [{"name": "", "address": "boss@example.com"}]
    ada = Customer.objects.get(email="ada@example.com")
    assert (ada.name, ada.phone, str(ada.company)) == ("Ada Moreno", "+49301234567", "Tea Traders")


def test_who_wrote_first_and_urgency_are_read_and_a_second_run_adds_nothing(move_in: Mover, written: Path) -> None:
    move_in("freshdesk", written)
    called = Conversation.objects.get(key="move:freshdesk:14")
    assert (called.status, called.priority, called.resolved_at) == ("open", 1, None)
    assert Message.objects.get(conversation=called).author_kind == "agent"
    before = (Message.objects.count(), Customer.objects.count())
    moved, _ = move_in("freshdesk", written)
    assert (moved.conversations, moved.here_already, moved.customers) == (0, 2, 0)
    assert (Message.objects.count(), Customer.objects.count()) == before

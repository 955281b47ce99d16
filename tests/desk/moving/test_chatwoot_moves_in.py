"""Chatwoot conversations with their messages move in."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.desk.models import Conversation, Message
from tests.desk.moving.conftest import Mover

pytestmark = pytest.mark.django_db

BEGAN = 1_700_000_000
CONTACT = {"id": 5, "name": "Ada Moreno", "email": "ada@example.com", "phone_number": "+4930123456", 
           "identifier": "u-1", "custom_attributes": {"plan": "gold"}, "type": "contact"}  # fmt: skip
CONVERSATION: dict[str, Any] = {
    "id": 30, "inbox_id": 2, "status": "resolved", "priority": "urgent", "labels": ["tea"],
    "custom_attributes": {"order": "A-9"}, "additional_attributes": {"mail_subject": "My tea"},
    "meta": {"sender": CONTACT, "assignee": {"id": 4, "name": "Ines", "email": "ines@shop.example"},
             "team": {"id": 1, "name": "shipping"}},
    "messages": [],
}  # fmt: skip


def message(number: int, kind: int, content: str, sender: dict[str, Any] | None, **said: Any) -> dict[str, Any]:
    one = {"id": number, "conversation_id": 30, "message_type": kind, "content": content, "private": False}
    return {**one, "created_at": BEGAN + number * 60, "sender": sender, **said}


def saved(folder: Path) -> Path:
    ines = {"id": 4, "name": "Ines", "type": "user"}
    mail = {"email": {"message_id": "m1@example.com", "html_content": {"full": "<p>Where is it?</p>"}}}
    messages = [
        message(1, 0, "Where is it?", CONTACT, content_attributes=mail),
        message(2, 3, "We answer soon.", None),
        message(3, 1, "Ask Bo", ines, private=True),
        message(4, 1, "It left today.", ines, attachments=[{"id": 8, "data_url": "https://c/x/tea.png?sig=1"}]),
        message(5, 2, "Conversation was marked resolved by Ines", None),
    ]
    (folder / "conversations.json").write_text(json.dumps({"data": {"meta": {}, "payload": [CONVERSATION]}}))
    (folder / "messages.json").write_text(json.dumps({"meta": {"labels": []}, "payload": messages}))
    (folder / "agents.json").write_text(json.dumps([{"id": 4, "email": "ines@shop.example", "role": "agent"}]))
    return folder


def test_a_conversation_is_joined_with_its_messages(move_in: Mover, tmp_path: Path, ines: Agent) -> None:
    moved, misfits = move_in("chatwoot", saved(tmp_path))
    assert (moved.conversations, moved.messages, moved.notes, moved.customers) == (1, 3, 1, 1)
    assert sorted((one.reason, one.what) for one in misfits) == [
        ("not fetched", "https://c/x/tea.png?sig=1"), ("team", "shipping"),
    ]  # fmt: skip
    held = Conversation.objects.get()
    assert (held.subject, held.status, held.priority, held.assignee_id) == ("My tea", "resolved", 1, ines.pk)
    assert held.fields == {"order": "A-9", "Team": "shipping"}
    assert held.resolved_at == datetime.fromtimestamp(BEGAN + 300, UTC)
    said = Message.objects.order_by("pk").values_list("author_kind", "author_id", "kind", "text", "is_automatic")
    assert list(said) == [
        ("customer", held.customer_id, "message", "Where is it?", False),
        ("bot", None, "message", "We answer soon.", True),
        ("agent", ines.pk, "note", "Ask Bo", False),
        ("agent", ines.pk, "message", "It left today.", False),
    ]
    ada = Customer.objects.get()
    assert (ada.name, ada.phone, ada.attributes) == ("Ada Moreno", "+4930123456", {"plan": "gold"})
    assert Message.objects.get(external_id="m1@example.com").at == datetime.fromtimestamp(BEGAN + 60, UTC)


def test_a_second_run_adds_nothing(move_in: Mover, tmp_path: Path) -> None:
    move_in("chatwoot", saved(tmp_path))
    moved, _ = move_in("chatwoot", tmp_path)
    assert (moved.conversations, moved.here_already, moved.customers) == (0, 1, 0)
    assert (Message.objects.count(), Customer.objects.count()) == (4, 1)

"""Help Scout conversations with embedded threads move in; a documented thread is read as it is documented."""

import json
from pathlib import Path
from typing import Any

import pytest

from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.desk.models import Conversation, Message
from tests.desk.moving.conftest import Mover

pytestmark = pytest.mark.django_db


def conversation(*threads: dict[str, Any], **said: Any) -> dict[str, Any]:
    return {
        "id": 10, "number": 7, "status": "closed", "state": "published", "subject": "Tea", "mailboxId": 1,
        "assignee": {"id": 4, "type": "user", "first": "Ines", "last": "", "email": "ines@shop.example"},
        "createdAt": "2023-04-21T14:39:56Z", "closedAt": "2023-04-23T08:00:00Z",
        "tags": [{"id": 1, "tag": "leaf"}], "customFields": [{"id": 2, "name": "Order", "value": "8", "text": "A-8"}],
        "primaryCustomer": {"id": 256, "type": "customer", "first": "Ada", "last": "Moreno",
                            "email": "ada@example.com"},
        "_embedded": {"threads": list(threads)}, **said,
    }  # fmt: skip


def thread(number: int, kind: str, body: str, by: dict[str, Any], *, day: int, **said: Any) -> dict[str, Any]:
    at = f"2023-04-{day}T14:39:56Z"
    return {"id": number, "type": kind, "state": "published", "body": body, "createdBy": by, "createdAt": at, **said}


ADA = {"id": 256, "type": "customer", "email": "ada@example.com"}
INES = {"id": 4, "type": "user", "first": "Ines", "email": "ines@shop.example"}


def saved(folder: Path, *conversations: dict[str, Any]) -> Path:
    path = folder / "conversations.json"
    path.write_text(json.dumps({"_embedded": {"conversations": list(conversations)}, "page": {"number": 1}}))
    return path


def test_threads_come_as_they_were_and_drafts_stay(move_in: Mover, tmp_path: Path, ines: Agent) -> None:
    links = {"data": {"href": "https://api.helpscout.net/v2/a/1/data"}}
    file = {"id": 1, "filename": "tea.png", "mimeType": "image/png", "_links": links}
    threads = [
        thread(3, "lineitem", "", INES, day=23),
        thread(2, "message", "It left <i>today</i>.", INES, day=22, to=["ada@example.com"]),
        thread(1, "customer", "Where is it?", ADA, day=21, _embedded={"attachments": [file]}),
        thread(4, "note", "A regular.", INES, day=22),
        thread(5, "message", "Not sent", INES, day=22, state="draft"),
    ]
    moved, misfits = move_in("helpscout", saved(tmp_path, conversation(*threads)))
    assert (moved.conversations, moved.messages, moved.notes) == (1, 2, 1)
    assert [(one.where, one.reason, one.what) for one in misfits] == [
        ("conversation 7", "not fetched", "https://api.helpscout.net/v2/a/1/data")
    ]
    held = Conversation.objects.get()
    assert (held.status, held.assignee_id, held.fields) == ("resolved", ines.pk, {"Order": "A-8"})
    assert held.resolved_at is not None
    assert held.resolved_at.isoformat() == "2023-04-23T08:00:00+00:00"
    said = list(Message.objects.order_by("pk").values_list("author_kind", "kind", "text"))
    assert said == [
        ("customer", "message", "Where is it?"),
        ("agent", "message", "It left today."),
        ("agent", "note", "A regular."),
    ]
    assert Customer.objects.get().name == "Ada Moreno"


def test_spam_stays_spam_and_deleted_ones_are_named(move_in: Mover, tmp_path: Path) -> None:
    spam = conversation(thread(1, "customer", "Buy", ADA, day=21), id=11, status="spam")
    gone = conversation(thread(2, "customer", "Gone", ADA, day=21), id=12, number=9, state="deleted")
    _, misfits = move_in("helpscout", saved(tmp_path, spam, gone))
    assert Conversation.objects.get().spam_at is not None
    assert ("conversation 9", "not moved") in {(one.where, one.reason) for one in misfits}


def test_the_documented_thread_is_read(move_in: Mover, tmp_path: Path, shared_data: Path) -> None:
    path = shared_data / "imports" / "helpscout" / "examples.jsonl"
    if not path.exists():
        pytest.skip("Help Scout's examples are not here (imports/helpscout)")
    examples = {(one["file"], one["function"]): one["json"] for one in map(json.loads, path.read_text().splitlines())}
    documented = {**examples["ThreadPayloads.php", "thread"], "id": 99}
    move_in("helpscout", saved(tmp_path, conversation(documented)))
    message = Message.objects.get()
    assert (message.text, message.author_kind, message.at.isoformat()) == (
        "Need Help", "customer", "2017-04-21T14:39:56+00:00",
    )  # fmt: skip
    assert message.recipients["cc"] == [{"name": "", "address": "bear@normal.com"}]

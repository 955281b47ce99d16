"""What Regulars wrote, Regulars reads: an export moved in says what it said where it came from."""

import json
from pathlib import Path
from typing import Any

import pytest

from regulars.desk.models import Attachment, Conversation, Message
from regulars.kernel import files
from tests.desk.cast import make_agent
from tests.desk.moving.conftest import Mover

pytestmark = pytest.mark.django_db

AT = "2026-03-02T09:05:00+00:00"


def saved(place: Path, **kinds: list[dict[str, Any]]) -> Path:
    (place / "manifest.json").write_text("{}")
    for name, rows in kinds.items():
        (place / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return place


def said(number: int, text: str, kind: str, author: int | None, **more: Any) -> dict[str, Any]:
    by = {"author_kind": kind, "author_id": author, "author_name": ""}
    return {"id": number, "conversation_id": 3, "at": AT, "text": text, **by, **more}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    digest = files.store(b"a map")
    files.remove(digest)
    (tmp_path / "attachments" / digest[:2]).mkdir(parents=True)
    (tmp_path / "attachments" / digest[:2] / digest).write_bytes(b"a map")
    map_ = {"of": "message", "message_id": 7, "name": "map.pdf", "type": "application/pdf", "sha256": digest}
    ada = {"id": 9, "name": "Ada", "email": "", "merged_into_id": None, "known_at": AT}
    twin = {"id": 8, "name": "A.", "merged_into_id": 9, "identities": [{"kind": "email", "value": "ada@example.com"}]}
    held = {"id": 3, "customer_id": 8, "subject": "Parcel", "status": "resolved", "resolved_at": AT, "priority": 2}
    return saved(
        tmp_path,
        customers=[ada, twin],
        agents=[{"id": 4, "name": "Ines", "email": "ines@shop.example"}],
        teams=[],
        conversations=[
            {**held, "labels": ["late"], "merged_into_id": None, "fields": {"order": "7"}},
            {"id": 5, "customer_id": 9, "merged_into_id": 3},
        ],
        messages=[
            said(7, "Where?", "customer", 8, external_id="one@example.com"),
            said(10, "On its way.", "agent", 4, state="sent"),
            said(11, "Taken back.", "agent", 4, removed_at=AT),
            {**said(12, "And now?", "customer", 9), "conversation_id": 5},
        ],
        notes=[said(13, "Be kind.", "agent", 4, mentions=[])],
        attachments=[map_],
    )


def test_an_export_comes_whole_and_a_second_time_adds_nothing(move_in: Mover, export: Path) -> None:
    ines = make_agent("Ines")
    moved, misfits = move_in("regulars", export)
    assert (moved.conversations, moved.messages, moved.notes, moved.files, misfits) == (1, 3, 1, 1, [])
    held = Conversation.objects.get()
    assert (held.subject, held.status, held.priority, held.fields) == ("Parcel", "resolved", 2, {"order": "7"})
    assert [label.name for label in held.labels.all()] == ["late"] and held.is_history
    assert held.customer.name == "Ada"
    there = Message.objects.order_by("pk").values_list("kind", "text", "author_kind", "author_id")
    assert sorted(there) == sorted(
        [
            ("message", "Where?", "customer", held.customer_id), ("message", "On its way.", "agent", ines.pk),
            ("message", "And now?", "customer", held.customer_id), ("note", "Be kind.", "agent", ines.pk),
        ]
    )  # fmt: skip
    assert files.read(Attachment.objects.get().digest) == b"a map"
    again, _misfits = move_in("regulars", export)
    assert (again.conversations, again.messages, Conversation.objects.count()) == (0, 0, 1)


def test_a_path_trick_in_an_export_reads_no_file(move_in: Mover, export: Path) -> None:
    trick = {"of": "message", "message_id": 7, "name": "x", "sha256": "../../../../etc/passwd", "path": "/etc/passwd"}
    (export / "attachments.jsonl").write_text(json.dumps(trick) + "\n")
    moved, misfits = move_in("regulars", export)
    assert moved.files == 0 and "no file" in [each.reason for each in misfits]

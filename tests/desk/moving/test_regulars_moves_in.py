"""What Regulars wrote, Regulars reads: an export moved in says what it said where it came from."""

import json
from pathlib import Path
from typing import Any

import pytest

from regulars.customers.models import Customer
from regulars.desk.errors import OwnExport
from regulars.desk.models import (
    Attachment,
    Conversation,
    FieldDefinition,
    House,
    Label,
    Macro,
    Merge,
    Message,
    SideConversation,
    SideMessage,
    Step,
)
from regulars.kernel import files
from regulars.kernel.models import Fact
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
    assert (moved.conversations, moved.messages, moved.notes, moved.files, misfits) == (2, 3, 1, 1, [])
    held = Conversation.objects.get(merged_into=None)
    (joined,) = Conversation.objects.filter(merged_into=held)
    assert (joined.subject, moved.ties, Merge.objects.get().merged) == ("", 1, joined)
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
    assert (again.conversations, again.messages, again.ties, Conversation.objects.count()) == (0, 0, 0, 2)


def test_a_path_trick_in_an_export_reads_no_file(move_in: Mover, export: Path) -> None:
    trick = {"of": "message", "message_id": 7, "name": "x", "sha256": "../../../../etc/passwd", "path": "/etc/passwd"}
    (export / "attachments.jsonl").write_text(json.dumps(trick) + "\n")
    moved, misfits = move_in("regulars", export)
    assert moved.files == 0 and "no file" in [each.reason for each in misfits]


@pytest.fixture
def whole(export: Path) -> Path:
    """The export with everything else there is."""
    depot = "depot@carrier.example"
    asked = {
        "id": 21,
        "side_conversation_id": 20,
        "at": AT,
        "recipients": {"to": [{"address": "depot@carrier.example"}]},
    }
    macro = {"id": 1, "is_note": False, "agent_id": None, "team_id": None, "retired_at": None}
    fact = {"customer_id": 8, "occurred_at": AT, "recorded_at": AT, "properties": {"order_id": "7"}, "is_trusted": True}
    choices = [{"key": "l1", "label": "Late"}, {"key": "d1", "label": "Damaged"}]
    field = {"key": "reason", "label": "Reason", "kind": "choices", "choices": choices, "is_required": True}
    held = json.loads((export / "conversations.jsonl").read_text().splitlines()[0])
    return saved(
        export,
        conversations=[
            {**held, "fields": {"reason": ["d1"], "order": "7"}},
            {"id": 5, "customer_id": 9, "merged_into_id": 3},
        ],
        side_conversations=[
            {"id": 20, "conversation_id": 5, "subject": "Parcel 7", "done_at": AT,
             "participants": [{"name": "Depot", "address": depot}]},
        ],
        side_messages=[
            {**asked, "author_kind": "agent", "author_id": 4, "text": "Where is it?", "state": "sent"},
            {**asked, "id": 22, "author_kind": "outside", "author_address": depot, "text": "Leipzig."},
            {**asked, "id": 23, "author_kind": "agent", "author_id": 4, "text": "Taken back.", "removed_at": AT},
        ],
        labels=[{"id": 1, "name": "late", "hue": 30}, {"id": 2, "name": "Ours", "hue": 200}],
        fields=[field, {"key": "odd", "label": "Odd", "kind": "no such kind"}],
        macros=[
            {**macro, "name": "Late", "text": "It is late.", "deeds": [
                {"deed": "label", "value": "late"}, *({"deed": "assign", "value": each} for each in ("4", "99"))]},
            {**macro, "name": "Whose?", "text": "?", "agent_id": 99},
        ],
        sources=[{"id": 1, "kind": "product"}, {"id": 6, "kind": "server"}],
        facts=[
            {**fact, "id": 1, "source_id": 6, "message_id": "m1", "name": "Order Completed"},
            {**fact, "id": 2, "source_id": 1, "message_id": "m2", "name": "message received"},
            {**fact, "id": 3, "source_id": 6, "message_id": "m3", "name": "page viewed", "customer_id": 77},
        ],
        audit=[{"id": 1}, {"id": 2}],
    )  # fmt: skip


def test_what_else_there_is_comes_too_or_is_named(move_in: Mover, whole: Path) -> None:
    ines = make_agent("Ines")
    Label.objects.create(name="Ours", hue=10)
    would, _misfits = move_in("regulars", whole, is_dry=True)
    assert (would.sides, would.facts, would.set_up) == (1, 1, 3)
    assert not (SideMessage.objects.exists() or Macro.objects.exists() or FieldDefinition.objects.exists())
    moved, misfits = move_in("regulars", whole)
    assert (moved.conversations, moved.sides, moved.facts, moved.set_up) == (2, 1, 1, 3)
    assert sorted((each.where, each.reason) for each in misfits) == [
        ("audit.jsonl", "stays"),
        ("facts.jsonl", "visitors"), ("field odd", "set up"), ("macro Late", "set up"), ("macro Whose?", "set up"),

    ]  # fmt: skip
    held = Conversation.objects.get(merged_into=None)
    assert held.fields == {"reason": ["d1"], "order": "7"} and (held.side_count, held.side_unread) == (1, 0)
    side = SideConversation.objects.get()
    assert (side.subject, side.message_count, side.is_done) == ("Parcel 7", 2, True)
    assert side.participants == [{"name": "Depot", "address": "depot@carrier.example"}]
    said = SideMessage.objects.order_by("pk").values_list("author_kind", "author_id", "author_address", "text", "state")
    assert list(said) == [
        ("agent", ines.pk, "", "Where is it?", "sent"), ("outside", None, "depot@carrier.example", "Leipzig.", ""),
    ]  # fmt: skip
    assert Customer.objects.count() == 1, "who was asked is nobody's customer"
    assert dict(Label.objects.values_list("name", "hue")) == {"late": 30, "Ours": 10}
    row = FieldDefinition.objects.get()
    assert (row.label, row.is_required, row.labels) == ("Reason", True, {"l1": "Late", "d1": "Damaged"})
    macro = Macro.objects.get()
    assert macro.deeds == [{"deed": "label", "value": "late"}, {"deed": "assign", "value": str(ines.pk)}]
    fact = Fact.objects.get(name="Order Completed")
    assert (fact.customer_id, fact.source.name, fact.properties) == (
        held.customer_id,
        "import regulars",
        {"order_id": "7"},
    )
    assert not Fact.objects.filter(message_id="1:m2").exists()
    again, _misfits = move_in("regulars", whole)
    assert (again.sides, again.facts, again.set_up) == (0, 0, 0)
    assert (SideMessage.objects.count(), Macro.objects.count(), FieldDefinition.objects.count()) == (2, 1, 1)


def house(place: Path, name: str, who: str, **more: Any) -> Path:
    """An export in which everything has the numbers it has in any other of these."""
    place.mkdir(exist_ok=True)
    held = {"id": 3, "customer_id": 9, "subject": f"Of {who}", "created_at": AT, **more}
    twin = {**held, "id": 5, "subject": f"Joined of {who}", "merged_into_id": 3}
    stood = {"at": AT, "actor": "system", "actor_name": ""}
    steps = [{"id": 1, "conversation_id": 3, "verb": "started", **stood},
             {"id": 2, "conversation_id": 3, "verb": "merged", "details": {"merged": 5, "subject": "x"}, **stood},
             {"id": 3, "conversation_id": 5, "verb": "started", **stood}]  # fmt: skip
    fact = {"source_id": 4, "message_id": "o-1", "customer_id": 9, "name": "Order Completed", "occurred_at": AT}
    saved(
        place, customers=[{"id": 9, "name": who, "known_at": AT}], conversations=[held, twin], steps=steps,
        messages=[said(7, f"{who} asks.", "customer", 9), {**said(8, "Too.", "customer", 9), "conversation_id": 5}],
        sources=[{"id": 4, "kind": "server"}], facts=[fact],
        links=[{"conversation_id": 3, "other_id": 5, "why": "by hand", "at": AT, "by": "system"}],
    )  # fmt: skip
    (place / "manifest.json").write_text(json.dumps({"house": name} if name else {}))
    return place


def came() -> dict[str, Any]:
    return {
        "conversations": sorted(Conversation.objects.values_list("subject", "customer__name", "merged_into__subject")),
        "facts": sorted(Fact.objects.filter(name="Order Completed").values_list("customer_id", "message_id")),
        "merged": sorted(Merge.objects.values_list("kept__subject", "merged__subject")),
        "steps": sorted(Step.objects.filter(verb="merged").values_list("conversation__subject", "details__merged")),
    }


def test_two_houses_move_into_one_and_neither_is_taken_for_the_other(move_in: Mover, tmp_path: Path) -> None:
    first, second = house(tmp_path / "a", "aaaa0001", "Ada"), house(tmp_path / "b", "bbbb0002", "Musa")
    counted = [move_in("regulars", each)[0] for each in (first, second)]
    assert [(each.conversations, each.facts, each.ties, each.customers) for each in counted] == [(2, 1, 2, 1)] * 2
    there = came()
    joined = {row.subject: row.pk for row in Conversation.objects.exclude(merged_into=None)}
    assert there["conversations"] == [
        ("Joined of Ada", "Ada", "Of Ada"), ("Joined of Musa", "Musa", "Of Musa"),
        ("Of Ada", "Ada", None), ("Of Musa", "Musa", None),
    ]  # fmt: skip
    assert there["steps"] == [("Of Ada", joined["Joined of Ada"]), ("Of Musa", joined["Joined of Musa"])]
    assert len({customer for customer, _key in there["facts"]}) == 2
    for each in (first, second, first):
        again, _misfits = move_in("regulars", each)
        assert (again.conversations, again.here_already, again.facts, again.ties) == (0, 2, 0, 0)
    assert came() == there


def test_a_house_that_came_without_a_name_is_known_when_it_has_one(move_in: Mover, tmp_path: Path) -> None:
    move_in("regulars", house(tmp_path / "old", "", "Ada"))
    there = came()
    again, _misfits = move_in("regulars", house(tmp_path / "new", "aaaa0001", "Ada"), is_dry=True)
    assert (again.conversations, House.objects.count()) == (0, 0)
    other, _misfits = move_in("regulars", house(tmp_path / "b", "bbbb0002", "Musa", created_at="2026-03-01T08:00:00Z"))
    assert other.conversations == 2
    again, _misfits = move_in("regulars", house(tmp_path / "new", "aaaa0001", "Ada"))
    assert (again.conversations, again.facts, again.customers, again.ties) == (0, 0, 0, 0)
    assert [row for row in came()["conversations"] if "Ada" in row[0]] == there["conversations"]


def test_an_export_of_this_very_house_is_refused(move_in: Mover, tmp_path: Path) -> None:
    House.objects.create(name="aaaa0001", is_own=True, at=AT)
    with pytest.raises(OwnExport):
        move_in("regulars", house(tmp_path / "a", "aaaa0001", "Ada"))
    assert not Conversation.objects.exists() and not Customer.objects.exists()

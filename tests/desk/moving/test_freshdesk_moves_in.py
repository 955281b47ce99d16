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
    held = Conversation.objects.get(key="move:freshdesk:8")
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
    held = Conversation.objects.get(key="move:freshdesk:12")
    assert held.fields["custom integer"] == "999"
    assert set(Message.objects.filter(conversation=held).values_list("kind", flat=True)) == {"message", "note"}


def test_a_second_run_adds_nothing(move_in: Mover, recorded: Path) -> None:
    move_in("freshdesk", recorded)
    before = (Message.objects.count(), Customer.objects.count())
    moved, _ = move_in("freshdesk", recorded)
    assert (moved.conversations, moved.here_already, moved.customers) == (0, 13, 0)
    assert (Message.objects.count(), Customer.objects.count()) == before

"""Colleagues an export names who are not here are made when asked: without access, their work theirs."""

from pathlib import Path

import pytest
from django.core import mail

from regulars.accounts.models import Agent, AuditEntry
from regulars.accounts.selectors import answering_agents
from regulars.desk.models import Conversation, Message
from regulars.kernel import people
from regulars.kernel.actors import SYSTEM
from regulars.kernel.errors import NotAllowed
from tests.desk.cast import make_mailbox
from tests.desk.moving.conftest import Mover
from tests.desk.moving.test_zendesk_moves_in import TICKET, export

pytestmark = pytest.mark.django_db
OPEN = {**TICKET, "id": 13, "status": "open", "assignee_id": 3}


def test_who_is_named_is_made_without_access_and_has_their_work(move_in: Mover, tmp_path: Path, ines: Agent) -> None:
    path = export(tmp_path, TICKET, OPEN)
    seen, misfits = move_in("zendesk", path, makes=SYSTEM, is_dry=True)
    assert (seen.agents_made, seen.open_with_made) == ({"paul@shop.example": "Paul Gone"}, 1)
    assert (seen.agents_known, seen.agents_unknown) == ({"ines@shop.example"}, set())
    assert not Agent.objects.filter(email="paul@shop.example").exists()
    moved, misfits = move_in("zendesk", path, makes=SYSTEM)
    assert moved.agents_made == seen.agents_made
    assert [one.where for one in misfits if one.reason == "agent made"] == ["Paul Gone <paul@shop.example>"]
    assert "agent made" not in moved.misfits and "agent" not in moved.misfits
    paul = Agent.objects.get(email="paul@shop.example")
    assert (paul.name, paul.role, paul.is_active, paul.has_usable_password()) == ("Paul Gone", "agent", False, False)
    assert paul not in answering_agents()
    assert Conversation.objects.get(key="move:zendesk:13").assignee_id == paul.pk
    notes = Message.objects.filter(kind="note").values_list("author_kind", "author_id", "author_name")
    assert set(notes) == {("agent", paul.pk, "Paul Gone")}
    assert not mail.outbox
    again, misfits = move_in("zendesk", path, makes=SYSTEM)
    assert (again.agents_made, Agent.objects.count()) == ({}, 2)
    assert AuditEntry.objects.filter(verb="agent awaited").count() == 1


def test_none_is_made_unasked_or_by_who_may_not(move_in: Mover, tmp_path: Path, ines: Agent) -> None:
    path = export(tmp_path, TICKET)
    with pytest.raises(NotAllowed):
        move_in("zendesk", path, makes=ines.actor)
    assert (Conversation.objects.count(), Agent.objects.count()) == (0, 1)
    moved, _ = move_in("zendesk", path)
    assert (moved.agents_made, Agent.objects.count()) == ({}, 1)


@pytest.mark.parametrize("why", ["a channel", "erased", "no address"])
def test_who_cannot_be_an_agent_stays_a_name(move_in: Mover, tmp_path: Path, why: str) -> None:
    path = export(tmp_path, TICKET)
    if why == "a channel":
        make_mailbox("paul@shop.example")
    if why == "erased":
        people.suppress([("email", "paul@shop.example")])
    if why == "no address":
        users = path / "users.json"
        users.write_text(users.read_text().replace("paul@shop.example", "paul at home"))
    moved, _ = move_in("zendesk", path, makes=SYSTEM)
    assert set(moved.agents_made) == {"ines@shop.example"}
    assert Message.objects.get(kind="note").author_id is None

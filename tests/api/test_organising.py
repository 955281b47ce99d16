"""What a colleague does on a page, a program does for them: teams, places, held-back mail, bulk, exports, drafts."""

from typing import Any

import pytest

from regulars.accounts.actions import keys
from regulars.accounts.models import Agent, Team
from regulars.channels.actions import suppression
from regulars.channels.models import Channel, Incoming, SuppressedAddress
from regulars.customers.models import Customer
from regulars.desk.actions import episodes, field_definitions, fields, macros, messages, rules, side
from regulars.desk.actions.messages import Written
from regulars.desk.models import (
    Bulk,
    Conversation,
    Draft,
    Export,
    FieldDefinition,
    Message,
    Route,
    Rule,
    Seat,
    SideMessage,
    View,
)
from regulars.insights.models import Report
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.api.program import Program
from tests.desk.beside import TO_CARRIER
from tests.desk.cast import ask, make_agent

pytestmark = pytest.mark.django_db
LABEL = [{"deed": "label", "value": "Late"}]


def key_of(agent: Agent) -> Program:
    return Program(keys.create("api", name=agent.name, by=SYSTEM, agent_id=agent.pk, scopes=keys.SCOPES))


@pytest.fixture
def jonas(db: None) -> Agent:
    return make_agent("Jonas", role="manager")


@pytest.fixture
def manager(jonas: Agent) -> Program:
    return key_of(jonas)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_teams_routes_and_seats(manager: Program, ines: Agent, jonas: Agent) -> None:
    made = manager("POST", "/teams", {"name": "Orders", "agent_ids": [ines.pk]}, idempotency_key="k").json()
    assert manager("POST", "/teams", {"name": "Orders", "agent_ids": [ines.pk]}, idempotency_key="k").json() == made
    assert made == {"id": made["id"], "name": "Orders", "is_open": True, "agent_ids": [ines.pk]}
    changed = manager("PATCH", f"/teams/{made['id']}", {"is_open": False}).json()
    assert changed == {**made, "is_open": False}
    assert refusal(manager("POST", "/teams", {"name": "orders"})) == (409, "team-name-taken")
    route = {"team_id": made["id"], "method": "in turn", "is_by_skill": True}
    assert manager("PUT", "/routes", route).json() == route
    assert manager("GET", "/routes").json()["items"] == [route]
    seat = manager("PUT", f"/seats/{ines.pk}", {"capacity": 7, "skills": ["de"]}).json()
    assert (seat["capacity"], seat["skills"], seat["open"]) == (7, ["de"], 0)
    assert refusal(manager("PUT", "/seats/999999", {"capacity": 7})) == (422, "no-such-agent")
    assert manager("PUT", "/away", {"is_away": True}).json() == {"is_away": True}
    there = {one["agent_id"]: one["away_at"] is not None for one in manager("GET", "/seats").json()["items"]}
    assert there == {ines.pk: False, jonas.pk: True}
    assert manager("DELETE", f"/teams/{made['id']}").status_code == 204
    assert Team.objects.get().archived_at is not None
    assert (Route.objects.count(), Seat.objects.get(agent=ines).capacity) == (1, 7)


def test_rules_fields_and_views_are_put_in_order(manager: Program) -> None:
    pks = [rules.write(name, triggers=["started"], tree={}, done=LABEL, by=SYSTEM).pk for name in "abc"]
    assert manager("PUT", f"/rules/{pks[2]}/place", {"place": 0}).json()["id"] == pks[2]
    assert list(Rule.objects.values_list("name", flat=True)) == ["c", "a", "b"]
    manager("PUT", f"/rules/{pks[2]}/place", {"place": 99})
    assert list(Rule.objects.values_list("name", flat=True)) == ["a", "b", "c"]
    first, second = (field_definitions.define(name, "number", by=SYSTEM).pk for name in ("One", "Two"))
    assert manager("PUT", f"/fields/{second}/place", {"place": 0}).status_code == 200
    assert list(FieldDefinition.objects.values_list("pk", flat=True)) == [second, first]
    made = [manager("POST", "/views", {"name": name, "conditions": {}}).json()["key"] for name in "xy"]
    assert manager("PUT", "/views/order", {"keys": [made[1], made[0]]}).status_code == 204
    assert list(View.objects.order_by("position").values_list("name", flat=True)) == ["y", "x"]
    assert refusal(manager("PUT", "/views/order", {"keys": ["all"]})) == (404, "no-such-view")


def test_held_back_addresses_dead_letters_and_channels(manager: Program, mailbox: Channel) -> None:
    held = manager("POST", "/suppressed-addresses", {"address": "Gone@Example.com", "reason": "Asked"}).json()
    assert (held["address"], held["reason"]) == ("gone@example.com", "Asked")
    assert manager("GET", "/suppressed-addresses?search=gone").json()["items"] == [held]
    assert manager("DELETE", "/suppressed-addresses/gone@example.com").status_code == 204
    assert refusal(manager("DELETE", "/suppressed-addresses/gone@example.com")) == (404, "not-suppressed")
    assert SuppressedAddress.objects.get().lifted_at is not None
    dead = Incoming.objects.create(
        channel=mailbox, source_key="1", raw=b"no mail", digest=b"", received_at=clock.now(), state="dead",
        envelope={"from": "ada@example.com"},
    )  # fmt: skip
    (letter,) = manager("GET", "/dead-letters").json()["items"]
    assert (letter["id"], letter["sender"], letter["size"]) == (dead.pk, "ada@example.com", 7)
    assert manager("GET", f"/dead-letters/{dead.pk}/raw").content == b"no mail"
    assert manager("POST", f"/dead-letters/{dead.pk}/retry").status_code == 202
    dead.refresh_from_db()
    assert (dead.state, refusal(manager("POST", f"/dead-letters/{dead.pk}/retry"))[0]) == ("stored", 404)
    paused = manager("PUT", f"/channels/{mailbox.pk}/standing", {"is_paused": True}).json()
    mailbox.refresh_from_db()
    assert (paused["is_paused"], mailbox.paused_at is not None) == (True, True)
    assert manager("POST", f"/channels/{mailbox.pk}/look").status_code == 202
    assert refusal(manager("POST", "/channels/999999/look"))[0] == 404


def test_one_thing_in_many_is_done_and_taken_back(manager: Program, question: Conversation, jonas: Agent) -> None:
    other = ask(question.customer_id, question.channel)
    chosen = {"deed": "label", "value": "Late", "conditions": {}}
    done = manager("POST", "/bulks", chosen, idempotency_key="b").json()
    assert manager("POST", "/bulks", chosen, idempotency_key="b").json()["id"] == done["id"]
    assert (done["total"], done["changed"], done["can_be_undone"]) == (2, 2, True)
    assert manager("POST", f"/bulks/{done['id']}/undo").json()["undone"] == 2
    assert not question.labels.exists() and not other.labels.exists()
    for wrong in ({}, {"view": "all", "conversation_ids": [other.pk]}):
        assert refusal(manager("POST", "/bulks", {"deed": "resolve", **wrong})) == (422, "one-way-to-choose")
    assert refusal(key_of(make_agent("Bo"))("GET", f"/bulks/{done['id']}")) == (404, "no-such-bulk")
    assert [one["id"] for one in manager("GET", "/bulks").json()["items"]] == [done["id"]]
    text = {"text": "Dear {{customer.first_name}}.", "conversation_ids": [question.pk, other.pk],
            "looked_at": clock.now().isoformat()}  # fmt: skip
    shown = manager("POST", "/bulk-answers/preview", text).json()["items"]
    assert [one["text"] for one in shown] == ["Dear Ada."] * 2 and not Message.objects.filter(author_kind="agent")
    assert refusal(manager("POST", "/bulk-answers", {**text, "text": ""})) == (422, "one-answer")
    suppression.suppress("ada@example.com", reason="No such user")
    held = manager("POST", "/bulk-answers", text).json()
    assert (held["changed"], held["refused"], Bulk.objects.count()) == (0, 2, 2)
    SuppressedAddress.objects.all().delete()
    sent = manager("POST", "/bulk-answers", text).json()
    assert (sent["changed"], manager("POST", f"/bulks/{sent['id']}/undo").json()["undone"]) == (2, 2)


def test_everything_is_asked_for_and_figures_by_mail(manager: Program, ines: Agent, program: Program) -> None:
    asked = manager("POST", "/exports", {"form": "jsonl"}).json()
    assert (asked["state"], asked["form"], Export.objects.get().asked_by_name) == ("asked", "jsonl", "Jonas")
    assert refusal(manager("POST", "/exports", {})) == (409, "already-exporting")
    assert manager("GET", f"/exports/{asked['id']}").json() == asked
    assert refusal(manager("GET", f"/exports/{asked['id']}/file")) == (404, "no-such-export")
    agent = key_of(ines)
    assert refusal(agent("POST", "/exports", {})) == (403, "not-allowed")
    assert refusal(program("POST", "/exports", {})) == (403, "not-in-scope")
    assert Export.objects.count() == 1
    wished = manager("POST", "/reports", {"every": "week", "last": 90, "by": "team", "priority": "high"}).json()
    assert wished["question"] == "last=90&by=team&time=business&priority=2"
    assert manager("GET", "/reports").json()["items"] == [wished]
    assert refusal(agent("DELETE", f"/reports/{wished['id']}"))[0] == 404
    assert refusal(manager("POST", "/reports", {"every": "week", "by": "weather"})) == (422, "not-asked")
    assert manager("DELETE", f"/reports/{wished['id']}").status_code == 204
    assert not Report.objects.exists()


def test_drafts_macros_and_side_messages_are_taken_back(manager: Program, question: Conversation, jonas: Agent) -> None:
    place = f"/conversations/{question.pk}/drafts/note"
    assert refusal(manager("GET", place)) == (404, "no-draft")
    kept = manager("PUT", place, {"text": "Careful."}).json()
    assert manager("GET", place).json() == kept and kept["text"] == Draft.objects.get(kind="note").text
    assert manager("DELETE", place).status_code == 204 and not Draft.objects.exists()
    macro = macros.write("Late", "", done=LABEL, by=SYSTEM)
    used = f"/conversations/{question.pk}/macros/{macro.pk}"
    assert refusal(manager("DELETE", used)) == (409, "cannot-be-undone")
    assert manager("POST", used).json()["labels"] == ["Late"]
    assert manager("DELETE", used).json()["labels"] == []
    asked = side.begin(question.pk, Written(text="Where?", recipients=TO_CARRIER), subject="", by=jonas.actor)
    assert manager("DELETE", f"/side-messages/{asked.pk}").status_code == 204
    assert SideMessage.objects.get().state == "cancelled"
    assert refusal(manager("POST", f"/side-messages/{asked.pk}/delivery"))[0] == 409


def test_what_the_customer_opened_is_said(manager: Program, question: Conversation, jonas: Agent) -> None:
    sent = messages.reply(question.pk, Written(text="Soon."), by=jonas.actor)
    Message.objects.filter(pk=sent.pk).update(state="sent")
    place = f"/conversations/{question.pk}"
    assert [one["is_read"] for one in manager("GET", f"{place}/messages").json()["items"]] == [False, False]
    Conversation.objects.filter(pk=question.pk).update(read_message_id=sent.pk, read_at=clock.now())
    assert [one["is_read"] for one in manager("GET", f"{place}/messages").json()["items"]] == [False, True]
    assert manager("GET", f"/messages/{sent.pk}").json()["is_read"] is True
    assert manager("GET", place).json()["read_message_id"] == sent.pk


def test_figures_are_told_apart_by_a_field(manager: Program, question: Conversation, ada: Customer) -> None:
    field_definitions.define("Reason", "choice", by=SYSTEM, choices=[{"label": "Torn"}, {"label": "Late"}])
    fields.write(question.pk, "reason", "torn", by=SYSTEM)
    episodes.refold([question.pk, ask(ada.pk, question.channel).pk])
    groups = manager("GET", "/numbers?by=field:reason").json()["groups"]
    assert {one["group"]: one["volume"]["began"] for one in groups} == {"torn": 1, "": 1}
    narrowed = manager("GET", "/numbers?field=reason%3Dtorn").json()
    assert narrowed["whole"]["volume"]["began"] == 1
    assert refusal(manager("GET", "/numbers?by=field:weather")) == (422, "not-asked")

"""Every call of the API, as nobody, with too narrow a key, and as an agent whose team it is not."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from regulars.accounts.actions import keys
from regulars.accounts.models import Agent, Team
from regulars.api.models import Call as Repeatable
from regulars.api.models import Notice, Webhook
from regulars.channels.models import Channel, Delivery, Incoming, SuppressedAddress
from regulars.customers.models import Consent, Customer, Erasure, Identity
from regulars.customers.models import Merge as CustomerMerge
from regulars.desk.models import (
    Bulk,
    Conversation,
    Draft,
    Export,
    FieldDefinition,
    Label,
    Link,
    Macro,
    Merge,
    Message,
    Policy,
    Route,
    Rule,
    Seat,
    SideConversation,
    SideMessage,
    Step,
    View,
    Watch,
)
from regulars.insights.models import Report
from regulars.kernel.actors import SYSTEM
from tests.api.test_description import validator
from tests.api.world import Call, calls, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, db: None) -> dict[str, Any]:
    monkeypatch.setenv("REGULARS_API_RATE", "0")
    return make_world()


# What the company's own key cannot do: take back what another one said, and what some colleague must stand behind.
SETTING_UP = {
    f"{what}.{done}"
    for what, ways in {
        "views": ("create", "change", "delete"), "macros": ("create", "change", "retire", "use"),
        "rules": ("create", "change", "delete", "move"), "fields": ("create", "change", "move"),
        "labels": ("change", "join", "remove"), "targets": ("keep",),
        "teams": ("create", "change", "archive"), "routes": ("set",), "seats": ("set", "set_away"),
        "channels": ("set_paused", "look"), "letters": ("retry",), "exports": ("ask", "download"),
        "reports": ("create", "stop"), "bulks": ("begin", "undo", "answer", "preview_answer"),
        "drafts": ("read", "save", "discard"), "suppressed": ("create", "lift"),
        "forms": ("create", "change", "archive"), "portal": ("set_mailbox",),
        "mailboxes": ("create", "change", "archive", "test", "renew_doors"),
    }.items()
    for done in ways
}  # fmt: skip
SETTING_UP |= {"views.order", "macros.undo"}
FOR_OTHERS = {
    "messages.take_back": 409,
    "sides.take_back": 409,
    "sides.send_again": 409,
    "bulks.read": 404,
    **dict.fromkeys({"sides.begin", "sides.write", *SETTING_UP}, 403),
}


def everything() -> list[Any]:
    """All that these calls could change."""
    kept = (Conversation, Link, Merge, Message, Step, Watch, Customer, CustomerMerge, Identity, Consent, Erasure,
            Webhook, Notice, Delivery, Repeatable, SideConversation, SideMessage, Draft, Label, Team, Channel, Incoming,
            SuppressedAddress, View, Macro, Rule, Route, Seat, Policy, FieldDefinition, Bulk, Export,
            Report)  # fmt: skip
    return [list(model.objects.order_by("pk").values()) for model in kept] + [
        list(Conversation.labels.through.objects.order_by("pk").values())
    ]


def refused(
    chosen: list[Call], key: str | None, world: dict[str, Any], *, status: int, codes: set[str] | None = None
) -> None:
    before = everything()
    for call in chosen:
        answer = call.send(key, world)
        assert answer.status_code == status, (call.name, answer.content)
        assert answer["Content-Type"] == "application/problem+json", call.name
        if codes is not None:
            assert answer.json()["code"] in codes, call.name
    assert everything() == before


def test_nobody_gets_in(world: dict[str, Any]) -> None:
    refused(list(calls()), None, world, status=401, codes={"no-key"})
    refused(list(calls()), "api_guessed", world, status=401, codes={"no-key"})


def test_a_key_does_what_it_was_made_for_and_nothing_else(world: dict[str, Any]) -> None:
    for scope in keys.SCOPES:
        without = [each for each in keys.SCOPES if each != scope]
        key = keys.create("api", name=f"Without {scope}", by=SYSTEM, scopes=without)
        chosen = [call for call in calls() if scope in call.needs]
        assert chosen
        refused(chosen, key, world, status=403, codes={"only-reads", "only-writes", "both-needed", "not-in-scope"})


def test_an_analysts_key_sees_figures_alone(world: dict[str, Any]) -> None:
    ann = Agent.objects.create_user("ann@shop.example", name="Ann", role="analyst")
    key = keys.create("api", name="Figures", by=SYSTEM, scopes=keys.SCOPES, agent_id=ann.pk)
    figures = [call for call in calls() if call.name.startswith("numbers.")]
    mailed = [call for call in calls() if call.name.startswith("reports.")]
    refused(
        [call for call in calls() if call not in (*figures, *mailed)], key, world, status=403, codes={"not-allowed"}
    )
    assert [call.send(key, world).status_code for call in figures] == [200, 200]
    assert [call.send(key, world).status_code for call in mailed] == [200, 201, 404]  # Bo's is not hers to stop


def test_an_agents_key_does_not_see_what_another_team_hides(world: dict[str, Any]) -> None:
    key = keys.create("api", name="Ines", by=SYSTEM, scopes=keys.SCOPES, agent_id=world["ines"].pk)
    hidden = [call for call in calls() if call.hides and "customer_merge" not in call.path]
    assert len(hidden) > 25
    refused(hidden, key, world, status=404)
    for name in ("conversations.list", "views.conversations"):
        assert find(name).send(key, world).json() == {"items": [], "next": None}


def test_an_agents_key_may_what_the_agent_may_and_no_more(world: dict[str, Any]) -> None:
    key = keys.create("api", name="Bo", by=SYSTEM, scopes=keys.SCOPES, agent_id=world["bo"].pk)
    assert find("conversations.read").send(key, world).status_code == 200
    for name in ("customers.erase", "rules.list", "webhooks.list"):
        refused([find(name)], key, world, status=403, codes={"not-allowed"})
    find("conversations.label").send(key, world)
    assert [find(name).send(key, world).status_code for name in ("sides.begin", "sides.write")] == [201, 201]
    assert Step.objects.get(verb="labelled").actor == str(world["bo"].actor)
    Agent.objects.filter(pk=world["bo"].pk).update(deactivated_at="2026-01-01T00:00Z")
    refused([find("conversations.read")], key, world, status=401)


def test_every_call_answers_what_it_is_described_to(world: dict[str, Any], described: dict[str, Any]) -> None:
    key = keys.create("api", name="All", by=SYSTEM, scopes=keys.SCOPES)
    for call in calls():
        with undone():
            answer = call.send(key, world, Idempotency_Key="k-1")
        described_as = call.answers.get(str(answer.status_code))
        if call.name in FOR_OTHERS:
            assert answer.status_code == FOR_OTHERS[call.name]
            continue
        assert 200 <= answer.status_code < 300, (call.name, answer.content)
        assert described_as, (call.name, answer.status_code)
        schema = described_as.get("content", {}).get("application/json", {}).get("schema")
        if schema:
            shown = validator(described, schema["$ref"].rpartition("/")[2])
            assert list(shown.iter_errors(json.loads(answer.content))) == [], call.name
            assert answer["ETag"], call.name


def test_a_change_of_what_has_changed_since_is_refused_everywhere(world: dict[str, Any]) -> None:
    key = keys.create("api", name="All", by=SYSTEM, scopes=keys.SCOPES)
    before = everything()
    checked = [call for call in calls() if "412" in call.answers]
    assert len(checked) > 15
    for call in checked:
        answer = call.send(key, world, If_Match='"of-yesterday"')
        assert (answer.status_code, answer.json()["code"]) == (412, "has-changed"), call.name
    assert everything() == before


def find(name: str) -> Call:
    return next(call for call in calls() if call.name == name)


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)

"""What the pages know beside a conversation and a customer, over the API: clocks, presence, value and risk."""

from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.customers.actions import traits
from regulars.customers.models import Customer
from regulars.desk.actions import policies, presence
from regulars.desk.models import Conversation
from regulars.desk.selectors import present
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.api.program import Program
from tests.desk.acting import HOUR, POLICY, answer, asked
from tests.desk.cast import make_agent
from tests.desk.telling import at

pytestmark = pytest.mark.django_db


def test_what_is_promised_in_a_conversation_is_read_with_it(program: Program, ada: Customer, mailbox: Any) -> None:
    with clock.frozen(at("2026-03-01 12:00")):
        policies.keep(POLICY, seen=0, by=SYSTEM)
    held = asked("10:00", ada, mailbox)
    path = f"/conversations/{held.pk}"

    def clocks() -> dict[str, dict[str, Any]]:
        return {one.pop("kind"): one for one in program("GET", path).json()["clocks"]}

    asked_now, due = clocks(), program("GET", path).json()["due_at"]
    assert {kind: (one["target"], one["target_seconds"]) for kind, one in asked_now.items()} == {
        "first": ("Everybody", 4 * HOUR), "resolution": ("Everybody", 16 * HOUR),
    }  # fmt: skip
    assert asked_now["first"]["due_at"] == due
    assert not any(one["is_paused"] or one["answered_at"] for one in asked_now.values())
    seen = program("GET", path)["ETag"]
    answer("10:30", held, make_agent("Ines"))
    answered = clocks()
    assert answered["first"]["answered_at"]
    assert (answered["resolution"]["is_paused"], answered["resolution"]["due_at"]) == (True, None)
    assert program("PATCH", path, {"priority": "low"}, If_Match=seen).status_code == 412
    assert program("GET", "/conversations").json()["items"][0]["clocks"] is None


def test_who_looks_at_a_conversation_and_who_writes_is_read(program: Program, question: Conversation) -> None:
    path, ines, bo = f"/conversations/{question.pk}/presence", make_agent("Ines"), make_agent("Bo")
    assert program("GET", path).json() == {"items": [], "next": None}
    presence.here(question.pk, is_writing=False, by=ines.actor)
    presence.here(question.pk, is_writing=True, by=bo.actor)
    assert program("GET", path).json()["items"] == [
        {"agent_id": bo.pk, "name": "Bo", "is_writing": True},
        {"agent_id": ines.pk, "name": "Ines", "is_writing": False},
    ]
    with clock.frozen(clock.now() + present.LASTS * 2):
        assert program("GET", path).json()["items"] == []


def test_what_was_learnt_about_a_customer_is_read_with_them(program: Program, ada: Customer) -> None:
    path, as_of = f"/customers/{ada.pk}", datetime(2026, 3, 1, 3, tzinfo=UTC)
    nothing = dict.fromkeys(("value", "risk", "stake", "survival"))
    assert {name: program("GET", path).json()[name] for name in nothing} == nothing
    money = {"amount": 12900, "low": 8100, "high": 19400, "currency": "EUR"}
    recency = {"theme": "recency", "is_higher": True, "finding": "-", "values": {"days": 60, "usual_days": 30}}
    line = {"by": None, "group": None, "step": 2, "n": 40, "ahead": 12, "share": 0.6, "low": 0.5, "high": 0.7,
            "median": None}  # fmt: skip
    told = {"value": money, "survival": line, "risk": {"probability": 0.31, "usual": 0.18, "reasons": [recency]}}
    for name, value in told.items():
        traits.write(name, [traits.NewTrait(ada.pk, 1.0, value)], as_of=as_of)
    at_once = "2026-03-01T03:00:00Z"
    words = "no order for 60 days; usually every 30 days"
    shown = program("GET", path).json()
    assert {name: shown[name] for name in nothing} == {
        "value": {**money, "as_of": at_once},
        "risk": {"probability": 0.31, "usual": 0.18, "as_of": at_once,
                 "reasons": [{"code": "recency", "words": words, "is_higher": True}]},
        "stake": None,
        "survival": {"share": 0.6, "low": 0.5, "high": 0.7, "months": 12, "median_months": None, "gone_since": None,
                     "as_of": at_once},
    }  # fmt: skip
    traits.write("survival", [traits.NewTrait(ada.pk, None, {"gone_since": "2025-06-01", "silence": 180})], as_of=as_of)
    gone = program("GET", path).json()["survival"]
    assert (gone["gone_since"], gone["share"]) == ("2025-06-01", None)


def test_the_language_of_a_conversation_is_read_and_said(program: Program, question: Conversation) -> None:
    path = f"/conversations/{question.pk}"
    assert program("GET", path).json()["language"] == ""
    assert program("PATCH", path, {"language": "de-AT"}).json()["language"] == "de"
    refused = program("PATCH", path, {"language": "Deutsch", "priority": "low"})
    assert (refused.status_code, refused.json()["code"]) == (422, "not-a-language")
    (shown,) = program("GET", "/conversations").json()["items"]
    assert (shown["language"], shown["priority"]) == ("de", "normal")
    new = {"customer": {"id": shown["customer_id"]}, "channel_id": shown["channel_id"], "text": "Onde está?"}
    assert program("POST", "/conversations", new | {"language": "pt-BR"}).json()["language"] == "pt"
    assert program("POST", "/conversations", new | {"language": "Deutsch"}).json()["code"] == "not-a-language"
    assert Conversation.objects.count() == 2

"""The desk is set up over the API by a key that stands for an agent, as far as the agent may."""

from typing import Any

import pytest

from regulars.accounts.actions import keys, teams
from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.actions import macros
from regulars.desk.models import Conversation, FieldDefinition, Macro, Policy, Rule, Step, View
from regulars.desk.selectors.policies import in_force
from regulars.kernel.actors import SYSTEM
from tests.api.program import Program
from tests.desk.cast import ask, make_agent

pytestmark = pytest.mark.django_db

URGENT = {"field": "priority", "is": "in", "value": [1]}
LABEL = [{"deed": "label", "value": "Late"}]
RULE = {"name": "Late", "triggers": ["started"], "conditions": URGENT, "deeds": LABEL}
OFFICE = {"name": "Office", "zone": "Europe/Berlin", "week": ["09:00-17:00"] * 5 + ["", ""], "country": "",
          "subdivision": "", "special": []}  # fmt: skip
PROMISE = {"name": "All", "hours": "Office", "first_seconds": 3600, "next_seconds": None, "resolution_seconds": None,
           "priorities": ["urgent"], "kinds": [], "channel_ids": [], "team_ids": [], "labels": []}  # fmt: skip


def key_of(agent: Agent) -> Program:
    return Program(keys.create("api", name=agent.name, by=SYSTEM, agent_id=agent.pk))


@pytest.fixture
def manager(db: None) -> Program:
    return key_of(make_agent("Jonas", role="manager"))


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_view_is_saved_changed_shared_and_thrown_away(manager: Program) -> None:
    made = manager("POST", "/views", {"name": "Urgent", "conditions": URGENT, "sort": "due"})
    key = made.json()["key"]
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/views/{key}/conversations")
    changed = manager("PATCH", f"/views/{key}", {"name": "Most urgent", "is_shared": True}).json()
    assert changed == {"key": key, "name": "Most urgent", "conditions": URGENT, "statuses": None, "sort": "due",
                       "is_shared": True}  # fmt: skip
    assert refusal(manager("PATCH", "/views/all", {"name": "Mine"})) == (404, "no-such-view")
    counts = {each["key"]: each["count"] for each in manager("GET", "/views/counts").json()["items"]}
    assert counts == {"mine": 0, "unassigned": 0, "following": 0, "all": 0, "waiting": 0, "snoozed": 0, key: 0}
    assert refusal(manager("PATCH", f"/views/{key}", {"conditions": {"field": "?"}}))[0] == 422
    assert View.objects.get().name == "Most urgent"
    assert manager("DELETE", f"/views/{key}").status_code == 204
    assert not View.objects.exists()


def test_a_macro_is_written_used_once_for_each_key_and_retired(manager: Program, question: Conversation) -> None:
    pk = manager("POST", "/macros", {"name": "Late", "deeds": LABEL}).json()["id"]
    assert manager("PATCH", f"/macros/{pk}", {"text": "Sorry."}).json()["deeds"] == LABEL
    used = f"/conversations/{question.pk}/macros/{pk}"
    for _ in range(2):
        assert manager("POST", used, idempotency_key="k-1").json()["labels"] == ["Late"]
    assert Step.objects.filter(verb="used a macro").count() == 1
    assert manager("DELETE", f"/macros/{pk}").status_code == 204
    assert refusal(manager("POST", used)) == (404, "no-such-macro")


def test_a_rule_is_written_rests_and_is_thrown_away(manager: Program) -> None:
    pk = manager("POST", "/rules", RULE).json()["id"]
    changed = manager("PATCH", f"/rules/{pk}", {"is_paused": True, "triggers": ["received"]}).json()
    assert (changed["is_paused"], changed["triggers"], changed["deeds"]) == (True, ["received"], LABEL)
    assert manager("PATCH", f"/rules/{pk}", {"is_paused": False}).json()["is_paused"] is False
    assert refusal(manager("PATCH", f"/rules/{pk}", {"deeds": [{"deed": "explode", "value": ""}]}))[0] == 422
    assert Rule.objects.get().deeds == LABEL
    assert manager("DELETE", f"/rules/{pk}").status_code == 204
    assert not Rule.objects.exists()


def test_a_rules_trial_counts_as_the_rule_will_run_and_names_what_the_agent_may_see(
    manager: Program, ada: Customer, mailbox: Channel
) -> None:
    held = [ask(ada.pk, mailbox, subject=f"Late {number}").pk for number in range(4)]
    closed = teams.create("Fraud", by=SYSTEM, is_open=False)
    Conversation.objects.filter(pk__in=held).update(priority=1)
    Conversation.objects.filter(pk=held[1]).update(team=closed)
    tree = {"all": [URGENT, {"field": "assignee", "is": "not in", "value": ["me"]}]}
    pk = manager("POST", "/rules", {**RULE, "conditions": tree}).json()["id"]
    first = manager("GET", f"/rules/{pk}/trial?limit=2").json()
    rest = manager("GET", f"/rules/{pk}/trial?limit=2&cursor={first['next']}").json()
    assert (first["count"], first["conversation_ids"]) == (4, [held[3], held[2]])
    assert rest == {"count": 4, "conversation_ids": [held[0]], "next": None}
    assert not Step.objects.filter(conversation__in=held, verb="labelled").exists()


def test_targets_hold_from_now_on_unless_somebody_kept_others_meanwhile(manager: Program) -> None:
    policy = {"version": 0, "usual_hours": "Office", "hours": [OFFICE], "targets": [PROMISE]}
    kept = manager("PUT", "/targets", policy).json()
    assert (kept["hours"], kept["targets"], kept["warn_seconds"]) == ([OFFICE], [PROMISE], 1800)
    assert refusal(manager("PUT", "/targets", {**policy, "targets": []})) == (409, "policy-changed")
    nowhere = {**policy, "version": kept["version"], "usual_hours": "Nowhere"}
    assert refusal(manager("PUT", "/targets", nowhere)) == (422, "unknown-hours")
    assert (Policy.objects.count(), in_force().number) == (1, kept["version"])


def test_a_field_is_defined_changed_and_asked_for_no_more(manager: Program) -> None:
    reason = {"label": "Reason", "kind": "choice", "choices": [{"label": "Came late"}, {"label": "Torn"}]}
    made = manager("POST", "/fields", reason).json()
    assert (made["key"], [one["key"] for one in made["choices"]]) == ("reason", ["came_late", "torn"])
    less = manager("PATCH", f"/fields/{made['id']}", {"choices": [{"label": "Late", "key": "came_late"}]}).json()
    assert [(one["key"], one["label"], one["is_retired"]) for one in less["choices"]] == [
        ("came_late", "Late", False),
        ("torn", "Torn", True),
    ]
    assert manager("PATCH", f"/fields/{made['id']}", {"is_retired": True}).json()["is_retired"] is True
    assert refusal(manager("POST", "/fields", {"label": "Odd", "kind": "colour"}))[0] == 422
    assert FieldDefinition.objects.count() == 1


def test_an_agent_has_views_and_macros_and_sets_nothing_up(ines: Agent) -> None:
    program = key_of(ines)
    assert program("POST", "/views", {"name": "Mine", "conditions": URGENT}).status_code == 201
    shared = {"name": "Ours", "conditions": URGENT, "is_shared": True}
    for method, path, body in (
        ("POST", "/views", shared),
        ("POST", "/rules", RULE),
        ("PUT", "/targets", {"version": 0, "hours": [], "targets": []}),
        ("POST", "/fields", {"label": "Odd", "kind": "number"}),
    ):
        assert refusal(program(method, path, body)) == (403, "not-allowed"), path
    assert [view.name for view in View.objects.all()] == ["Mine"]
    assert not (Rule.objects.exists() or Policy.objects.exists() or FieldDefinition.objects.exists())


def test_a_key_that_stands_for_nobody_changes_nothing_of_it(program: Program, question: Conversation) -> None:
    macro = macros.write("Late", "", done=LABEL, by=SYSTEM)
    for method, path, body in (
        ("POST", "/views", {"name": "Ours", "conditions": URGENT, "is_shared": True}),
        ("POST", "/rules", RULE),
        ("DELETE", f"/macros/{macro.pk}", None),
        ("POST", f"/conversations/{question.pk}/macros/{macro.pk}", None),
    ):
        assert refusal(program(method, path, body)) == (403, "agent-needed"), path
    assert not (View.objects.exists() or Rule.objects.exists() or Step.objects.filter(verb="used a macro").exists())
    assert Macro.objects.get().retired_at is None

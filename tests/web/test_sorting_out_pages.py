"""Teams, routes and rules are set up on pages that work without scripts, by those who may."""

from collections.abc import Callable

import pytest
from django.test import Client

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent, Team
from regulars.desk.models import Conversation, Route, Rule, Seat
from regulars.kernel.actors import SYSTEM
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_agent, make_mailbox

pytestmark = pytest.mark.django_db

CONDITION = {"c.match": "all", "c.0.asked": "subject.contains", "c.0.was": "subject.contains", "c.0.value": "late"}
RULE = {
    "name": "Late parcels", "triggers": ["started"], "deed.0": "label", "deed.0.was": "label", "deed.0.value": "Late",
    "do": "save", **CONDITION,
}  # fmt: skip


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(make_agent("Jonas", role="manager"))
    return client


@pytest.fixture
def ines() -> Agent:
    return make_agent("Ines")


def test_a_team_is_made_changed_and_put_away(manager: Client, ines: Agent) -> None:
    assert manager.post("/settings/teams/new/", {"name": "Orders", "agents": [ines.pk]}).status_code == 302
    team = Team.objects.get()
    assert (team.is_open, [agent.pk for agent in team.agents.all()]) == (False, [ines.pk])
    manager.post(f"/settings/teams/{team.pk}/", {"name": "Parcels", "is_open": "on"})
    team.refresh_from_db()
    assert (team.name, team.is_open, team.agents.count()) == ("Parcels", True, 0)
    page = manager.get("/settings/teams/")
    assert "Parcels" in page.content.decode()
    manager.post(f"/settings/teams/{team.pk}/removal/")
    assert Team.objects.get().archived_at is not None


def test_a_name_that_is_taken_is_refused_on_the_page(manager: Client) -> None:
    manager.post("/settings/teams/new/", {"name": "Orders"})
    answer = manager.post("/settings/teams/new/", {"name": "orders"})
    assert (answer.status_code, Team.objects.count()) == (422, 1)
    assert "Another team has this name already" in answer.content.decode()


def test_routes_and_seats_are_set(manager: Client, ines: Agent) -> None:
    manager.post("/settings/teams/routes/", {"team": "", "method": "least busy", "by_skill": "1"})
    manager.post(f"/settings/teams/seats/{ines.pk}/", {"capacity": "7", "skills": "invoice, de , "})
    route, seat = Route.objects.get(), Seat.objects.get()
    assert (route.team_id, route.method, route.is_by_skill) == (None, "least busy", True)
    assert (seat.capacity, seat.skills) == (7, ["de", "invoice"])
    assert manager.post("/settings/teams/routes/", {"team": "", "method": "by magic"}).status_code == 422
    assert manager.post(f"/settings/teams/seats/{ines.pk}/", {"capacity": "x"}).status_code == 422
    assert Route.objects.get().method == "least busy"
    assert Seat.objects.get().capacity == 7


def test_an_agent_goes_away_and_comes_back(ines: Agent) -> None:
    client = Client()
    client.force_login(ines)
    client.post("/settings/teams/away/")
    assert Seat.objects.get(agent=ines).away_at is not None
    client.post("/settings/teams/away/", {"back": "1"})
    assert Seat.objects.get(agent=ines).away_at is None


def test_a_rule_is_written_moved_rested_and_thrown_away(manager: Client) -> None:
    assert manager.post("/settings/rules/new/", RULE).status_code == 302
    manager.post("/settings/rules/new/", {**RULE, "name": "Second"})
    first = Rule.objects.get(name="Late parcels")
    assert first.conditions == {"all": [{"field": "subject", "is": "contains", "value": "late"}]}
    assert (first.triggers, first.deeds) == (["started"], [{"deed": "label", "value": "Late"}])
    manager.post(f"/settings/rules/{first.pk}/move/", {"to": "down"})
    assert [rule.name for rule in Rule.objects.order_by("position")] == ["Second", "Late parcels"]
    manager.post(f"/settings/rules/{first.pk}/pause/")
    assert Rule.objects.get(pk=first.pk).paused_at is not None
    assert "resting" in manager.get("/settings/rules/").content.decode()
    Rule.objects.filter(pk=first.pk).update(conditions={"field": "mood", "is": "bad"}, triggers=["dreamt"])
    for place in ("/settings/rules/", f"/settings/rules/{first.pk}/"):
        said = manager.get(place).content.decode()
        assert "It does not run." in said and "cannot be read here. Set them anew." in said and "“dreamt”" in said
    manager.post(f"/settings/rules/{first.pk}/removal/")
    assert [rule.name for rule in Rule.objects.all()] == ["Second"]


def test_lines_are_added_and_removed_without_saving(manager: Client) -> None:
    answer = manager.post("/settings/rules/new/", {**RULE, "do": "add-deed"})
    assert answer.content.decode().count('aria-label="What to do"') == 2
    answer = manager.post("/settings/rules/new/", {**RULE, "do": "remove-deed:0"})
    assert 'aria-label="What to do"' not in answer.content.decode()
    assert not Rule.objects.exists()


def test_a_rule_that_could_not_be_obeyed_is_refused_with_what_was_typed(manager: Client) -> None:
    answer = manager.post("/settings/rules/new/", {**RULE, "triggers": []})
    assert (answer.status_code, Rule.objects.count()) == (422, 0)
    assert 'value="Late parcels"' in answer.content.decode()


def test_a_rules_dry_run_counts_as_the_rule_will_run_and_shows_what_the_manager_may_see(manager: Client) -> None:
    ada, mailbox = make_customer("Ada"), make_mailbox()
    held = [ask(ada.pk, mailbox, subject=f"late {number}") for number in range(13)]
    ask(ada.pk, mailbox, subject="In time")
    closed = teams.create("Fraud", by=SYSTEM, is_open=False)
    Conversation.objects.filter(pk__in=[held[3].pk, held[12].pk]).update(team=closed)

    def tried() -> tuple[int, list[int], int, bool]:
        seen = manager.post("/settings/rules/new/", {**RULE, "do": "look"}).context
        return seen["count"], [row.pk for row in seen["fitting"]], seen["more"], seen["goes_on"]

    assert tried() == (13, [held[number].pk for number in (11, 10, 9, 8, 7, 6, 5, 4, 2, 1)], 3, True)
    Conversation.objects.filter(pk__in=[each.pk for each in held[4:12]]).update(subject="In time")
    assert tried() == (5, [held[number].pk for number in (2, 1, 0)], 2, False)
    page = manager.post("/settings/rules/new/", {**RULE, "do": "look"}).content.decode()
    assert "5 conversations fit now." in page
    assert f'href="/inbox/conversations/{held[2].pk}/">#{held[2].pk} late 2</a>' in page
    assert "2 more are of teams you do not see." in page
    assert manager.post("/settings/rules/new/", {**RULE, "c.0.value": "", "do": "look"}).context["count"] is None


@pytest.mark.parametrize("address", ["/settings/teams/", "/settings/rules/", "/settings/rules/new/"])
def test_an_agent_sets_up_nothing(address: str, ines: Agent) -> None:
    client = Client()
    client.force_login(ines)
    assert client.get(address).status_code == 403


def test_pages_ask_a_fixed_number_of_questions(
    manager: Client, ines: Agent, django_assert_num_queries: Callable[..., object]
) -> None:
    for name in ("Orders", "Parcels", "Advice"):
        manager.post("/settings/teams/new/", {"name": name, "agents": [ines.pk]})
        manager.post("/settings/rules/new/", {**RULE, "name": name})
    with django_assert_num_queries(8):  # type: ignore[attr-defined]
        manager.get("/settings/teams/")
    with django_assert_num_queries(3):  # type: ignore[attr-defined]
        manager.get("/settings/rules/")

"""Colleagues, their roles and their sessions. At least one owner always remains."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client

from regulars.accounts import roles
from regulars.accounts.actions import agents
from regulars.accounts.errors import AgentExists, LastOwner, UnknownRole, UnusableEmail
from regulars.accounts.models import Agent, AuditEntry
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import DomainError, NotAllowed, NotFound
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_signing_in import by_password, is_in

pytestmark = pytest.mark.django_db


def role_of(agent: Agent) -> str:
    return Agent.objects.values_list("role", flat=True).get(pk=agent.pk)


def test_an_address_is_one_colleagues_whatever_its_case(cast: dict[str, Agent]) -> None:
    with pytest.raises(AgentExists):
        agents.add("INES@Shop.Example", role="agent", by=SYSTEM)
    with pytest.raises(UnusableEmail):
        agents.add("ines at shop", role="agent", by=SYSTEM)
    assert Agent.objects.count() == len(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agent.objects.create_user("INES@shop.example", None)


def test_a_role_is_changed_and_recorded(cast: dict[str, Agent]) -> None:
    agents.change_role(cast["bo"].pk, "analyst", by=cast["mia"].actor)
    assert role_of(cast["bo"]) == "analyst"
    entry = AuditEntry.objects.get(verb="role changed")
    assert (entry.actor, entry.actor_name) == (f"agent:{cast['mia'].pk}", "Mia")
    assert (entry.subject, entry.details) == (f"agent:{cast['bo'].pk}", {"from": "agent", "to": "analyst"})


def test_the_same_role_again_changes_and_records_nothing(cast: dict[str, Agent]) -> None:
    agents.change_role(cast["bo"].pk, "agent", by=cast["mia"].actor)
    assert not AuditEntry.objects.filter(verb="role changed").exists()


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda cast: agents.change_role(cast["olga"].pk, "agent", by=cast["olga"].actor), LastOwner),
        (lambda cast: agents.deactivate(cast["olga"].pk, by=cast["olga"].actor), LastOwner),
        (lambda cast: agents.deactivate(cast["olga"].pk, by=SYSTEM), LastOwner),
        (lambda cast: agents.deactivate(cast["olga"].pk, by=cast["mia"].actor), NotAllowed),
        (lambda cast: agents.change_role(cast["olga"].pk, "agent", by=cast["mia"].actor), NotAllowed),
        (lambda cast: agents.change_role(cast["mia"].pk, "owner", by=cast["mia"].actor), NotAllowed),
        (lambda cast: agents.add("eve@shop.example", role="owner", by=cast["mia"].actor), NotAllowed),
        (lambda cast: agents.change_role(cast["bo"].pk, "manager", by=cast["ines"].actor), NotAllowed),
        (lambda cast: agents.deactivate(cast["bo"].pk, by=cast["ann"].actor), NotAllowed),
        (lambda cast: agents.deactivate(cast["bo"].pk, by=Actor("key", 1)), NotAllowed),
        (lambda cast: agents.deactivate(cast["bo"].pk, by=Actor("agent", 0)), NotAllowed),
        (lambda cast: agents.change_role(cast["bo"].pk, "emperor", by=SYSTEM), UnknownRole),
        (lambda cast: agents.deactivate(0, by=SYSTEM), NotFound),
    ],
)
def test_what_is_refused_changes_and_records_nothing(
    cast: dict[str, Agent], act: Callable[[dict[str, Agent]], object], error: type[DomainError]
) -> None:
    before = (list(Agent.objects.order_by("pk").values()), AuditEntry.objects.count())
    with pytest.raises(error):
        act(cast)
    assert (list(Agent.objects.order_by("pk").values()), AuditEntry.objects.count()) == before


def test_an_agent_whose_access_ended_may_no_longer_act_even_with_a_page_still_open(cast: dict[str, Agent]) -> None:
    agents.deactivate(cast["mia"].pk, by=SYSTEM)
    with pytest.raises(NotAllowed):
        agents.deactivate(cast["bo"].pk, by=cast["mia"].actor)


def test_with_a_second_owner_the_first_may_go(cast: dict[str, Agent]) -> None:
    agents.change_role(cast["mia"].pk, "owner", by=cast["olga"].actor)
    agents.deactivate(cast["olga"].pk, by=cast["mia"].actor)
    with pytest.raises(LastOwner):
        agents.change_role(cast["mia"].pk, "manager", by=cast["mia"].actor)


@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_end_each_other_at_the_same_time() -> None:
    one, two = (agents.add(f"{name}@shop.example", role="owner", by=SYSTEM) for name in ("olga", "otto"))

    def end(agent: Agent, by: Agent) -> bool:
        try:
            agents.deactivate(agent.pk, by=by.actor)
        except (LastOwner, NotAllowed):
            return False
        finally:
            connection.close()
        return True

    for _ in range(5):
        with ThreadPoolExecutor(2) as pool:
            done = [future.result() for future in (pool.submit(end, one, two), pool.submit(end, two, one))]
        assert sorted(done) == [False, True]
        assert Agent.objects.filter(role=roles.OWNER, deactivated_at=None).count() == 1
        Agent.objects.update(deactivated_at=None)


def test_ending_access_ends_sessions_at_once_and_for_good(cast: dict[str, Agent]) -> None:
    laptop, phone, other = Client(), Client(), Client()
    by_password(laptop, "bo@shop.example")
    by_password(phone, "bo@shop.example")
    by_password(other, "ines@shop.example")
    agents.deactivate(cast["bo"].pk, by=cast["mia"].actor)
    assert [is_in(client) for client in (laptop, phone, other)] == [False, False, True]
    assert not UserSession.objects.filter(user=cast["bo"]).exists()
    assert Session.objects.filter(session_key=laptop.cookies["sessionid"].value).count() == 0
    agents.reactivate(cast["bo"].pk, by=cast["mia"].actor)
    assert [is_in(client) for client in (laptop, phone)] == [False, False]
    by_password(laptop, "bo@shop.example")
    assert is_in(laptop)


def test_an_agent_sees_their_sessions_and_signs_out_the_others(cast: dict[str, Agent]) -> None:
    laptop, phone, other = Client(headers={"User-Agent": "Laptop"}), Client(headers={"User-Agent": "Phone"}), Client()
    by_password(laptop, "bo@shop.example")
    by_password(phone, "bo@shop.example")
    by_password(other, "ines@shop.example")
    page = laptop.get("/account/sessions/").content.decode()
    assert ("Laptop" in page, "Phone" in page) == (True, True)
    laptop.post("/account/sessions/")
    assert [is_in(client) for client in (laptop, phone, other)] == [True, False, True]


def test_a_new_password_ends_the_other_sessions(cast: dict[str, Agent]) -> None:
    laptop, phone = Client(), Client()
    by_password(laptop, "bo@shop.example")
    by_password(phone, "bo@shop.example")
    new = "eleven brass lanterns sway"
    laptop.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert [is_in(client) for client in (laptop, phone)] == [True, False]
    assert AuditEntry.objects.filter(verb="sign-in changed", details={"what": "password_changed"}).count() == 1


def test_an_agent_renames_themselves(signed_in: Callable[[str], Client], cast: dict[str, Agent]) -> None:
    client = signed_in("ann")
    assert client.post("/settings/security/", {"name": " Ann Weber "}).status_code == 302
    assert Agent.objects.get(pk=cast["ann"].pk).name == "Ann Weber"
    answer = client.post("/settings/security/", {"name": "Ann\x07Weber"})
    assert "one line" in answer.content.decode()
    assert Agent.objects.get(pk=cast["ann"].pk).name == "Ann Weber"


def test_every_capability_has_its_roles() -> None:
    of_agents = {"see_customers", "edit_customers", "merge_customers", "export_customer", "answer", "see_numbers"}
    assert roles.capabilities("owner") == set(roles.CAPABILITIES)
    assert set(roles.CAPABILITIES) - roles.capabilities("manager") == {"manage_keys", "grant_ownership"}
    assert roles.capabilities("agent") == of_agents
    assert roles.capabilities("analyst") == {"see_numbers"}
    assert roles.capabilities("") == set()
    with pytest.raises(KeyError):
        roles.is_allowed("owner", "fly")

"""The session of a request: it brings who somebody is, and never who they were or who else there is."""

from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.accounts.models import Agent
from regulars.accounts.session_store import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> Agent:
    return Agent.objects.create_user("ines@shop.example", name="Ines Prado", role="owner")


def signed_in(agent: Agent, *, whose: Agent | None = None) -> Client:
    """A browser as sign-in leaves it, with the row by which it is listed among somebody's sessions."""
    client = Client()
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    UserSession.objects.create(user=whose or agent, session_key=client.session.session_key, ip="127.0.0.1")
    return client


def test_who_somebody_is_and_how_the_house_stands_come_with_their_session(ines: Agent) -> None:
    client = signed_in(ines)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/inbox/").status_code == 200
    spoken_of = [each["sql"] for each in asked.captured_queries if "accounts_agent" in each["sql"]]
    assert [("django_session" in sql, "accounts_team" in sql) for sql in spoken_of] == [(True, True)]


def test_an_agent_who_came_with_a_session_is_the_same_as_one_who_is_asked_for(ines: Agent) -> None:
    ines.last_login = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
    ines.keys = {"off": True, "deeds": {"reply": "Ä"}}
    ines.save()
    store = SessionStore(signed_in(ines).session.session_key)
    with store.at_hand():
        came = Agent.objects.get(pk=ines.pk)
    assert came is store._agent
    plain = Agent.objects.get(pk=ines.pk)
    names = [field.attname for field in Agent._meta.concrete_fields]
    assert [getattr(came, name) for name in names] == [getattr(plain, name) for name in names]


def test_the_session_says_whose_it_is_not_the_list_of_sessions(ines: Agent) -> None:
    omar = Agent.objects.create_user("omar@shop.example", name="Omar", role="agent")
    client = signed_in(omar, whose=ines)
    assert client.get("/settings/people/").status_code == 403
    assert client.get("/inbox/").context["request"].user == omar


@pytest.mark.parametrize("change", [{"deactivated_at": datetime(2026, 1, 1, tzinfo=UTC)}, {"password": "other"}])
def test_who_was_deactivated_or_has_another_password_is_out_with_the_next_request(
    ines: Agent, change: dict[str, Any]
) -> None:
    client = signed_in(ines)
    assert client.get("/inbox/").status_code == 200
    Agent.objects.filter(pk=ines.pk).update(**change)
    answer = client.get("/inbox/")
    assert (answer.status_code, answer.headers.get("Location", "").split("?")[0]) == (302, "/account/login/")

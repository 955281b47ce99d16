"""What is asked all day: compiled once, planned once, and answered as Django answers it."""

import select
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.models import F, Model, Value

from regulars.accounts.models import Agent, Team
from regulars.kernel import clock, prepared
from regulars.kernel.prepared import Compiled, Given

pytestmark = pytest.mark.django_db


def agents(**fields: str) -> Agent:
    return Agent.objects.create_user("ines@shop.example", name="Ines", **fields)


def plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return cursor.fetchone()[0]


def test_a_compiled_query_gives_the_rows_django_gives() -> None:
    ines = agents()
    wanted = Agent.objects.annotate(called=F("name"), one=Value(1))
    compiled = Compiled(lambda: wanted.filter(pk=Given("pk")))

    found = compiled.first(pk=ines.pk)

    expected = wanted.get(pk=ines.pk)
    assert found is not None
    assert found == expected
    assert {**found.__dict__, "_state": None} == {**expected.__dict__, "_state": None}
    assert compiled.first(pk=ines.pk + 1) is None


def test_it_is_made_once_for_each_form_and_asked_with_new_values() -> None:
    ines = agents()
    made: list[tuple[str, ...]] = []

    def rows(*names: str) -> "prepared.QuerySet[Agent]":
        made.append(names)
        return Agent.objects.exclude(name__in=names).filter(created_at__lt=Given("before"))

    compiled = Compiled(rows)
    now = clock.now() + timedelta(minutes=1)

    assert compiled.rows(before=now) == [ines]
    assert compiled.rows(before=now - timedelta(days=1)) == []
    assert compiled.rows("Ines", before=now) == []
    assert compiled.rows("Bo", before=now) == [ines]
    assert compiled.rows("Ines", before=now) == []
    assert made == [(), ("Ines",), ("Bo",)]


def test_no_more_forms_are_kept_than_are_of_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST_FORMS", 2)
    made: list[str] = []
    compiled = Compiled(lambda name: made.append(name) or Team.objects.filter(name=name))

    for name in ("a", "b", "a", "c", "a", "b"):
        compiled.rows(name)

    assert made == ["a", "b", "c", "b"]


def test_the_database_keeps_its_plan() -> None:
    agents()
    compiled = Compiled(lambda: Agent.objects.filter(name=Given("name")))
    before = plans()

    compiled.rows(name="Ines")
    compiled.rows(name="Bo")

    assert plans() == before + 1


def test_of_what_django_asks_nothing_is_remembered_by_the_connection() -> None:
    said = "the whole of a mail, " * 10_000
    with prepared.cursor() as cursor:
        cursor.execute("SELECT 1")
    agents(language=said)
    with connection.cursor() as plain:
        plain.execute("SELECT %s", [said])
    raw: Any = connection.connection
    assert not raw._prepared._counts


def test_one_new_row_is_stored_as_django_stores_it_and_several_too() -> None:
    at = clock.now()
    one = Team(name="Ours", created_at=at)
    two, three = Team(name="Yours", created_at=at), Team(name="Theirs", created_at=at, is_open=False)

    prepared.store([one])
    prepared.store([two, three])
    prepared.store([])

    stored = list(Team.objects.order_by("pk").values_list("pk", "name", "is_open", "created_at", "archived_at"))
    assert stored == [
        (one.pk, "Ours", True, at, None),
        (two.pk, "Yours", True, at, None),
        (three.pk, "Theirs", False, at, None),
    ]
    assert one._state.adding is False


def test_rows_are_counted_by_the_same_query() -> None:
    agents()
    compiled = Compiled(lambda *names: Agent.objects.exclude(name__in=names).filter(created_at__lt=Given("before")))
    now = clock.now() + timedelta(minutes=1)

    assert compiled.count(before=now) == 1
    assert compiled.count("Ines", before=now) == 0
    assert compiled.rows(before=now) == list(Agent.objects.all())


def test_a_connection_that_its_server_ended_is_noticed_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    other = psycopg.connect(**connection.get_connection_params())
    monkeypatch.setattr(prepared, "connection", SimpleNamespace(connection=other))
    assert prepared._is_quiet()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [other.info.backend_pid])
    assert select.select([other.pgconn.socket], [], [], 30)[0]

    assert not prepared._is_quiet()
    other.close()
    assert not prepared._is_quiet()


def test_a_model_that_has_a_hand_in_its_own_making_makes_its_own_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    ines, made = agents(), []
    monkeypatch.setattr(Agent, "__init__", lambda self, *values: made.append(values) or Model.__init__(self, *values))

    assert Compiled(lambda: Agent.objects.filter(pk=Given("pk"))).rows(pk=ines.pk) == [ines]
    assert len(made) == 1


def test_what_is_fetched_with_a_row_comes_with_it() -> None:
    from regulars.accounts.models import OneTimeLink

    ines = agents()
    at = clock.now()
    OneTimeLink.objects.create(purpose="sign_in", digest=b"1", agent=ines, created_at=at, expires_at=at)
    OneTimeLink.objects.create(purpose="first_owner", digest=b"2", created_at=at, expires_at=at)
    compiled = Compiled(lambda: OneTimeLink.objects.select_related("agent").order_by("digest"))

    found = compiled.rows()

    assert [link.agent for link in found] == [ines, None]
    assert all(OneTimeLink.agent.field.is_cached(link) for link in found)

"""A look asks once for what seldom changes; without one, every question is asked anew."""

from collections.abc import Callable
from typing import Any

import pytest

from regulars.accounts import colleagues, permission
from regulars.accounts.models import Agent, Team
from regulars.desk.models import Label
from regulars.desk.selectors import wording
from regulars.kernel import clock, looking, page_settings
from regulars.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> Agent:
    return Agent.objects.create_user("ines@shop.example", name="Ines Prado", role="agent")


def test_a_look_asks_one_question_for_everything(ines: Agent, django_assert_num_queries: Callable[[int], Any]) -> None:
    Label.objects.create(name="Late", hue=10)
    with looking.look(), django_assert_num_queries(1):
        assert colleagues.colleagues().names == {ines.pk: "Ines Prado"}
        assert colleagues.teams().all == ()
        assert [label.name for label in wording.labels()] == ["Late"]
        assert page_settings.value("currency") == "EUR"
        assert permission.has("answer", by=ines.actor)


def test_outside_a_look_every_change_is_seen_at_once(ines: Agent) -> None:
    assert colleagues.teams().all == ()
    team = Team.objects.create(name="Repairs", is_open=False, created_at=clock.now())
    assert colleagues.teams().hidden_from(ines.pk) == [team.pk]
    team.agents.add(ines)
    assert colleagues.teams().hidden_from(ines.pk) == []
    assert [crew.name for crew in colleagues.teams().of(ines.pk)] == ["Repairs"]
    Team.objects.update(archived_at=clock.now())
    assert colleagues.teams().of(ines.pk) == ()
    page_settings.change("currency", "USD", by=SYSTEM)
    assert page_settings.value("currency") == "USD"


def test_the_next_look_sees_what_changed_since(ines: Agent) -> None:
    with looking.look():
        assert permission.has("answer", by=ines.actor)
    Agent.objects.update(role="analyst")
    with looking.look():
        assert not permission.has("answer", by=ines.actor)
        assert colleagues.colleagues().answering == ()
    Agent.objects.update(role="agent", deactivated_at=clock.now())
    with looking.look():
        assert not permission.has("answer", by=ines.actor)
        assert str(colleagues.colleagues().by_id[ines.pk]) == "Ines Prado"


def test_a_look_within_a_look_sees_the_house_anew(ines: Agent) -> None:
    with looking.look():
        assert colleagues.colleagues().names == {ines.pk: "Ines Prado"}
        Agent.objects.update(name="Ines P.")
        with looking.look():
            assert colleagues.colleagues().names == {ines.pk: "Ines P."}
        assert colleagues.colleagues().names == {ines.pk: "Ines Prado"}


def test_what_a_text_means_is_worked_out_once(ines: Agent) -> None:
    assert colleagues.colleagues() is colleagues.colleagues()
    before = colleagues.colleagues()
    Agent.objects.update(role="manager")
    assert colleagues.colleagues() is not before

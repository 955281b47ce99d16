"""A statement is put together once while it means the same, and anew where time or sight decide."""

from datetime import timedelta

import pytest

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.desk.actions import assignments
from regulars.desk.models import Conversation
from regulars.desk.selectors import counting, view_counts
from regulars.desk.selectors.listing import Wanted
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from tests.conftest import NOON
from tests.desk.conftest import ada, bo, ines, mailbox, question

__all__ = ["ada", "bo", "ines", "mailbox", "question"]
pytestmark = pytest.mark.django_db

OPEN = Wanted({"field": "status", "is": "in", "value": ["open"]})
MINE = Wanted({"field": "assignee", "is": "in", "value": ["me"]})


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    counting._kept.clear()
    counting._timeless.clear()


def count(wanted: Wanted, by: Actor) -> int:
    """However it is asked: with kept plans, as the views that everybody has, or without."""
    counts = view_counts.counts([("it's 100 %", wanted)], by=by)
    assert view_counts.usual_counts([("it's 100 %", wanted)], by=by) == counts
    return counts.get("it's 100 %", 0)


def test_it_is_put_together_once_and_counts_what_is_there_now(question: Conversation, ines: Agent) -> None:
    assert count(OPEN, ines.actor) == 1
    assert len(counting._kept) == 1
    Conversation.objects.update(status="waiting", waiting_since=None)
    assert count(OPEN, ines.actor) == 0
    assert len(counting._kept) == 1


def test_me_is_whoever_asks(question: Conversation, ines: Agent, bo: Agent) -> None:
    assignments.to_agent(question.pk, ines.pk, by=SYSTEM)
    assert [count(MINE, agent.actor) for agent in (ines, bo, ines)] == [1, 0, 1]


def test_a_closed_team_is_closed_at_once(question: Conversation, ines: Agent, bo: Agent) -> None:
    assert count(OPEN, ines.actor) == 1
    team = teams.create("Repairs", is_open=False, agent_ids=[bo.pk], by=SYSTEM)
    Conversation.objects.update(team=team)
    assert [count(OPEN, agent.actor) for agent in (ines, bo)] == [0, 1]
    Agent.objects.filter(pk=bo.pk).update(role="analyst")
    assert count(OPEN, bo.actor) == 0


def test_what_depends_on_when_is_put_together_anew(ada: Customer, question: Conversation, ines: Agent) -> None:
    older = Wanted({"field": "waiting", "is": "older than", "value": 36})
    with clock.frozen(NOON):
        Conversation.objects.update(waiting_since=NOON - timedelta(days=1))
        assert count(older, ines.actor) == 0
    with clock.frozen(NOON + timedelta(days=2)):
        assert count(older, ines.actor) == 1
    assert counting._kept == {}


def test_what_makes_no_sense_is_left_out(question: Conversation, ines: Agent) -> None:
    assert view_counts.counts([("odd", Wanted({"field": "nothing"})), ("open", OPEN)], by=ines.actor) == {"open": 1}


def test_nothing_to_count_asks_nothing(ines: Agent) -> None:
    assert view_counts.usual_counts([], by=ines.actor) == view_counts.counts([], by=ines.actor) == {}

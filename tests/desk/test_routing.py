"""Conversations find somebody who is here and has room; equal ones by the die, and the chance is on record."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.actions import assignments, labels, routing, seats, states
from regulars.desk.models import Conversation, Route, Routed, Step
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from regulars.kernel.errors import NotAllowed
from regulars.kernel.models import Fact
from tests.desk.cast import ask

pytestmark = pytest.mark.django_db


def here(agent: Agent, *, minutes_ago: float = 1) -> None:
    UserSession.objects.create(
        user=agent, session_key=f"key-{agent.pk}", ip="127.0.0.1",
        last_seen_at=clock.now() - timedelta(minutes=minutes_ago), data={},
    )  # fmt: skip


def in_turn(team_id: int | None = None, *, is_by_skill: bool = False) -> None:
    routing.set_route(team_id, method=Route.IN_TURN, is_by_skill=is_by_skill, by=SYSTEM)


def test_without_a_route_everything_waits_for_a_hand(question: Conversation, ines: Agent) -> None:
    here(ines)
    assert routing.route(question.pk) is None
    assert Conversation.objects.get(pk=question.pk).assignee_id is None


def test_conversations_go_to_those_who_are_here_one_after_the_other(
    ada: Customer, mailbox: Channel, ines: Agent, bo: Agent
) -> None:
    here(ines)
    here(bo)
    in_turn()
    given = [routing.route(ask(ada.pk, mailbox).pk) for _ in range(4)]
    takers = [routed.agent_id for routed in given if routed]
    assert sorted(takers[:2]) == sorted(takers[2:]) == sorted([ines.pk, bo.pk])
    assert [routed.among for routed in given if routed] == [2, 1, 1, 1]
    assert [routed.probability for routed in given if routed] == [0.5, 1.0, 1.0, 1.0]


def test_the_least_busy_takes_it(ada: Customer, mailbox: Channel, ines: Agent, bo: Agent) -> None:
    here(ines)
    here(bo)
    assignments.to_agent(ask(ada.pk, mailbox).pk, ines.pk, by=SYSTEM)
    routing.set_route(None, method=Route.LEAST_BUSY, is_by_skill=False, by=SYSTEM)
    routed = routing.route(ask(ada.pk, mailbox).pk)
    assert routed is not None
    assert (routed.agent_id, routed.among, routed.probability) == (bo.pk, 1, 1.0)


def test_nobody_gets_more_than_their_seat_holds_and_what_finds_nobody_waits(
    ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    here(ines)
    seats.set_up(ines.pk, capacity=1, skills=[], by=SYSTEM)
    in_turn()
    first, second = ask(ada.pk, mailbox), ask(ada.pk, mailbox)
    assert routing.route(first.pk) is not None
    assert routing.route(second.pk) is None
    states.resolve(first.pk, by=ines.actor)
    assert routing.route_waiting() == 1
    assert Conversation.objects.get(pk=second.pk).assignee_id == ines.pk


def test_whoever_is_away_or_has_not_been_seen_gets_nothing(
    ada: Customer, mailbox: Channel, ines: Agent, bo: Agent
) -> None:
    here(ines)
    here(bo, minutes_ago=30)
    in_turn()
    seats.go_away(by=ines.actor)
    question = ask(ada.pk, mailbox)
    assert routing.route(question.pk) is None
    seats.come_back(by=ines.actor)
    assert routing.route(question.pk) is not None
    assert Routed.objects.get().agent_id == ines.pk


def test_a_teams_conversations_stay_in_the_team(question: Conversation, ines: Agent, bo: Agent) -> None:
    here(ines)
    here(bo)
    team = teams.create("Coffee advice", by=SYSTEM, agent_ids=[bo.pk])
    in_turn(team.pk)
    assert routing.route(question.pk) is None
    assignments.to_team(question.pk, team.pk, by=SYSTEM)
    routed = routing.route(question.pk)
    assert routed is not None
    assert routed.agent_id == bo.pk


def test_those_who_know_it_come_first_and_where_nobody_does_anybody(
    ada: Customer, mailbox: Channel, ines: Agent, bo: Agent
) -> None:
    here(ines)
    here(bo)
    seats.set_up(bo.pk, capacity=5, skills=["Invoice"], by=SYSTEM)
    in_turn(is_by_skill=True)
    for _ in range(2):
        asked = ask(ada.pk, mailbox)
        labels.put(asked.pk, "invoice", by=SYSTEM)
        routed = routing.route(asked.pk)
        assert routed is not None
        assert routed.agent_id == bo.pk
    other = routing.route(ask(ada.pk, mailbox).pk)
    assert other is not None
    assert other.agent_id == ines.pk


def test_what_somebody_has_or_what_is_settled_is_left_alone(question: Conversation, ines: Agent, bo: Agent) -> None:
    here(bo)
    in_turn()
    assignments.to_agent(question.pk, ines.pk, by=SYSTEM)
    assert routing.route(question.pk) is None
    assignments.to_agent(question.pk, None, by=SYSTEM)
    states.resolve(question.pk, by=ines.actor)
    assert routing.route(question.pk) is None
    assert not Routed.objects.exists()


def test_the_record_says_how_it_was_decided(question: Conversation, ines: Agent, bo: Agent) -> None:
    here(ines)
    here(bo)
    in_turn()
    routing.route(question.pk)
    details = Step.objects.get(verb="assigned").details
    assert (details["routed"], details["among"], details["probability"]) == ("in turn", 2, 0.5)
    said = Fact.objects.get(name="conversation assigned").properties
    assert (said["routed"], said["among"], said["probability"]) == ("in turn", 2, 0.5)


def test_only_those_who_set_up_the_desk_set_routes(ines: Agent) -> None:
    with pytest.raises(NotAllowed):
        routing.set_route(None, method=Route.IN_TURN, is_by_skill=False, by=ines.actor)
    assert not Route.objects.exists()

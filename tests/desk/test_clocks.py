"""Clocks on living conversations: they start, pause, stop, move and warn with what is done."""

from collections.abc import Callable

import pytest
from django.db import connection

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.channels.models import Channel, Delivery
from regulars.customers.models import Customer
from regulars.desk.actions import (
    assignments,
    conversations,
    holding,
    letting_go,
    merging,
    messages,
    outcomes,
    policies,
    retrying,
    spam,
    splitting,
    states,
    watching,
)
from regulars.desk.actions.messages import Written
from regulars.desk.models import Clock, Conversation, Merge, Message
from regulars.desk.models import Policy as Version
from regulars.desk.selectors import due
from regulars.desk.selectors import policies as kept_policies
from regulars.desk.targets import FIRST, NEXT, RESOLUTION, Policy, Target
from regulars.desk.targets.errors import PolicyChanged
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import NotAllowed
from regulars.kernel.models import Fact
from tests.customers.cast import make_customer
from tests.desk.acting import HOUR, OFFICE, POLICY, REST, answer, asked, due_of, when, write
from tests.desk.cast import make_agent
from tests.desk.telling import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy(db: None) -> Version:
    with clock.frozen(at("2026-03-01 12:00")):
        policies.keep(POLICY, seen=0, by=SYSTEM)
    return Version.objects.get()


def rows(held: Conversation) -> dict[tuple[int, str, int], Clock]:
    return {(row.episode, row.kind, row.turn): row for row in Clock.objects.filter(conversation=held)}


def test_a_question_starts_two_clocks_and_the_list_knows_the_nearer(
    policy: Version, ada: Customer, mailbox: Channel
) -> None:
    held = asked("10:00", ada, mailbox)
    assert {key: row.due_at for key, row in rows(held).items()} == {
        (1, FIRST, 0): at("14:00"),
        (1, RESOLUTION, 0): at("2026-03-04 10:00"),
    }
    assert {row.policy_id for row in rows(held).values()} == {policy.pk}
    assert due_of(held) == at("14:00")


def test_an_answer_meets_one_clock_and_pauses_the_other(
    policy: Version, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    held = asked("10:00", ada, mailbox)
    answer("10:30", held, ines)
    found = rows(held)
    assert found[1, FIRST, 0].met_at == at("10:30")
    assert (found[1, RESOLUTION, 0].paused_at, found[1, RESOLUTION, 0].due_at) == (at("10:30"), None)
    assert due_of(held) is None
    write("12:30", held)
    found = rows(held)
    assert found[1, RESOLUTION, 0].due_at == at("2026-03-04 12:00")
    assert found[1, NEXT, 1].due_at == at("2026-03-03 12:30")


def test_neither_notes_nor_the_bot_nor_automatic_mail_meet_a_clock(
    policy: Version, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    held = asked("10:00", ada, mailbox)
    when("10:01", lambda: messages.reply(held.pk, Written(text="Hello!"), by=Actor("bot"), then="open"))
    when("10:02", lambda: messages.note(held.pk, Written(text="Who knows?"), by=ines.actor) and None)
    write("10:03", held, is_automatic=True)
    assert rows(held)[1, FIRST, 0].is_running
    assert len(rows(held)) == 2


def test_what_an_agent_starts_has_no_clock_until_the_customer_writes(
    policy: Version, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    with clock.frozen(at("09:00")):
        held = conversations.start(ada.pk, channel_id=mailbox.pk, by=ines.actor, subject="Your order")
    answer("09:00", held, ines)
    assert rows(held) == {}
    write("11:00", held)
    assert rows(held)[1, FIRST, 0].due_at == at("15:00")


def test_a_resolve_meets_the_resolution_and_voids_what_was_not_answered(
    policy: Version, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    held = asked("10:00", ada, mailbox)
    when("11:00", lambda: states.resolve(held.pk, by=ines.actor))
    found = rows(held)
    assert (found[1, FIRST, 0].met_at, found[1, FIRST, 0].stopped_at) == (None, at("11:00"))
    assert found[1, RESOLUTION, 0].met_at == at("11:00")
    write("12:00", held)
    assert rows(held)[2, FIRST, 0].due_at == at("16:00")
    when("12:10", lambda: states.resolve(held.pk, by=ines.actor))
    write("13:00", held)
    assert [key for key in sorted(rows(held)) if key[1] == FIRST] == [(1, FIRST, 0), (2, FIRST, 0), (3, FIRST, 0)]


def test_a_change_of_priority_moves_what_is_due_from_its_start(
    policy: Version, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    held = asked("10:00", ada, mailbox)
    when("10:20", lambda: conversations.prioritise(held.pk, 1, by=ines.actor))
    assert (rows(held)[1, FIRST, 0].target, due_of(held)) == ("Urgent", at("11:00"))
    when("10:25", lambda: conversations.prioritise(held.pk, 3, by=ines.actor))
    assert (rows(held)[1, FIRST, 0].target, due_of(held)) == ("Everybody", at("14:00"))


def test_a_change_of_team_moves_what_is_due_from_its_start(ada: Customer, mailbox: Channel, ines: Agent) -> None:
    team = teams.create("Second line", by=SYSTEM)
    slow = Target("Second line", "office", {FIRST: 6 * HOUR}, teams=frozenset({team.pk}))
    when("08:00", lambda: policies.keep(Policy({"office": OFFICE}, (slow, REST)), seen=0, by=SYSTEM) and None)
    held = asked("10:00", ada, mailbox)
    when("11:00", lambda: assignments.to_team(held.pk, team.pk, by=ines.actor))
    assert {key: row.due_at for key, row in rows(held).items()} == {(1, FIRST, 0): at("16:00")}


def test_a_running_clock_keeps_its_version_and_the_next_one_takes_the_new(
    policy: Version, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    held = asked("10:00", ada, mailbox)
    stricter = Policy({"office": OFFICE}, (Target("All", "office", {FIRST: HOUR, NEXT: HOUR}),), "office")
    when("10:30", lambda: policies.keep(stricter, seen=policy.pk, by=SYSTEM) and None)
    when("10:40", lambda: conversations.prioritise(held.pk, 1, by=ines.actor))
    assert rows(held)[1, FIRST, 0].policy_id == policy.pk
    assert rows(held)[1, FIRST, 0].due_at == at("11:00")
    answer("10:50", held, ines)
    write("11:00", held)
    assert rows(held)[1, NEXT, 1].due_at == at("12:00")
    assert rows(held)[1, NEXT, 1].policy_id == Version.objects.latest("pk").pk


def test_spam_has_no_clocks_and_what_was_not_spam_has_them_again(
    policy: Version, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    held = asked("10:00", ada, mailbox)
    when("10:10", lambda: spam.mark(held.pk, by=ines.actor))
    assert (rows(held), due_of(held)) == ({}, None)
    when("10:20", lambda: spam.unmark(held.pk, by=ines.actor))
    assert rows(held)[1, FIRST, 0].due_at == at("14:00")


def test_labels_of_the_customer_choose_a_target(ada: Customer, musa: Customer, mailbox: Channel) -> None:
    from regulars.customers.actions import labels as customer_labels

    vip = Target("VIP", "office", {FIRST: 600}, labels=frozenset({"VIP"}))
    when("08:00", lambda: policies.keep(Policy({"office": OFFICE}, (vip, REST)), seen=0, by=SYSTEM) and None)
    customer_labels.put(ada.pk, "vip", by=SYSTEM)
    assert rows(asked("10:00", ada, mailbox))[1, FIRST, 0].due_at == at("10:10")
    assert rows(asked("10:00", musa, mailbox))[1, FIRST, 0].due_at == at("14:00")


def test_without_targets_there_are_no_clocks(ada: Customer, mailbox: Channel) -> None:
    assert rows(asked("10:00", ada, mailbox)) == {}


def told_of(held: Conversation, name: str) -> list[dict[str, str]]:
    mine = Fact.objects.filter(name=name, properties__conversation_id=held.pk)
    return [{"clock": fact.properties["clock"], "due_at": fact.properties["due_at"]} for fact in mine]


def watch_all(moment: str) -> int:
    with clock.frozen(at(moment)):
        return sum(watching.watch(number) for number in due.conversations_with_due_clocks())


def test_a_warning_and_a_breach_are_said_once(policy: Version, ada: Customer, mailbox: Channel) -> None:
    held = asked("10:00", ada, mailbox)
    assert [watch_all(moment) for moment in ("13:29", "13:30", "13:31", "14:00:10", "14:00:16", "14:01")] == [
        0, 1, 0, 0, 1, 0,
    ]  # fmt: skip
    due_at = rows(held)[1, FIRST, 0].due_at
    assert due_at == at("14:00")
    assert told_of(held, "target warned") == [{"clock": FIRST, "due_at": due_at.isoformat()}]
    assert told_of(held, "target breached") == [{"clock": FIRST, "due_at": due_at.isoformat()}]


def test_an_answer_in_the_last_moment_is_in_time(policy: Version, ada: Customer, mailbox: Channel, ines: Agent) -> None:
    held = asked("10:00", ada, mailbox)
    with clock.frozen(at("13:59:59")):
        reply = messages.reply(held.pk, Written(text="Here."), by=ines.actor)
    assert watch_all("14:00:09") == 0
    with clock.frozen(at("14:00:09")):
        letting_go.let_go(reply.pk)
    assert watch_all("15:00") == 0
    assert (rows(held)[1, FIRST, 0].met_at, rows(held)[1, FIRST, 0].breached_at) == (at("13:59:59"), None)


def test_a_breach_that_ended_before_anybody_looked_is_said_all_the_same(
    policy: Version, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    held = asked("10:00", ada, mailbox)
    answer("14:30", held, ines)
    assert watch_all("14:31") == 1
    assert [one["clock"] for one in told_of(held, "target breached")] == [FIRST]


def test_an_answer_that_did_not_arrive_leaves_its_clock_running(
    policy: Version, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    held = asked("10:00", ada, mailbox)
    answer("10:30", held, ines)
    assert rows(held)[1, FIRST, 0].met_at == at("10:30")
    reply = Message.objects.get(author_kind="agent")
    Message.objects.filter(pk=reply.pk).update(state=Message.FAILED)
    Delivery.objects.update(state=Delivery.FAILED)
    with clock.frozen(at("10:45")):
        outcomes.to_undelivered(holding.hold(held.pk, by=SYSTEM), Message.objects.get(pk=reply.pk))
    assert (rows(held)[1, FIRST, 0].met_at, due_of(held)) == (None, at("14:00"))
    with clock.frozen(at("11:00")):
        retrying.again(reply.pk, by=ines.actor)
    assert rows(held)[1, FIRST, 0].met_at == at("11:00")


def test_what_moved_on_is_warned_of_again(policy: Version, ada: Customer, mailbox: Channel, ines: Agent) -> None:
    held = asked("10:00", ada, mailbox)
    when("10:01", lambda: conversations.prioritise(held.pk, 1, by=ines.actor))
    assert watch_all("10:30") == 1
    when("10:31", lambda: conversations.prioritise(held.pk, 3, by=ines.actor))
    assert [watch_all("10:32"), watch_all("13:30")] == [0, 1]


def test_only_who_manages_the_desk_changes_the_policy_and_nobody_over_anothers_change(
    policy: Version, ines: Agent
) -> None:
    boss = make_agent("Mira", role="manager")
    other = Policy({"office": OFFICE}, (REST,), "office")
    with pytest.raises(NotAllowed):
        policies.keep(other, seen=policy.pk, by=ines.actor)
    with pytest.raises(PolicyChanged):
        policies.keep(other, seen=0, by=boss.actor)
    assert policies.keep(POLICY, seen=policy.pk, by=boss.actor).number == policy.pk
    assert policies.keep(other, seen=policy.pk, by=boss.actor).number > policy.pk
    assert kept_policies.in_force().policy == other
    assert kept_policies.versions().at(at("2026-03-01 12:00")) == (policy.pk, POLICY)


def test_a_step_that_moves_no_clock_asks_nothing_of_them(
    policy: Version, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    held = asked("10:00", ada, mailbox)
    with connection.execute_wrapper(_refuse_clocks):
        messages.note(held.pk, Written(text="Hm."), by=ines.actor)


def _refuse_clocks(execute: Callable[..., object], sql: str, *more: object) -> object:
    assert "desk_clock" not in sql and "desk_policy" not in sql
    return execute(sql, *more)


def test_each_conversation_has_clocks_of_its_own(policy: Version, mailbox: Channel) -> None:
    one, other = make_customer("Jun", email="jun@example.com"), make_customer("Lea", email="lea@example.com")
    first, second = asked("10:00", one, mailbox), asked("12:00", other, mailbox)
    assert (due_of(first), due_of(second)) == (at("14:00"), at("16:00"))


def test_a_merge_carries_the_longer_wait_over_and_an_undo_gives_each_its_own(
    policy: Version, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    kept, other = asked("11:00", ada, mailbox), asked("10:00", ada, mailbox)
    merge = when("11:30", lambda: merging.merge(kept.pk, other.pk, by=ines.actor))
    assert isinstance(merge, Merge)
    assert (due_of(kept), due_of(other)) == (at("14:00"), None)
    assert rows(other)[1, FIRST, 0].stopped_at == at("11:30")
    when("11:40", lambda: merging.undo(merge.pk, by=ines.actor))
    assert (due_of(kept), due_of(other)) == (at("15:00"), at("14:00"))
    assert all(row.is_running for row in [*rows(kept).values(), *rows(other).values()])


def test_a_merge_into_a_resolved_conversation_begins_a_round_with_the_waiting_of_the_other(
    policy: Version, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    kept = asked("09:00", ada, mailbox)
    answer("09:10", kept, ines, then="resolved")
    other = asked("10:00", ada, mailbox)
    when("10:30", lambda: merging.merge(kept.pk, other.pk, by=ines.actor))
    assert rows(kept)[2, FIRST, 0].started_at == at("10:00")
    assert due_of(kept) == at("14:00")
    answer("10:45", kept, ines)
    assert rows(kept)[2, FIRST, 0].met_at == at("10:45")


def test_what_is_split_off_waits_since_it_was_said(
    policy: Version, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    held = asked("10:00", ada, mailbox)
    write("10:30", held)
    second = Message.objects.filter(conversation=held).latest("pk")
    begun = when("11:00", lambda: splitting.split(second.pk, by=ines.actor))
    assert isinstance(begun, Conversation)
    assert (due_of(held), due_of(begun)) == (at("14:00"), at("14:30"))
    answer("11:10", held, ines)
    assert rows(begun)[1, FIRST, 0].is_running
    assert rows(held)[1, FIRST, 0].met_at == at("11:10")

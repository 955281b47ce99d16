"""What happens when several do something about the same conversations at the same moment."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from regulars.accounts.actions import keys
from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.actions import erasures, moved
from regulars.customers.models import Customer
from regulars.desk.actions import (
    holding,
    labels,
    links,
    merging,
    messages,
    moving_people,
    policies,
    splitting,
    states,
)
from regulars.desk.actions.messages import Written
from regulars.desk.errors import AlreadyMerged, MergeAlreadyUndone
from regulars.desk.models import Conversation, Link, Merge, Message, Step
from regulars.desk.moving.forms import Person
from regulars.kernel.actors import SYSTEM
from tests.api.program import Program
from tests.conftest import NOON
from tests.customers.test_at_once import at_once
from tests.desk.acting import POLICY
from tests.desk.cast import ask
from tests.running.house import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(ada: Customer, mailbox: Channel) -> list[int]:
    return [ask(ada.pk, mailbox, f"Matter {number}").pk for number in range(4)]


def lock_or_fail(conversation_id: int) -> Callable[[], object]:
    def lock() -> None:
        with transaction.atomic():
            Conversation.objects.select_for_update(no_key=True, nowait=True).get(pk=conversation_id)

    return lock


def impatiently(work: Callable[[], object]) -> Callable[[], object]:
    """Fail rather than wait for a lock."""

    def hurried() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        work()

    return hurried


def is_somebody_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def test_what_is_merged_away_is_not_locked_by_those_who_follow_it(asked: list[int], ines: Agent) -> None:
    merging.merge(asked[1], asked[0], by=ines.actor)
    with transaction.atomic():
        assert holding.hold(asked[0], by=ines.actor).pk == asked[1]
        assert at_once(lock_or_fail(asked[0])) == [None]
        [refused] = at_once(lock_or_fail(asked[1]))
    assert isinstance(refused, OperationalError)


@pytest.mark.parametrize("other_way_round", [False, True])
def test_two_are_locked_in_the_order_of_what_is_shown(other_way_round: bool, asked: list[int], ines: Agent) -> None:
    merging.merge(asked[3], asked[0], by=ines.actor)  # the first is shown in the last
    pair = (asked[1], asked[0]) if other_way_round else (asked[0], asked[1])
    linking = threading.Thread(target=lambda: at_once(lambda: links.put(*pair, by=ines.actor)))
    with transaction.atomic():
        holding.hold(asked[1], by=ines.actor)
        linking.start()
        wait_until(is_somebody_waiting)
        assert at_once(lock_or_fail(asked[3])) == [None]
    linking.join(10)
    assert {Link.objects.get().conversation_id, Link.objects.get().other_id} == {asked[1], asked[3]}


def test_a_program_that_links_two_locks_them_in_that_order_too(asked: list[int]) -> None:
    program = Program(keys.create("api", name="Shop system", by=SYSTEM))
    place = f"/conversations/{asked[3]}/links/{asked[1]}"
    linking = threading.Thread(target=lambda: at_once(lambda: program("PUT", place)))
    with transaction.atomic():
        holding.hold(asked[1], by=SYSTEM)
        linking.start()
        wait_until(is_somebody_waiting)
        assert at_once(lock_or_fail(asked[3])) == [None]
    linking.join(10)
    assert Link.objects.count() == 1


def test_of_two_opposite_merges_one_stands(asked: list[int], ines: Agent) -> None:
    first, second, by = asked[0], asked[1], ines.actor
    for _ in range(3):
        outcomes = at_once(lambda: merging.merge(first, second, by=by), lambda: merging.merge(second, first, by=by))
        assert [type(outcome) for outcome in outcomes if outcome] == [AlreadyMerged]
        standing = Merge.objects.get(undone_at=None)
        undone = at_once(*[partial(merging.undo, standing.pk, by=by)] * 2)
        assert [type(outcome) for outcome in undone if outcome] == [MergeAlreadyUndone]
    assert not Conversation.objects.exclude(merged_into=None).exists()


def test_what_was_merged_with_another_once_waits_for_nobody_who_holds_that(asked: list[int], ines: Agent) -> None:
    policies.keep(POLICY, seen=0, by=SYSTEM)
    merging.undo(merging.merge(asked[0], asked[1], by=ines.actor).pk, by=ines.actor)
    other = Conversation.objects.filter(pk=asked[1])
    due_at = other.get().due_at
    other.update(due_at=NOON)  # what is found is not what the facts say, as while somebody is about to write both
    with transaction.atomic():
        holding.hold(asked[1], by=ines.actor)
        assert at_once(impatiently(partial(states.resolve, asked[0], by=ines.actor))) == [None]
    states.reopen(asked[0], by=ines.actor)
    assert other.get().due_at == due_at != NOON


def test_merging_splitting_linking_and_writing_at_once_never_wait_in_a_circle(asked: list[int], ines: Agent) -> None:
    one, two, three, four = asked
    by = ines.actor
    for turn in range(3):
        below = merging.merge(three, one, by=by)
        said = messages.note(four, Written(text=f"Aside {turn}"), by=by)
        splitting.split(said.pk, by=by)
        step = Step.objects.filter(verb="split").latest("pk")
        outcomes = at_once(
            lambda: merging.merge(two, three, by=by),
            lambda below=below: merging.undo(below.pk, by=by),
            lambda: labels.put(one, "Late", by=by),
            lambda: links.put(one, four, by=by),
            lambda step=step: splitting.undo(step.pk, by=by),
            lambda turn=turn: messages.note(one, Written(text=f"Noted {turn}"), by=by),
        )
        assert outcomes == [None] * 6
        for merge in Merge.objects.filter(undone_at=None).order_by("-pk"):
            merging.undo(merge.pk, by=by)
    assert Message.objects.filter(text__startswith="Noted").count() == 3


def test_whoever_had_to_give_way_reads_so_and_nothing_of_theirs_stays(
    asked: list[int], ines: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gives_way(conversation_id: int, **_: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            Conversation.objects.filter(pk=conversation_id).update(subject="Halfway")
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'a circle' USING ERRCODE = 'deadlock_detected'; END $$")

    monkeypatch.setattr(states, "resolve", gives_way)
    page = Client()
    page.force_login(ines, backend="django.contrib.auth.backends.ModelBackend")
    shown = page.post(reverse("desk:resolution", args=[asked[0]]))
    program = Program(keys.create("api", name="Shop system", by=SYSTEM))
    told = program("PUT", f"/conversations/{asked[0]}/status", {"status": "resolved"})
    assert (shown.status_code, told.status_code, told.json()["code"]) == (409, 409, "changed-at-once")
    for text in (shown.content.decode(), told.json()["detail"]):
        assert "Somebody changed the same thing at the same moment" in text
    left = Conversation.objects.get(pk=asked[0])
    assert (left.status, left.subject) == (Conversation.OPEN, "Matter 0")


def test_who_is_erased_while_an_archive_is_read_does_not_come_in_with_it(
    ada: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive's batch knows them already when the erasure begins; it goes first, and all of it is erased."""
    is_known, known = threading.Event(), moving_people.known_ways.known

    def known_slowly(wanted: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
        found = known(wanted)
        is_known.set()
        wait_until(is_somebody_waiting)
        return found

    def move() -> None:
        with transaction.atomic():
            newcomers = moving_people.meet([(person := Person(email="ada@example.com"))], kind="zendesk", is_dry=False)
            moved.put_on(newcomers.of(person) or 0, ["VIP"])

    def erase() -> None:
        is_known.wait(10)
        erasures.erase(ada.pk, by=SYSTEM)

    monkeypatch.setattr(moving_people.known_ways, "known", known_slowly)
    assert at_once(move, erase) == [None, None]
    assert not Customer.objects.exists()

"""One thing done in many conversations at once, and taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.actions import assignments, bulk, conversations, labels, messages, states
from regulars.desk.actions.messages import Written
from regulars.desk.errors import CannotBeUndone, NoSuchBulk, NoSuchDeed, NothingChosen, SnoozeInThePast
from regulars.desk.models import Bulk, Conversation, Label, Step
from regulars.desk.selectors import bulks
from regulars.desk.selectors.listing import Wanted
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import NotAllowed
from tests.desk.cast import ask, make_agent

pytestmark = pytest.mark.django_db

ALL = Wanted({})


@pytest.fixture
def three(ada: Customer, mailbox: Channel) -> list[int]:
    """Three questions of Ada's."""
    return [ask(ada.pk, mailbox, f"Question {number}").pk for number in range(3)]


def standing(ids: list[int], field: str) -> list[Any]:
    return list(Conversation.objects.filter(pk__in=ids).order_by("pk").values_list(field, flat=True))


def worn(label: Label) -> QuerySet[Conversation]:
    return Conversation.objects.filter(labels=label)


def test_what_is_chosen_is_done_and_the_rest_stays(three: list[int], ines: Agent) -> None:
    done = bulk.begin("resolve", ids=three[:2], by=ines.actor)
    assert standing(three, "status") == ["resolved", "resolved", "open"]
    assert (done.total, done.done, done.changed) == (2, 2, 2)
    assert done.finished_at is not None
    assert Step.objects.filter(batch=done.batch, verb="resolved").count() == 2


def test_only_what_was_not_so_before_counts_as_changed(three: list[int], ines: Agent) -> None:
    states.resolve(three[0], by=ines.actor)
    assert bulk.begin("resolve", ids=three, by=ines.actor).changed == 2


def test_everything_that_matches_is_done(three: list[int], ines: Agent) -> None:
    states.resolve(three[0], by=ines.actor)
    wanted = Wanted({"field": "status", "is": "in", "value": ["open"]})
    done = bulk.begin("priority", "1", wanted=wanted, by=ines.actor)
    assert done.ids == three[1:]
    assert standing(three, "priority") == [3, 1, 1]


@pytest.mark.parametrize(
    ("deed", "value", "field"),
    [
        ("resolve", "", "status"),
        ("wait", "", "status"),
        ("priority", "1", "priority"),
        ("spam", "", "spam_at"),
    ],
)
def test_undoing_brings_everything_back_to_how_it_stood(
    three: list[int], ines: Agent, deed: str, value: str, field: str
) -> None:
    before, since = standing(three, field), standing(three, "waiting_since")
    done = bulk.begin(deed, value, ids=three, by=ines.actor)
    assert standing(three, field) != before
    undone = bulk.undo(done.pk, by=ines.actor)
    assert (undone.undone, undone.not_undone) == (3, 0)
    assert standing(three, field) == before
    assert standing(three, "waiting_since") == since


def test_undoing_gives_each_back_to_whoever_had_it(three: list[int], ines: Agent, bo: Agent) -> None:
    assignments.to_agent(three[1], bo.pk, by=ines.actor)
    done = bulk.begin("assign", str(ines.pk), ids=three, by=ines.actor)
    assert standing(three, "assignee") == [ines.pk] * 3
    bulk.undo(done.pk, by=ines.actor)
    assert standing(three, "assignee") == [None, bo.pk, None]


def test_undoing_a_label_leaves_it_where_it_was_before(three: list[int], ines: Agent) -> None:
    label = labels.put(three[0], "courier", by=ines.actor)
    done = bulk.begin("label", "Courier", ids=three, by=ines.actor)
    assert worn(label).count() == 3
    assert done.changed == 2
    bulk.undo(done.pk, by=ines.actor)
    assert list(worn(label).values_list("pk", flat=True)) == [three[0]]


def test_undoing_a_label_taken_off_puts_it_on_again(three: list[int], ines: Agent) -> None:
    label = labels.put(three[0], "courier", by=ines.actor)
    done = bulk.begin("unlabel", str(label.pk), ids=three, by=ines.actor)
    assert worn(label).count() == 0
    assert done.changed == 1
    bulk.undo(done.pk, by=ines.actor)
    assert list(worn(label).values_list("pk", flat=True)) == [three[0]]


def test_what_changed_since_is_left_and_counted(three: list[int], ada: Customer, ines: Agent, bo: Agent) -> None:
    done = bulk.begin("resolve", ids=three, by=ines.actor)
    messages.receive(three[0], Written(text="Still broken"), by=Actor("customer", ada.pk))
    states.reopen(three[1], by=bo.actor)
    states.resolve(three[1], by=bo.actor)
    undone = bulk.undo(done.pk, by=ines.actor)
    assert (undone.undone, undone.not_undone) == (1, 2)
    assert standing(three, "status") == ["open", "resolved", "open"]


def test_an_answer_since_does_not_keep_a_label_from_going(three: list[int], ada: Customer, ines: Agent) -> None:
    done = bulk.begin("label", "courier", ids=three, by=ines.actor)
    messages.receive(three[0], Written(text="Hello?"), by=Actor("customer", ada.pk))
    assert bulk.undo(done.pk, by=ines.actor).undone == 3
    assert worn(Label.objects.get()).count() == 0


def test_whoever_has_left_gets_nothing_back(three: list[int], ines: Agent, bo: Agent) -> None:
    assignments.to_agent(three[0], bo.pk, by=ines.actor)
    done = bulk.begin("assign", "", ids=three, by=ines.actor)
    Agent.objects.filter(pk=bo.pk).update(deactivated_at=clock.now())
    undone = bulk.undo(done.pk, by=ines.actor)
    assert (undone.undone, undone.not_undone) == (0, 1)
    assert standing(three, "assignee") == [None, None, None]


def test_it_is_taken_back_once_and_only_by_who_did_it(three: list[int], ines: Agent, bo: Agent) -> None:
    done = bulk.begin("resolve", ids=three, by=ines.actor)
    with pytest.raises(NoSuchBulk):
        bulk.undo(done.pk, by=bo.actor)
    assert standing(three, "status") == ["resolved"] * 3
    bulk.undo(done.pk, by=ines.actor)
    with pytest.raises(CannotBeUndone):
        bulk.undo(done.pk, by=ines.actor)
    assert [each.pk for each in bulks.recent(ines.actor)] == [done.pk]
    assert list(bulks.recent(bo.actor)) == []


def test_a_closed_teams_conversations_are_not_touched(three: list[int], ines: Agent, bo: Agent) -> None:
    closed = teams.create("Payroll", by=SYSTEM, is_open=False, agent_ids=[bo.pk])
    assignments.to_team(three[0], closed.pk, by=bo.actor)
    done = bulk.begin("resolve", ids=three, by=ines.actor)
    assert standing(three, "status") == ["open", "resolved", "resolved"]
    assert done.changed == 2
    assert bulk.begin("open", wanted=ALL, by=ines.actor).ids == three[1:]


def test_an_analyst_does_nothing_at_all(three: list[int]) -> None:
    with pytest.raises(NotAllowed):
        bulk.begin("resolve", ids=three, by=make_agent("Kim", role="analyst").actor)
    assert standing(three, "status") == ["open"] * 3
    assert not Bulk.objects.exists()


@pytest.mark.parametrize(
    ("deed", "value", "ids", "refusal"),
    [
        ("explode", "", [1], NoSuchDeed),
        ("resolve", "", [], NothingChosen),
        ("snooze", "2020-01-01T09:00:00+00:00", [1], SnoozeInThePast),
        ("snooze", "soon", [1], SnoozeInThePast),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is(
    ines: Agent, deed: str, value: str, ids: list[int], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        bulk.begin(deed, value, ids=ids, by=ines.actor)
    assert not Bulk.objects.exists()


def test_many_are_done_by_a_job_batch_by_batch_and_a_second_run_changes_nothing(
    three: list[int], ines: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    monkeypatch.setattr(bulk, "BATCH", 1)
    begun = bulk.begin("resolve", ids=three, by=ines.actor)
    assert standing(three, "status") == ["open"] * 3
    assert bulk._do_batch(begun.pk, by=ines.actor) is True
    begun.refresh_from_db()
    assert (begun.done, begun.is_running) == (1, True)
    bulk.run(begun.pk, by=ines.actor)
    bulk.run(begun.pk, by=ines.actor)
    begun.refresh_from_db()
    assert (begun.done, begun.changed, begun.is_running) == (3, 3, False)
    assert Step.objects.filter(verb="resolved").count() == 3


def test_snoozing_many_brings_them_back_together(three: list[int], ines: Agent) -> None:
    until = clock.now() + timedelta(days=2)
    bulk.begin("snooze", until.isoformat(), ids=three, by=ines.actor)
    assert standing(three, "snoozed_until") == [until] * 3


def test_undoing_not_spam_makes_it_spam_again_in_the_state_it_had(three: list[int], ines: Agent) -> None:
    states.resolve(three[0], by=ines.actor)
    bulk.begin("spam", ids=three, by=ines.actor)
    done = bulk.begin("not_spam", ids=three, by=ines.actor)
    assert standing(three, "spam_at") == [None] * 3
    bulk.undo(done.pk, by=ines.actor)
    assert None not in standing(three, "spam_at")
    assert standing(three, "status") == ["resolved", "open", "open"]


def test_a_renamed_conversation_can_still_be_taken_back(three: list[int], ines: Agent) -> None:
    done = bulk.begin("priority", "2", ids=three, by=ines.actor)
    conversations.rename(three[0], "Another subject", by=ines.actor)
    assert bulk.undo(done.pk, by=ines.actor).undone == 3

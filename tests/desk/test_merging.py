"""Two conversations that are one matter, one that is two: joined, split, and back again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk import episodes
from regulars.desk.actions import links, merging, messages, splitting, states
from regulars.desk.actions.messages import Written
from regulars.desk.errors import (
    AlreadyMerged,
    CannotMergeWithItself,
    MergeAlreadyUndone,
    NoSuchConversation,
    NothingToSplit,
    SplitAlreadyUndone,
    UnseenMessage,
)
from regulars.desk.models import Conversation, Link, Merge, Message, Step
from regulars.desk.selectors import threads, told
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.models import Fact
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_agent, make_mailbox

pytestmark = pytest.mark.django_db

SHOWN = (
    "status",
    "waiting_since",
    "snoozed_until",
    "resolved_at",
    "message_count",
    "preview",
    "last_author",
    "last_at",
)


def stands(pk: int) -> dict[str, Any]:
    return Conversation.objects.filter(pk=pk).values(*SHOWN).get()


def texts(pk: int, *, by: Actor = SYSTEM) -> list[str]:
    """What is said in the conversation that is shown for this id, in order."""
    return [turn.message.text for turn in threads.thread(threads.shown(pk, by=by)).turns]


@pytest.fixture
def second(ada: Customer, mailbox: Channel) -> Conversation:
    return ask(ada.pk, mailbox, "Is it lost?")


def test_a_merge_shows_both_in_one_in_order(question: Conversation, second: Conversation, ines: Agent) -> None:
    messages.note(question.pk, Written(text="Courier is late."), by=ines.actor)
    row = merging.merge(question.pk, second.pk, by=ines.actor)
    assert texts(question.pk) == ["Where is my order?", "Is it lost?", "Courier is late."]
    assert texts(second.pk) == texts(question.pk)
    assert threads.shown(second.pk, by=ines.actor).pk == question.pk
    assert stands(question.pk)["message_count"] == 3
    step = Step.objects.get(conversation=question, verb="merged")
    assert step.details == {"merge_id": row.pk, "merged": second.pk, "subject": "Is it lost?"}
    assert Fact.objects.get(name="conversations merged").properties["merged"] == second.pk


def test_a_reply_to_the_merged_number_reaches_the_kept_one(
    question: Conversation, second: Conversation, ines: Agent
) -> None:
    merging.merge(question.pk, second.pk, by=ines.actor)
    assert messages.reply(second.pk, Written(text="Here."), by=ines.actor).conversation_id == question.pk
    assert stands(question.pk)["status"] == "waiting"


def test_an_unseen_message_in_the_joined_one_stops_a_reply(
    question: Conversation, ada: Customer, mailbox: Channel, ines: Agent, bo: Agent
) -> None:
    seen = threads.thread(question).last
    other = ask(ada.pk, mailbox, "One more thing")
    merging.merge(question.pk, other.pk, by=bo.actor)
    with pytest.raises(UnseenMessage):
        messages.reply(question.pk, Written(text="Dear Ada"), by=ines.actor, seen=seen)
    assert texts(question.pk) == ["Where is my order?", "One more thing"]


def test_undo_gives_back_what_was_there(question: Conversation, second: Conversation, ines: Agent) -> None:
    before = stands(question.pk), stands(second.pk)
    row = merging.merge(question.pk, second.pk, by=ines.actor)
    merging.undo(row.pk, by=ines.actor)
    assert (stands(question.pk), stands(second.pk)) == before
    assert texts(second.pk) == ["Is it lost?"]
    with pytest.raises(MergeAlreadyUndone):
        merging.undo(row.pk, by=ines.actor)


def test_what_is_open_in_one_is_open_in_both_and_settled_again_by_undo(
    question: Conversation, second: Conversation, ines: Agent
) -> None:
    states.resolve(question.pk, by=ines.actor)
    row = merging.merge(question.pk, second.pk, by=ines.actor)
    assert stands(question.pk)["status"] == "open"
    merging.undo(row.pk, by=ines.actor)
    assert stands(question.pk)["status"] == "resolved"
    assert stands(second.pk)["status"] == "open"


def test_a_kept_one_that_was_worked_in_stays_as_it_is_on_undo(
    question: Conversation, second: Conversation, ines: Agent
) -> None:
    states.resolve(question.pk, by=ines.actor)
    row = merging.merge(question.pk, second.pk, by=ines.actor)
    messages.reply(question.pk, Written(text="We look."), by=ines.actor)
    merging.undo(row.pk, by=ines.actor)
    assert stands(question.pk)["status"] == "waiting"


def test_nobody_merges_what_they_may_not_see(question: Conversation, second: Conversation, ines: Agent) -> None:
    closed = teams.create("Fraud", by=SYSTEM, is_open=False)
    Conversation.objects.filter(pk=second.pk).update(team_id=closed.pk)
    with pytest.raises(NoSuchConversation):
        merging.merge(question.pk, second.pk, by=ines.actor)
    assert Merge.objects.count() == 0
    row = merging.merge(question.pk, second.pk, by=SYSTEM)
    with pytest.raises(NoSuchConversation):
        merging.undo(row.pk, by=ines.actor)
    assert Merge.objects.get().undone_at is None


def test_nonsense_is_refused_and_changes_nothing(question: Conversation, second: Conversation, ines: Agent) -> None:
    with pytest.raises(CannotMergeWithItself):
        merging.merge(question.pk, question.pk, by=ines.actor)
    merging.merge(question.pk, second.pk, by=ines.actor)
    with pytest.raises(AlreadyMerged):
        merging.merge(second.pk, question.pk, by=ines.actor)
    assert Merge.objects.count() == 1


def test_a_split_moves_a_message_and_what_follows(question: Conversation, ada: Customer, ines: Agent) -> None:
    second = messages.receive(question.pk, Written(text="Also: my invoice?"), by=Actor("customer", ada.pk))
    messages.note(question.pk, Written(text="The invoice is separate."), by=ines.actor)
    begun = splitting.split(second.pk, by=ines.actor, subject="Invoice")
    assert texts(question.pk) == ["Where is my order?"]
    assert texts(begun.pk) == ["Also: my invoice?", "The invoice is separate."]
    row = Conversation.objects.get(pk=begun.pk)
    assert (row.subject, row.customer_id, row.status, row.message_count) == ("Invoice", ada.pk, "open", 2)
    assert row.waiting_since == second.at
    assert stands(question.pk)["message_count"] == 1
    link = Link.objects.get()
    assert (link.conversation_id, link.other_id, link.why) == (begun.pk, question.pk, "split from")


def test_a_message_alone_is_split_off(question: Conversation, ada: Customer, ines: Agent) -> None:
    by = Actor("customer", ada.pk)
    second = messages.receive(question.pk, Written(text="Also: my invoice?"), by=by)
    messages.receive(question.pk, Written(text="Any news of my order?"), by=by)
    begun = splitting.split(second.pk, by=ines.actor, is_alone=True)
    assert texts(question.pk) == ["Where is my order?", "Any news of my order?"]
    assert texts(begun.pk) == ["Also: my invoice?"]


def test_a_split_that_leaves_nothing_is_refused(question: Conversation, ines: Agent) -> None:
    first = Message.objects.get(conversation=question)
    with pytest.raises(NothingToSplit):
        splitting.split(first.pk, by=ines.actor)
    assert Conversation.objects.count() == 1


def test_undoing_a_split_brings_back_what_moved_and_what_came_since(
    question: Conversation, ada: Customer, ines: Agent
) -> None:
    by = Actor("customer", ada.pk)
    second = messages.receive(question.pk, Written(text="Also: my invoice?"), by=by)
    begun = splitting.split(second.pk, by=ines.actor)
    messages.receive(begun.pk, Written(text="Hello?"), by=by)
    step = Step.objects.get(verb="split")
    splitting.undo(step.pk, by=ines.actor)
    assert texts(question.pk) == ["Where is my order?", "Also: my invoice?", "Hello?"]
    assert Message.objects.get(pk=second.pk).conversation_id == question.pk
    assert threads.shown(begun.pk, by=ines.actor).pk == question.pk
    with pytest.raises(SplitAlreadyUndone):
        splitting.undo(step.pk, by=ines.actor)


def test_a_link_stands_on_both_sides_once(question: Conversation, second: Conversation, ines: Agent) -> None:
    one = links.put(question.pk, second.pk, by=ines.actor)
    assert links.put(second.pk, question.pk, by=ines.actor) == one
    links.take_away(second.pk, one.pk, by=ines.actor)
    assert Link.objects.count() == 0
    links.take_away(second.pk, one.pk, by=ines.actor)
    both = [(question.pk, second.pk), (second.pk, question.pk)]
    steps = Step.objects.filter(verb__in=("linked", "unlinked")).order_by("pk")
    done = [(step.verb, step.conversation_id, step.details["linked"], step.actor) for step in steps]
    assert done == [
        *[("linked", here, there, str(ines.actor)) for here, there in both],
        *[("unlinked", here, there, str(ines.actor)) for here, there in reversed(both)],
    ]
    facts = Fact.objects.filter(name__in=("conversations linked", "conversations unlinked"))
    said = [(fact.name, fact.properties["linked"], fact.properties["by"]) for fact in facts.order_by("tx", "id")]
    assert said == [(f"conversations {verb}", there, by) for verb, _here, there, by in done]


def measured(ids: list[int]) -> list[Any]:
    """Every episode of these, as the reports measure them."""
    return episodes.fold(told.facts_of(told.related(ids)))


def test_a_merge_taken_back_leaves_every_figure_as_it_was(
    question: Conversation, second: Conversation, ines: Agent
) -> None:
    at = clock.now()
    with clock.frozen(at + timedelta(minutes=5)):
        sent = messages.reply(question.pk, Written(text="It comes."), by=ines.actor)
    before = measured([question.pk, second.pk])
    assert sent.conversation_id == question.pk
    with clock.frozen(at + timedelta(minutes=6)):
        row = merging.merge(question.pk, second.pk, by=ines.actor)
    with clock.frozen(at + timedelta(minutes=7)):
        merging.undo(row.pk, by=ines.actor)
    assert measured([question.pk, second.pk]) == before


# Each step: merge two of whatever is shown, or undo one of the merges that stand.
STEPS = st.lists(st.tuples(st.sampled_from(["merge", "undo"]), st.integers(0, 99), st.integers(0, 99)), max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_any_merges_undone_give_back_exactly_what_was_read(steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        ada, mailbox, ines = make_customer("Ada", email="ada@example.com"), make_mailbox(), make_agent("Ines")
        ids = [ask(ada.pk, mailbox, f"Question {number}").pk for number in range(5)]
        states.resolve(ids[0], by=ines.actor)
        before = {pk: (stands(pk)["status"], stands(pk)["message_count"], texts(pk)) for pk in ids}
        for step in steps:
            take(step, ids, by=ines.actor)
            hold_together(ids)
        for row in Merge.objects.filter(undone_at=None).order_by("-pk"):
            merging.undo(row.pk, by=ines.actor)
        assert {pk: (stands(pk)["status"], stands(pk)["message_count"], texts(pk)) for pk in ids} == before
        transaction.set_rollback(True)


def take(step: tuple[str, int, int], ids: list[int], *, by: Actor) -> None:
    verb, one, other = step
    if verb == "undo":
        standing = list(Merge.objects.filter(undone_at=None).order_by("pk"))
        if standing:
            merging.undo(standing[one % len(standing)].pk, by=by)
        return
    shown = [pk for pk in ids if Conversation.objects.get(pk=pk).merged_into_id is None]
    kept, merged = shown[one % len(shown)], shown[other % len(shown)]
    if kept != merged:
        merging.merge(kept, merged, by=by)


def hold_together(ids: list[int]) -> None:
    """At every moment nothing points at something merged, nothing is lost, and each message is read once."""
    pointing = dict(Conversation.objects.values_list("pk", "merged_into_id"))
    assert all(pointing[head] is None for head in pointing.values() if head)
    shown = [pk for pk in ids if pointing[pk] is None]
    assert sorted(text for pk in shown for text in texts(pk)) == sorted(f"Question {n}" for n in range(len(ids)))
    assert sum(stands(pk)["message_count"] for pk in shown) == len(ids)


def test_undoing_a_merge_deep_down_settles_what_it_had_opened_and_nothing_else(
    ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    settled, asking, head = (ask(ada.pk, mailbox, text) for text in ("settled", "asking", "head"))
    states.resolve(settled.pk, by=ines.actor)
    first = merging.merge(settled.pk, asking.pk, by=ines.actor)
    second = merging.merge(head.pk, settled.pk, by=ines.actor)
    merging.undo(first.pk, by=ines.actor)
    assert (stands(head.pk)["status"], stands(asking.pk)["status"]) == ("open", "open")
    merging.undo(second.pk, by=ines.actor)
    assert (stands(head.pk)["status"], stands(settled.pk)["status"]) == ("open", "resolved")

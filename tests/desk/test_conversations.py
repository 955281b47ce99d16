"""Conversations: whose turn it is, who may see them, and what goes on record."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent, AuditEntry
from regulars.channels.models import Delivery
from regulars.customers.actions import exports
from regulars.customers.errors import PartlyHidden
from regulars.customers.models import Customer
from regulars.desk.actions import assignments, conversations, drafts, labels, letting_go, messages, spam, states, unseen
from regulars.desk.actions.messages import Written
from regulars.desk.errors import (
    AlreadyResolved,
    NoSuchAgent,
    NoSuchConversation,
    NothingWritten,
    NotYours,
    SnoozeInThePast,
    TooLateToUndo,
    UnseenMessage,
)
from regulars.desk.models import Conversation, Draft, Message, Step, Watch
from regulars.desk.selectors.visible import visible_to
from regulars.kernel import clock, people
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.models import Change, Fact
from regulars.web.desk.step_words import Names, grouped
from tests.desk.cast import make_agent

pytestmark = pytest.mark.django_db


def again(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def last_seen(conversation: Conversation) -> int:
    return Message.objects.filter(conversation=conversation).order_by("-pk").values_list("pk", flat=True)[0]


def facts_of(conversation: Conversation) -> list[str]:
    mine = Fact.objects.filter(properties__conversation_id=conversation.pk)
    return list(mine.order_by("epoch", "tx", "id").values_list("name", flat=True))


def test_a_customers_question_is_our_turn_and_waits_since_it_came(question: Conversation) -> None:
    said = Message.objects.get(conversation=question)
    assert (question.status, question.waiting_since, question.message_count) == ("open", said.at, 1)
    assert (question.preview, question.last_author) == ("Where is my order?", "customer")
    assert facts_of(question) == ["conversation started", "message received"]
    assert Change.objects.filter(topic="conversation", subject_id=question.pk).count() == 2


def test_a_reply_makes_it_the_customers_turn_and_the_agents_conversation(question: Conversation, ines: Agent) -> None:
    reply = messages.reply(question.pk, Written(text="On its way."), by=ines.actor, seen=last_seen(question))
    now = again(question)
    assert (now.status, now.waiting_since, now.assignee_id, now.last_author) == ("waiting", None, ines.pk, "agent")
    assert reply.state == "queued"
    assert reply.due_at == reply.at + timedelta(seconds=10)


def test_a_list_shows_our_words_without_the_marks_we_write_with_and_a_customers_as_they_typed_it(
    question: Conversation, ines: Agent, ada: Customer
) -> None:
    marked = "It comes **today**, *surely*, by `DHL`: [follow it](https://dhl.example/1) or https://dhl.example/2"
    reply = messages.reply(question.pk, Written(text=marked), by=ines.actor)
    words = "It comes today, surely, by DHL: follow it or https://dhl.example/2"
    assert again(question).preview == words
    messages.receive(question.pk, Written(text="I said **today**!"), by=Actor("customer", ada.pk))
    assert again(question).preview == "I said **today**!"
    assert reply.text == marked


def test_a_reply_leaves_once_when_it_cannot_be_taken_back_any_more(question: Conversation, ines: Agent) -> None:
    reply = messages.reply(question.pk, Written(text="On its way."), by=ines.actor)
    assert letting_go.let_go(reply.pk) is None
    assert reply.due_at
    with clock.frozen(reply.due_at):
        left = letting_go.let_go(reply.pk)
        assert left is not None
        assert left.state == "leaving"
        assert letting_go.let_go(reply.pk) is None
    delivery = Delivery.objects.get()
    assert (delivery.about, delivery.state, delivery.letter["text"]) == (f"message:{reply.pk}", "queued", "On its way.")
    assert delivery.letter["to"] == [{"name": "Ada Moreno", "address": "ada@example.com"}]
    assert facts_of(question).count("reply sent") == 1


def test_a_reply_is_stopped_while_somebody_elses_message_is_unseen(
    question: Conversation, ines: Agent, bo: Agent
) -> None:
    seen = last_seen(question)
    messages.note(question.pk, Written(text="I called her."), by=bo.actor)
    with pytest.raises(UnseenMessage):
        messages.reply(question.pk, Written(text="On its way."), by=ines.actor, seen=seen)
    assert again(question).status == "open"
    assert Message.objects.filter(author_kind="agent", kind="message").count() == 0
    messages.reply(question.pk, Written(text="On its way."), by=ines.actor, seen=last_seen(question))
    assert again(question).status == "waiting"


def test_what_the_writer_wrote_meanwhile_does_not_stop_them(question: Conversation, ines: Agent) -> None:
    seen = last_seen(question)
    messages.note(question.pk, Written(text="Looking."), by=ines.actor)
    assert messages.reply(question.pk, Written(text="On its way."), by=ines.actor, seen=seen).pk


def test_writing_twice_with_one_key_is_writing_once(question: Conversation, ines: Agent) -> None:
    written = Written(text="On its way.", key="k-1")
    first = messages.reply(question.pk, written, by=ines.actor)
    assert messages.reply(question.pk, written, by=ines.actor).pk == first.pk
    assert again(question).message_count == 2


def test_a_reply_taken_back_leaves_everything_as_it_stood_and_becomes_the_draft(
    question: Conversation, ines: Agent
) -> None:
    reply = messages.reply(question.pk, Written(text="On its way."), by=ines.actor, then="resolved")
    assert again(question).status == "resolved"
    messages.take_back(reply.pk, by=ines.actor)
    now = again(question)
    assert (now.status, now.waiting_since, now.assignee_id) == ("open", question.waiting_since, None)
    assert (now.preview, now.message_count) == ("Where is my order?", 1)
    assert Draft.objects.get(agent=ines).text == "On its way."
    assert reply.due_at
    with clock.frozen(reply.due_at):
        assert letting_go.let_go(reply.pk) is None
    assert "reply sent" not in facts_of(question)


def test_nobody_takes_back_what_another_wrote_or_what_has_left(question: Conversation, ines: Agent, bo: Agent) -> None:
    reply = messages.reply(question.pk, Written(text="On its way."), by=ines.actor)
    with pytest.raises(NotYours):
        messages.take_back(reply.pk, by=bo.actor)
    assert reply.due_at
    with clock.frozen(reply.due_at):
        letting_go.let_go(reply.pk)
    with pytest.raises(TooLateToUndo):
        messages.take_back(reply.pk, by=ines.actor)
    assert again(question).status == "waiting"


def test_a_customers_next_message_brings_back_what_was_waiting_snoozed_or_resolved(
    question: Conversation, ada: Customer, ines: Agent
) -> None:
    by = Actor("customer", ada.pk)
    states.wait(question.pk, by=ines.actor)
    messages.receive(question.pk, Written(text="And now?"), by=by)
    assert again(question).status == "open"
    states.snooze(question.pk, until=clock.now() + timedelta(days=2), by=ines.actor)
    messages.receive(question.pk, Written(text="Hello?"), by=by)
    assert (again(question).status, again(question).snoozed_until) == ("open", None)
    states.resolve(question.pk, by=ines.actor)
    messages.receive(question.pk, Written(text="Still nothing."), by=by)
    assert (again(question).status, again(question).resolved_at) == ("open", None)
    assert "conversation reopened" in facts_of(question)


def test_what_a_machine_wrote_changes_nobodys_turn(question: Conversation, ada: Customer, ines: Agent) -> None:
    states.resolve(question.pk, by=ines.actor)
    away = Written(text="I am away until Monday.", is_automatic=True, automatic_reason="auto-submitted")
    messages.receive(question.pk, away, by=Actor("customer", ada.pk))
    now = again(question)
    assert (now.status, now.waiting_since, now.preview) == ("resolved", None, "Where is my order?")


def test_the_second_to_resolve_is_told(question: Conversation, ines: Agent, bo: Agent) -> None:
    states.resolve(question.pk, by=ines.actor)
    with pytest.raises(AlreadyResolved):
        states.resolve(question.pk, by=bo.actor)
    assert again(question).resolved_by == f"agent:{ines.pk}"
    assert facts_of(question).count("conversation resolved") == 1


def test_a_snoozed_conversation_comes_back_when_its_time_has_come_and_not_before(
    question: Conversation, ines: Agent
) -> None:
    until = clock.now() + timedelta(hours=3)
    states.snooze(question.pk, until=until, by=ines.actor)
    assert states.wake(question.pk) is False
    with clock.frozen(until):
        assert states.wake(question.pk) is True
        assert states.wake(question.pk) is False
    assert again(question).status == "open"
    with pytest.raises(SnoozeInThePast):
        states.snooze(question.pk, until=clock.now() - timedelta(seconds=1), by=ines.actor)
    assert again(question).status == "open"


def test_an_agent_does_not_see_a_closed_teams_conversations_unless_they_are_in_it_or_have_it(
    question: Conversation, ines: Agent, bo: Agent
) -> None:
    closed = teams.create("Complaints", by=SYSTEM, is_open=False, agent_ids=[bo.pk])
    assignments.to_team(question.pk, closed.pk, by=SYSTEM)
    assert not visible_to(ines.actor).exists()
    assert visible_to(bo.actor).exists()
    with pytest.raises(NoSuchConversation):
        messages.reply(question.pk, Written(text="Hi"), by=ines.actor)
    assert Message.objects.count() == 1
    assignments.to_agent(question.pk, ines.pk, by=bo.actor)
    assert visible_to(ines.actor).exists()


def test_an_analyst_sees_no_conversation_and_a_customer_only_their_own(
    question: Conversation, ada: Customer, musa: Customer
) -> None:
    from tests.desk.cast import make_agent

    assert not visible_to(make_agent("Ana", role="analyst").actor).exists()
    assert visible_to(Actor("customer", ada.pk)).exists()
    assert not visible_to(Actor("customer", musa.pk)).exists()


def test_a_conversation_is_given_only_to_somebody_who_may_answer(question: Conversation, ines: Agent) -> None:
    from tests.desk.cast import make_agent

    with pytest.raises(NoSuchAgent):
        assignments.to_agent(question.pk, make_agent("Ana", role="analyst").pk, by=ines.actor)
    assert again(question).assignee_id is None
    assert not Step.objects.filter(verb="assigned").exists()


def test_labels_priority_subject_and_kind_go_on_record_once(question: Conversation, ines: Agent) -> None:
    first = labels.put(question.pk, "Shipping", by=ines.actor)
    assert labels.put(question.pk, "shipping ", by=ines.actor).pk == first.pk
    labels.take_off(question.pk, first.pk, by=ines.actor)
    conversations.prioritise(question.pk, 1, by=ines.actor)
    conversations.prioritise(question.pk, 1, by=ines.actor)
    conversations.rename(question.pk, "Order\n 77", by=ines.actor)
    conversations.change_kind(question.pk, "account", by=ines.actor)
    now = again(question)
    assert (now.priority, now.subject, now.kind, now.labels.count()) == (1, "Order 77", "account", 0)
    verbs = list(Step.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["started", "labelled", "unlabelled", "prioritised", "changed", "changed"]


def test_spam_leaves_and_comes_back_as_our_turn(question: Conversation, ines: Agent) -> None:
    states.resolve(question.pk, by=ines.actor)
    spam.mark(question.pk, by=ines.actor)
    assert again(question).is_spam
    spam.unmark(question.pk, by=ines.actor)
    assert (again(question).is_spam, again(question).status) == (False, "open")


def test_a_note_tells_those_it_names_and_changes_nobodys_turn(question: Conversation, ines: Agent, bo: Agent) -> None:
    messages.note(question.pk, Written(text="@Bo what do you think?"), by=ines.actor, mentioned=[bo.pk])
    assert Watch.objects.get().agent_id == bo.pk
    now = again(question)
    assert (now.status, now.waiting_since) == ("open", question.waiting_since)


def test_who_watches_is_on_record_once_and_moves_nothing_in_the_list(
    question: Conversation, ines: Agent, bo: Agent
) -> None:
    before = again(question)
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        for _ in range(2):
            unseen.start_watching(question.pk, by=ines.actor)
            unseen.let_watch(question.pk, agent_id=bo.pk, by=ines.actor)
        for _ in range(2):
            unseen.forget_watcher(question.pk, agent_id=bo.pk, by=ines.actor)
            unseen.stop_watching(question.pk, by=ines.actor)
    steps = list(Step.objects.filter(verb__in=("watched", "unwatched")).order_by("pk"))
    done = [(step.verb, step.details["agent"]) for step in steps]
    assert done == [("watched", ines.pk), ("watched", bo.pk), ("unwatched", bo.pk), ("unwatched", ines.pk)]
    facts = Fact.objects.filter(name__endswith="watched").order_by("tx", "id")
    said = [(fact.name, fact.properties["watcher"], fact.properties["by"]) for fact in facts]
    assert said == [(f"conversation {verb}", agent, str(ines.actor)) for verb, agent in done]
    names = Names({ines.pk: "Ines", bo.pk: "Bo"}, {})
    assert [each.sentences for each in grouped(steps, names)] == [
        ["Ines watches it", "Ines lets Bo watch it", "Ines lets Bo watch it no more", "Ines watches it no more"]
    ]
    now = again(question)
    assert (now.last_at, now.status, now.waiting_since) == (before.last_at, before.status, before.waiting_since)


def test_nobody_is_made_to_watch_what_they_may_not_see(question: Conversation, ines: Agent, bo: Agent) -> None:
    closed = teams.create("Complaints", by=SYSTEM, is_open=False, agent_ids=[ines.pk])
    assignments.to_team(question.pk, closed.pk, by=SYSTEM)
    with pytest.raises(NoSuchAgent):
        unseen.let_watch(question.pk, agent_id=bo.pk, by=ines.actor)
    assert not Watch.objects.exists()


def test_a_draft_is_kept_for_each_agent_and_goes_when_it_is_sent(
    question: Conversation, ines: Agent, bo: Agent
) -> None:
    drafts.save(question.pk, by=ines.actor, text="Dear Ada")
    drafts.save(question.pk, by=bo.actor, text="Hello")
    drafts.save(question.pk, by=bo.actor, text="  ")
    assert [(draft.agent_id, draft.text) for draft in Draft.objects.all()] == [(ines.pk, "Dear Ada")]
    with pytest.raises(NothingWritten):
        messages.reply(question.pk, Written(text="  "), by=ines.actor)
    assert Draft.objects.count() == 1
    messages.reply(question.pk, Written(text="Dear Ada, it left today."), by=ines.actor)
    assert Draft.objects.count() == 0


def test_who_may_not_see_a_conversation_takes_no_export_of_its_customer(
    question: Conversation, ines: Agent, bo: Agent
) -> None:
    closed = teams.create("Quiet", by=SYSTEM, agent_ids=[bo.pk], is_open=False)
    assignments.to_team(question.pk, closed.pk, by=SYSTEM)
    with pytest.raises(PartlyHidden):
        exports.export(question.customer_id, by=ines.actor)
    assert not AuditEntry.objects.filter(verb="customer exported").exists()
    for by in (bo.actor, make_agent("Eva", role="manager").actor):  # who runs the desk may export all there is
        assert exports.export(question.customer_id, by=by).file_name


def test_an_answer_puts_nothing_aside_until_a_moment_that_is_over(question: Conversation, ines: Agent) -> None:
    nobodys_day = datetime.fromisoformat("0001-01-01T00:00+14:00")  # the year before the first: no page could show it
    for over in (clock.now(), nobodys_day):
        with pytest.raises(SnoozeInThePast):
            messages.reply(question.pk, Written(text="On its way."), by=ines.actor, then="snoozed", until=over)
    assert (again(question).status, Message.objects.count()) == ("open", 1)


def test_a_later_reply_leaves_at_its_time(question: Conversation, ines: Agent) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    reply = messages.reply(question.pk, Written(text="Good morning."), by=ines.actor, due_at=tomorrow)
    assert (reply.due_at, reply.at) == (tomorrow, tomorrow)
    with clock.frozen(tomorrow - timedelta(seconds=1)):
        assert letting_go.let_go(reply.pk) is None
    with clock.frozen(tomorrow):
        assert letting_go.let_go(reply.pk) is not None


def test_the_table_itself_refuses_a_snooze_without_an_end(question: Conversation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.filter(pk=question.pk).update(status="snoozed")
    assert again(question).status == "open"


def test_erasing_a_customer_takes_their_conversations_and_nobody_elses(
    question: Conversation, ada: Customer, musa: Customer, ines: Agent
) -> None:
    from tests.desk.cast import ask

    other = ask(musa.pk, question.channel)
    messages.note(question.pk, Written(text="Ada called."), by=ines.actor)
    drafts.save(question.pk, by=ines.actor, text="Dear Ada")
    keeper = next(keeper for keeper in people.keepers() if keeper.name == "desk")
    with transaction.atomic():
        assert keeper.erase([ada.pk]) > 0
        assert keeper.erase([ada.pk]) == 0
    assert [conversation.pk for conversation in Conversation.objects.all()] == [other.pk]
    assert set(Message.objects.values_list("conversation_id", flat=True)) == {other.pk}
    assert not Draft.objects.exists()

"""A macro says and does in one go what is needed again and again, once, and is taken back in one go."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.channels.actions import suppression
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.actions import (
    assignments,
    bulk,
    deeds,
    drafts,
    field_definitions,
    fields,
    labels,
    letting_go,
    macro_using,
    macros,
    messages,
    rules,
    spam,
    states,
    unseen,
)
from regulars.desk.actions.messages import Written
from regulars.desk.errors import (
    CannotBeUndone,
    FieldsMissing,
    FieldValueNotUsable,
    MacroNotUsable,
    NoSuchDeed,
    NoSuchMacro,
    NothingWritten,
    RuleNotUsable,
    TooLong,
    TooManyToAnswer,
    UnseenMessage,
)
from regulars.desk.models import Conversation, Draft, Macro, Message, Step, Watch
from regulars.desk.selectors import wording
from regulars.kernel import clock, page_settings
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.models import Fact
from tests.desk.cast import ask, make_agent

pytestmark = pytest.mark.django_db


def deed(name: str, value: str = "") -> dict[str, str]:
    return {"deed": name, "value": value}


@pytest.fixture
def reason(db: None) -> Any:
    choices = [{"label": "Damaged"}, {"label": "Late"}]
    return field_definitions.define("Reason", "choice", choices=choices, is_required=True, by=SYSTEM)


@pytest.fixture
def damaged(reason: Any, ines: Agent, bo: Agent) -> Macro:
    """A macro that does one of nearly everything."""
    done = [
        deed("resolve"),
        deed("label", "Refund"),
        deed("priority", "2"),
        deed("field", "reason=damaged"),
        deed("assign", str(bo.pk)),
        deed("kind", "account"),
        deed("watch"),
    ]
    return macros.write("Damaged", "", done=done, by=ines.actor)


def standing(held: Conversation) -> dict[str, Any]:
    held = Conversation.objects.get(pk=held.pk)
    names = ("status", "priority", "kind", "assignee_id", "team_id", "fields", "waiting_since", "resolved_at")
    return {name: getattr(held, name) for name in names} | {
        "labels": [label.name for label in held.labels.all()],
        "watches": Watch.objects.filter(conversation=held).count(),
    }


def test_a_macro_without_a_text_is_done_at_once_and_taken_back_at_once(
    question: Conversation, damaged: Macro, ines: Agent, bo: Agent
) -> None:
    before = standing(question)
    batch = macro_using.use(question.pk, damaged.pk, key="k-1", by=ines.actor)
    after = standing(question)
    assert (after["status"], after["priority"], after["kind"], after["assignee_id"]) == (
        "resolved",
        2,
        "account",
        bo.pk,
    )
    assert (after["fields"], after["labels"], after["watches"]) == ({"reason": "damaged"}, ["Refund"], 1)
    assert {step.batch for step in Step.objects.exclude(verb="started")} == {batch}
    fact = Fact.objects.get(name="macro used")
    assert (fact.properties["macro"], fact.properties["called"]) == (damaged.pk, "Damaged")
    macro_using.undo(question.pk, batch, by=ines.actor)
    assert standing(question) == before
    with pytest.raises(CannotBeUndone):
        macro_using.undo(question.pk, batch, by=ines.actor)


def test_the_same_key_does_it_once(question: Conversation, damaged: Macro, ines: Agent) -> None:
    batches = [macro_using.use(question.pk, damaged.pk, key="k-1", by=ines.actor) for _ in range(3)]
    damaged.refresh_from_db()
    assert (len(set(batches)), damaged.used_count, Step.objects.filter(verb="used a macro").count()) == (1, 1, 1)
    assert damaged.used_at is not None


def test_what_cannot_be_done_undoes_the_rest(question: Conversation, damaged: Macro, ines: Agent) -> None:
    field_definitions.define("Order", "short text", is_required=True, by=SYSTEM)
    before, steps = standing(question), Step.objects.count()
    with pytest.raises(FieldsMissing):
        macro_using.use(question.pk, damaged.pk, key="k-1", by=ines.actor)
    damaged.refresh_from_db()
    assert (standing(question), Step.objects.count(), damaged.used_count) == (before, steps, 0)


def test_only_who_did_it_takes_it_back_and_only_what_nobody_changed(
    question: Conversation, damaged: Macro, ines: Agent, bo: Agent
) -> None:
    batch = macro_using.use(question.pk, damaged.pk, key="k-1", by=ines.actor)
    with pytest.raises(CannotBeUndone):
        macro_using.undo(question.pk, batch, by=bo.actor)
    fields.write(question.pk, "reason", "late", by=bo.actor)
    after = standing(question)
    with pytest.raises(CannotBeUndone):
        macro_using.undo(question.pk, batch, by=ines.actor)
    assert standing(question) == after


def reply(held: Conversation, macro: Macro, ines: Agent, **more: Any) -> Message:
    written = Written(text="We are sorry.", key=more.pop("key", "agent:1:k"))
    given = {"done": macro.deeds, "macro_id": macro.pk, "by": ines.actor, **more}
    return macro_using.reply(held.pk, written, **given)


def test_a_reply_and_what_its_macro_does_go_together_and_come_back_together(
    question: Conversation, damaged: Macro, ines: Agent, bo: Agent
) -> None:
    before = standing(question)
    sent = reply(question, damaged, ines)
    assert reply(question, damaged, ines) == sent
    after = standing(question)
    assert (after["status"], after["assignee_id"], after["fields"]) == ("resolved", bo.pk, {"reason": "damaged"})
    assert {step.batch for step in Step.objects.exclude(verb="started")} == {f"macro:{ines.actor}:agent:1:k"}
    damaged.refresh_from_db()
    assert (damaged.used_count, Message.objects.filter(author_kind="agent").count()) == (1, 1)
    messages.take_back(sent.pk, by=ines.actor)
    assert standing(question) == before
    assert Draft.objects.get().doing == {"macro": damaged.pk, "deeds": damaged.deeds}


def test_what_is_chosen_beside_sending_goes_before_what_the_macro_says(
    question: Conversation, damaged: Macro, ines: Agent
) -> None:
    reply(question, damaged, ines, then="open")
    assert standing(question)["status"] == "open"


def test_actions_taken_out_are_not_done(question: Conversation, damaged: Macro, ines: Agent) -> None:
    reply(question, damaged, ines, done=[deed("label", "Refund")])
    after = standing(question)
    assert (after["status"], after["labels"], after["priority"], after["fields"]) == ("waiting", ["Refund"], 3, {})


def test_a_stopped_reply_does_nothing_of_its_macro(question: Conversation, damaged: Macro, ines: Agent) -> None:
    before, steps = standing(question), Step.objects.count()
    with pytest.raises(UnseenMessage):
        reply(question, damaged, ines, seen=0)
    with pytest.raises(MacroNotUsable):
        reply(question, damaged, ines, done=[deed("spam")])
    assert (standing(question), Step.objects.count(), Message.objects.count()) == (before, steps, 1)


def test_an_answer_can_be_given_to_nobody_and_put_aside(question: Conversation, ines: Agent) -> None:
    page_settings.change("time_zone", "Europe/Madrid", by=SYSTEM)
    nobody = macros.write("Later", "x", done=[deed("assign", ""), deed("snooze_for", "2d")], by=ines.actor)
    with clock.frozen(datetime(2026, 3, 2, 22, 30, tzinfo=UTC)):
        sent = reply(question, nobody, ines)
        held = Conversation.objects.get()
        assert (held.assignee_id, held.status) == (None, "snoozed")
        assert held.snoozed_until == datetime(2026, 3, 4, 8, tzinfo=UTC)
        messages.take_back(sent.pk, by=ines.actor)
    assert (Conversation.objects.get().assignee_id, Conversation.objects.get().status) == (None, "open")


def test_a_note_and_what_its_macro_does_go_together(question: Conversation, damaged: Macro, ines: Agent) -> None:
    written = Written(text="Checked with the depot.", key="agent:1:n")
    for _again in range(2):
        macro_using.note(question.pk, written, done=damaged.deeds, macro_id=damaged.pk, by=ines.actor)
    assert Message.objects.filter(kind="note").count() == 1
    assert standing(question)["status"] == "resolved"
    damaged.refresh_from_db()
    assert damaged.used_count == 1


def test_me_is_whoever_uses_it(question: Conversation, ines: Agent, bo: Agent) -> None:
    mine = macros.write("Mine", "", done=[deed("assign", "me")], by=ines.actor)
    macro_using.use(question.pk, mine.pk, key="k", by=bo.actor)
    assert Conversation.objects.get().assignee_id == bo.pk


def test_a_macro_is_for_everybody_a_team_or_oneself(ines: Agent, bo: Agent) -> None:
    team = teams.create("Returns", by=SYSTEM, agent_ids=[bo.pk])
    olga = make_agent("Olga", role="manager")
    everybodys = macros.write("All", "text", by=ines.actor)
    own = macros.write("Own", "text", by=ines.actor, is_shared=False)
    theirs = macros.write("Team", "text", by=olga.actor, team_id=team.pk)
    seen = {who.name: [macro.pk for macro in wording.macros(by=who.actor)] for who in (ines, bo, olga)}
    assert seen == {"Ines": [everybodys.pk, own.pk], "Bo": [everybodys.pk, theirs.pk], "Olga": [everybodys.pk]}
    assert [macro.pk for macro in wording.found("", by=olga.actor, sort="name")] == [everybodys.pk, theirs.pk]
    for stranger, macro in ((bo, own), (ines, theirs), (olga, own)):
        with pytest.raises(NoSuchMacro):
            macros.write("Taken", "text", macro_id=macro.pk, by=stranger.actor)
    macros.retire(everybodys.pk, is_retired=True, by=bo.actor)
    assert wording.macros(by=ines.actor) == [own]
    copied = macros.copy(everybodys.pk, name="All (copy)", by=bo.actor)
    assert (copied.agent_id, copied.text, copied.used_count) == (bo.pk, "text", 0)


@pytest.mark.parametrize(
    ("done", "refusal"),
    [
        ([deed("spam")], MacroNotUsable),
        ([deed("explode")], MacroNotUsable),
        ([deed("field", "reason=tiny")], FieldValueNotUsable),
        ([], MacroNotUsable),
        ([deed("resolve")] * 21, MacroNotUsable),
    ],
)
def test_what_a_macro_could_not_do_is_not_kept(
    reason: Any, ines: Agent, done: list[dict[str, str]], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        macros.write("Odd", "", done=done, by=ines.actor)
    assert Macro.objects.count() == 0


def test_many_are_done_at_once_and_those_that_cannot_are_left_with_the_reason(
    ada: Customer, mailbox: Channel, reason: Any, ines: Agent
) -> None:
    three = [ask(ada.pk, mailbox, f"Question {number}") for number in range(3)]
    fields.write(three[0].pk, "reason", "late", by=ines.actor)
    done = bulk.begin("resolve", ids=[held.pk for held in three], by=ines.actor)
    assert (done.total, done.changed, done.refused) == (3, 1, 2)
    assert done.refusals == {"Fill in before resolving: Reason. Nothing was changed.": 2}
    assert [standing(held)["status"] for held in three] == ["resolved", "open", "open"]
    filled = bulk.begin("field", "reason=damaged", ids=[held.pk for held in three], by=ines.actor)
    assert (filled.changed, filled.told) == (3, "Reason: Damaged")
    bulk.undo(filled.pk, by=ines.actor)
    assert [standing(held)["fields"] for held in three] == [{"reason": "late"}, {}, {}]


def test_a_macro_is_done_in_many_and_taken_back_in_all(
    ada: Customer, mailbox: Channel, damaged: Macro, ines: Agent
) -> None:
    two = [ask(ada.pk, mailbox, f"Question {number}") for number in range(2)]
    before = [standing(held) for held in two]
    done = bulk.begin("macro", str(damaged.pk), ids=[held.pk for held in two], by=ines.actor)
    damaged.refresh_from_db()
    assert (done.told, done.changed, damaged.used_count) == ("Damaged", 2, 2)
    assert [standing(held)["status"] for held in two] == ["resolved", "resolved"]
    undone = bulk.undo(done.pk, by=ines.actor)
    assert (undone.undone, undone.not_undone) == (2, 0)
    assert [standing(held) for held in two] == before
    text = macros.write("Text", "only", by=ines.actor)
    for unusable, refusal in ((str(text.pk), MacroNotUsable), ("999", NoSuchMacro), ("x", NoSuchMacro)):
        with pytest.raises(refusal):
            bulk.begin("macro", unusable, ids=[two[0].pk], by=ines.actor)


def test_one_answer_goes_to_many_where_nothing_speaks_against_it_and_comes_back_from_all(
    ada: Customer, mailbox: Channel, ines: Agent, bo: Agent
) -> None:
    held = [ask(ada.pk, mailbox, f"Question {number}") for number in range(6)]
    macro = macros.write("Late", "Dear {{customer.first_name}}, it is late.", done=[deed("label", "Late")], by=SYSTEM)
    looked_at = clock.now().isoformat()
    drafts.save(held[1].pk, by=ines.actor, text="I will look into it.")
    messages.receive(held[2].pk, Written(text="Hello?"), by=Actor("customer", ada.pk))
    spam.mark(held[3].pk, by=ines.actor)
    before = [standing(one) for one in held]
    ids = [one.pk for one in held]
    done = bulk.answer(str(macro.pk), ids=ids, looked_at=looked_at, by=ines.actor)
    assert (done.total, done.changed, done.refused, done.told) == (6, 3, 3, "Late")
    assert done.refusals == {
        "You have begun an answer there.": 1, "Something was said there since you looked.": 1, "It is spam.": 1,
    }  # fmt: skip
    sent = list(Message.objects.filter(author_kind="agent").order_by("pk"))
    assert [each.text for each in sent] == ["Dear Ada, it is late."] * 3
    assert {each.conversation_id for each in sent} == {held[0].pk, held[4].pk, held[5].pk}
    assert all(each.state == "queued" and each.due_at > clock.now() + timedelta(seconds=50) for each in sent)
    assert sent[0].recipients["to"][0]["address"] == "ada@example.com"
    assert [standing(held[0])[name] for name in ("status", "labels")] == ["waiting", ["Late"]]
    bulk.run(done.pk, by=ines.actor)
    assert Message.objects.filter(author_kind="agent").count() == 3
    with clock.frozen(sent[0].due_at):
        letting_go.let_go(sent[0].pk)
    undone = bulk.undo(done.pk, by=ines.actor)
    assert (undone.undone, undone.not_undone) == (2, 1)
    assert [standing(one) for one in held[1:]] == before[1:]
    assert list(Draft.objects.values_list("conversation", flat=True)) == [held[1].pk]


def test_an_answer_to_many_is_over_after_a_minute_and_never_says_what_is_not_known(
    ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    held, looked_at = ask(ada.pk, mailbox), clock.now().isoformat()
    order = macros.write("Order", "About {{order.number}}.", by=SYSTEM)
    done = bulk.answer(str(order.pk), ids=[held.pk], looked_at=looked_at, by=ines.actor)
    assert (done.changed, done.refusals) == (0, {"Not known there: order.number.": 1})
    note = macros.write("Note", "Between us.", is_note=True, by=SYSTEM)
    plain = macros.write("Plain", "It is late.", by=SYSTEM)
    for macro, ids, error in (
        (note.pk, [held.pk], MacroNotUsable), ("x", [held.pk], NoSuchMacro), (plain.pk, range(1, 202), TooManyToAnswer),
    ):  # fmt: skip
        with pytest.raises(error):
            bulk.answer(str(macro), ids=list(ids), looked_at=looked_at, by=ines.actor)
    assert not Message.objects.filter(author_kind="agent").exists()
    done = bulk.answer(str(plain.pk), ids=[held.pk], looked_at=looked_at, by=ines.actor)
    with clock.frozen(clock.now() + timedelta(seconds=61)), pytest.raises(CannotBeUndone):
        bulk.undo(done.pk, by=ines.actor)


def test_one_answer_is_written_for_many_and_each_refusal_has_its_reason(
    ada: Customer, musa: Customer, mailbox: Channel, ines: Agent
) -> None:
    ours, theirs = ask(ada.pk, mailbox), ask(musa.pk, mailbox)
    text, looked_at = " Dear {{customer.first_name|friend}},\r\nit is late. ", clock.now().isoformat()
    suppression.suppress("musa@example.com", reason="No such user")
    done = bulk.answer(text=text, ids=[ours.pk, theirs.pk], looked_at=looked_at, by=ines.actor)
    assert (done.changed, done.told) == (1, "Dear friend, it is late.")
    assert done.refusals == {"Nothing is sent to this address any more: mail to it came back.": 1}
    assert Message.objects.get(author_kind="agent").text == "Dear Ada,\nit is late."
    assert bulk.undo(done.pk, by=ines.actor).undone == 1
    assert not Message.objects.filter(author_kind="agent", removed_at=None).exists()
    for unusable, error in (("", NothingWritten), ("x" * 20_001, TooLong)):
        with pytest.raises(error):
            bulk.answer(text=unusable, ids=[ours.pk], looked_at=looked_at, by=ines.actor)


def test_a_rule_is_nobodys_me_and_knows_no_macro(question: Conversation) -> None:
    for forbidden in (deed("assign", "me"), deed("watch")):
        with pytest.raises(RuleNotUsable):
            rules.write("Odd", triggers=["started"], tree={}, done=[forbidden], by=SYSTEM)
    with pytest.raises(NoSuchDeed):
        deeds.read("macro", "1")


def test_undo_leaves_a_watch_that_was_there_before(question: Conversation, damaged: Macro, ines: Agent) -> None:
    unseen.start_watching(question.pk, by=ines.actor)
    labels.put(question.pk, "Refund", by=ines.actor)
    assignments.to_agent(question.pk, ines.pk, by=ines.actor)
    states.wait(question.pk, by=ines.actor)
    before = standing(question)
    sent = reply(question, damaged, ines)
    messages.take_back(sent.pk, by=ines.actor)
    assert standing(question) == before

"""Side conversations: somebody else is asked by mail, and the customer's conversation knows nothing of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.channels.actions import setting_up
from regulars.channels.email import marks
from regulars.channels.events import DeliveryReturned
from regulars.channels.models import Channel, Delivery, Incoming, SuppressedAddress
from regulars.customers.actions import erasures
from regulars.customers.models import Customer
from regulars.desk import episodes, handlers, verbs
from regulars.desk.actions import (
    assignments,
    indexing,
    merging,
    messages,
    outcomes,
    side,
    side_mail,
    splitting,
    states,
)  # fmt: skip
from regulars.desk.actions.messages import File, Written
from regulars.desk.errors import (
    AsksOurselves,
    AsksTheCustomer,
    NobodyToAsk,
    NoMailbox,
    NoSuchConversation,
    NoSuchFile,
    NoSuchMessage,
    NoSuchSide,
    NothingWritten,
    NotYours,
    TooLateToUndo,
)  # fmt: skip
from regulars.desk.models import (
    Attachment,
    Conversation,
    Draft,
    Message,
    SideConversation,
    SideFile,
    SideMessage,
    Step,
    Watch,
)  # fmt: skip
from regulars.desk.people import erase, export
from regulars.desk.selectors import listing, searching, threads, told
from regulars.desk.selectors import side as sides
from regulars.desk.selectors.views import BUILT_IN
from regulars.kernel import clock, files
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.models import Fact
from tests.customers.cast import make_customer
from tests.desk.beside import CARRIER, TO_CARRIER, address_of, as_mail, ask_carrier, leave
from tests.desk.cast import ask, make_agent, make_mailbox
from tests.desk.post import deliver, mail
from tests.desk.test_bounces import report

pytestmark = pytest.mark.django_db


def answer(asked: SideMessage, text: str = "It is in Leipzig.", **options: Any) -> bytes:
    return mail(text, **{"author": CARRIER, "to": address_of(asked), "subject": "Re: Parcel 7", **options})


def texts(asked: SideMessage) -> list[str]:
    found = sides.side(asked.side_id, by=SYSTEM)
    return [turn.message.text for turn in sides.turns(found)]


def row(question: Conversation) -> dict[str, Any]:
    """Everything that is kept of a conversation but what there is of side conversations."""
    kept = Conversation.objects.filter(pk=question.pk).values().get()
    return {name: value for name, value in kept.items() if not name.startswith("side_")}


def marks_on(question: Conversation) -> tuple[int, int]:
    return Conversation.objects.values_list("side_count", "side_unread").get(pk=question.pk)


@pytest.fixture
def asked(question: Conversation, ines: Agent) -> SideMessage:
    """Ines has Ada's question, and asked the carrier."""
    assignments.to_agent(question.pk, ines.pk, by=ines.actor)
    return ask_carrier(question, ines)


def test_a_question_to_somebody_else_leaves_as_a_mail_of_its_own(asked: SideMessage, mailbox: Channel) -> None:
    made = as_mail(asked)
    assert (made["To"], made["Subject"]) == ("Parcel Express <Depot@carrier.example>", "Parcel 7")
    assert address_of(asked) in made["Reply-To"] and made["Message-ID"] == f"<{asked.external_id}>"
    assert made["In-Reply-To"] is None and "Where is my order?" not in made.as_string()
    assert asked.external_id.startswith(f"s{asked.side_id}.") and asked.state == "leaving"
    assert side_mail.let_go(asked.pk) is None and Delivery.objects.count() == 1


def test_an_answer_comes_back_beside_and_nowhere_else(
    question: Conversation, asked: SideMessage, mailbox: Channel
) -> None:
    before = row(question), Message.objects.count(), Customer.objects.count()
    came = deliver(answer(asked), mailbox)
    assert came.state == "placed"
    assert texts(asked) == ["Where is parcel 7?", "It is in Leipzig."]
    assert (row(question), Message.objects.count(), Customer.objects.count()) == before
    assert marks_on(question) == (1, 1)
    said = SideMessage.objects.get(incoming_id=came.pk)
    assert (said.author_kind, said.author_name, said.author_address) == (
        "outside", "Parcel Express", "depot@carrier.example",
    )  # fmt: skip


def test_nothing_the_customer_sees_knows_of_it(question: Conversation, asked: SideMessage, mailbox: Channel) -> None:
    deliver(answer(asked, files={"map.pdf": b"map"}), mailbox)
    ada = Actor("customer", question.customer_id)
    shown = threads.thread(threads.shown(question.pk, by=ada))
    assert [turn.message.text for turn in shown.turns] == ["Where is my order?"]
    said = SideMessage.objects.latest("pk")
    for look, error in (
        (lambda: sides.side(asked.side_id, by=ada), NoSuchSide),
        (lambda: sides.message(said.pk, by=ada), NoSuchMessage),
        (lambda: sides.file(SideFile.objects.get().pk, by=ada), NoSuchFile),
        (lambda: side.write(asked.side_id, Written(text="Hello?", recipients=TO_CARRIER), by=ada), NoSuchSide),
        (lambda: side.see(asked.side_id, by=ada), NoSuchSide),
    ):
        with pytest.raises(error):
            look()
    given = export([question.customer_id])
    assert "Leipzig" not in str({name: list(part) for name, part in given.items()})
    assert Attachment.objects.count() == 0 and SideMessage.objects.count() == 2


def test_clocks_and_numbers_stay_as_they_are(question: Conversation, ines: Agent, mailbox: Channel) -> None:
    before = episodes.fold(told.facts_of([question.pk]))
    asked = ask_carrier(question, ines)
    deliver(answer(asked), mailbox)
    side.write(asked.side_id, Written(text="Thanks.", recipients=TO_CARRIER), by=ines.actor)
    side.close(asked.side_id, by=ines.actor)
    assert episodes.fold(told.facts_of([question.pk])) == before
    assert row(question)["waiting_since"] is not None


def test_what_is_settled_stays_settled_when_an_answer_comes(
    question: Conversation, asked: SideMessage, ines: Agent, mailbox: Channel
) -> None:
    states.resolve(question.pk, by=ines.actor)
    deliver(answer(asked), mailbox)
    assert row(question)["status"] == "resolved" and marks_on(question) == (1, 1)


def test_an_answer_brings_back_what_was_put_aside_or_is_with_the_customer(
    question: Conversation, asked: SideMessage, ines: Agent, mailbox: Channel
) -> None:
    states.snooze(question.pk, until=clock.now() + timedelta(days=2), by=ines.actor)
    waits_since = row(question)["waiting_since"]
    deliver(answer(asked, "I am away until Monday.", Auto_Submitted="auto-replied"), mailbox)
    assert row(question)["status"] == "snoozed"
    deliver(answer(asked), mailbox)
    now = row(question)
    assert (now["status"], now["snoozed_until"], now["assignee_id"]) == ("open", None, ines.pk)
    assert now["waiting_since"] == waits_since
    states.wait(question.pk, by=ines.actor)
    deliver(answer(asked, "It left Leipzig."), mailbox)
    assert row(question)["status"] == "open"
    woke, opened = Step.objects.filter(verb__in=(verbs.WOKE, verbs.OPENED)).order_by("pk")
    assert (woke.verb, opened.verb) == (verbs.WOKE, verbs.OPENED)
    assert woke.details["side"] == opened.details["side"] == asked.side_id
    assert woke.details["before"]["status"] == "snoozed"


def test_facts_and_steps_say_that_it_happened_and_not_what_was_said(asked: SideMessage, mailbox: Channel) -> None:
    deliver(answer(asked), mailbox)
    facts = Fact.objects.filter(name__startswith="side ").order_by("pk")
    assert [fact.name for fact in facts] == ["side conversation begun", "side message sent", "side message received"]
    assert [facts[1].properties["side"], facts[1].properties["message"]] == [asked.side_id, asked.pk]
    said = f"{[fact.properties for fact in facts]} {list(Step.objects.values('details', 'actor_name'))}"
    assert not {"Leipzig", "parcel", "carrier", "Express"} & set(said.replace("'", " ").split())


def test_the_same_answer_twice_is_one_message(asked: SideMessage, mailbox: Channel) -> None:
    raw = answer(asked, id="same@carrier.example")
    deliver(raw, mailbox)
    again = deliver(raw, mailbox)
    assert (again.state, again.trouble) == ("dropped", "The same mail came before.")
    assert len(texts(asked)) == 2


def test_answers_find_it_by_what_they_answer_when_the_address_is_lost(asked: SideMessage, mailbox: Channel) -> None:
    plain = {"to": mailbox.address}
    deliver(answer(asked, "First", id="a1@carrier.example", answers=asked.external_id, **plain), mailbox)
    deliver(answer(asked, "Second", answers="a1@carrier.example", **plain), mailbox)
    deliver(answer(asked, "Third", refers=("x@y.example", asked.external_id), author="x@new.example", **plain), mailbox)
    assert texts(asked)[1:] == ["First", "Second", "Third"]


def test_naming_what_a_third_party_wrote_lets_nobody_in(asked: SideMessage, mailbox: Channel) -> None:
    deliver(answer(asked, id="a1@carrier.example"), mailbox)
    other = mail("Let me in.", author="spy@else.example", answers="a1@carrier.example")
    deliver(other, mailbox)
    assert len(texts(asked)) == 2
    assert Message.objects.filter(text="Let me in.").exists()


def test_a_forged_address_lets_nobody_in(asked: SideMessage, mailbox: Channel) -> None:
    local, at, domain = address_of(asked).rpartition("@")
    guessed = f"{local[:-1]}{'b' if local[-1] == 'a' else 'a'}{at}{domain}"
    for forged in (guessed, address_of(asked).replace("+s", "+c")):
        deliver(answer(asked, author="spy@else.example", to=forged), mailbox)
    assert len(texts(asked)) == 1


def test_the_address_counts_on_its_own_mailbox_alone(asked: SideMessage) -> None:
    elsewhere = make_mailbox("sales@shop.example")
    deliver(answer(asked, answers=asked.external_id), elsewhere)
    assert len(texts(asked)) == 1 and Message.objects.filter(channel=elsewhere).count() == 1


def test_who_holds_the_address_is_let_in_and_shown_as_new(asked: SideMessage, mailbox: Channel) -> None:
    deliver(answer(asked, author="Kim <kim@carrier.example>"), mailbox)
    assert SideConversation.objects.get().participants == [
        {"name": "Parcel Express", "address": "depot@carrier.example"},
        {"name": "Kim", "address": "kim@carrier.example", "came": True},
    ]


def test_a_mail_to_the_conversation_itself_stays_with_the_customer(
    question: Conversation, asked: SideMessage, mailbox: Channel
) -> None:
    from tests.desk.test_threading import HELP

    own = marks.plus_address(HELP, channel_id=mailbox.pk, conversation_id=question.pk)
    deliver(mail("Still waiting.", to=own, refers=(asked.external_id,)), mailbox)
    assert len(texts(asked)) == 1 and row(question)["message_count"] == 2


def test_what_a_machine_answers_is_shown_and_waits_for_nobody(
    question: Conversation, asked: SideMessage, mailbox: Channel
) -> None:
    deliver(answer(asked, "I am away.", Auto_Submitted="auto-replied"), mailbox)
    assert texts(asked)[1:] == ["I am away."] and marks_on(question) == (1, 0)


def test_a_bounce_goes_to_the_message_it_is_about(question: Conversation, asked: SideMessage, mailbox: Channel) -> None:
    deliver(report(asked.external_id, recipient="depot@carrier.example"), mailbox)
    asked.refresh_from_db()
    assert asked.state == "failed" and "depot@carrier.example 5.1.1" in asked.trouble
    assert SuppressedAddress.objects.get().address == "depot@carrier.example"
    assert marks_on(question) == (1, 1) and row(question)["message_count"] == 1
    assert Fact.objects.get(name="side message not delivered").properties["outcome"] == "failed"


def test_a_forged_bounce_silences_nobody(asked: SideMessage, mailbox: Channel) -> None:
    deliver(report(asked.external_id, recipient="ada@example.com"), mailbox)
    assert not SuppressedAddress.objects.exists()


def test_what_came_back_from_ourselves_is_no_answer(asked: SideMessage, mailbox: Channel) -> None:
    copy = mail("Where is parcel 7?", id=asked.external_id, author=f"Ines <{mailbox.address}>", to=CARRIER)
    assert deliver(copy, mailbox).trouble == "It is a copy of what was sent from here."
    assert len(texts(asked)) == 1


def test_whoever_has_it_or_asked_reads_it_and_others_only_look(
    question: Conversation, asked: SideMessage, ines: Agent, bo: Agent, mailbox: Channel
) -> None:
    deliver(answer(asked), mailbox)
    side.see(asked.side_id, by=bo.actor)
    assert marks_on(question) == (1, 1)
    side.see(asked.side_id, by=ines.actor)
    assert marks_on(question) == (1, 0)


def test_an_unread_answer_is_among_what_its_agent_follows(
    question: Conversation, asked: SideMessage, ines: Agent, mailbox: Channel
) -> None:
    states.wait(question.pk, by=ines.actor)
    following = next(view for view in BUILT_IN if view.key == "following").wanted()
    assert not listing.matching(following, by=ines.actor).exists()
    deliver(answer(asked), mailbox)
    assert [each.pk for each in listing.matching(following, by=ines.actor)] == [question.pk]


def test_who_asks_beside_a_colleagues_conversation_watches_it(question: Conversation, ines: Agent, bo: Agent) -> None:
    assignments.to_agent(question.pk, ines.pk, by=ines.actor)
    ask_carrier(question, bo)
    assert list(Watch.objects.values_list("agent", flat=True)) == [bo.pk]


def test_a_question_can_be_taken_back_for_ten_seconds(question: Conversation, ines: Agent, bo: Agent) -> None:
    file = File(files.store(b"pdf"), "label.pdf", "application/pdf", 3)
    written = Written(text="Where?", recipients=TO_CARRIER, files=[file], key="k")
    made = side.begin(question.pk, written, subject="Parcel", by=ines.actor)
    assert side.begin(question.pk, written, subject="Parcel", by=ines.actor).pk == made.pk
    with pytest.raises(NotYours):
        side.take_back(made.pk, by=bo.actor)
    side.take_back(made.pk, by=ines.actor)
    assert leave(made).state == "cancelled" and not Delivery.objects.exists()
    assert marks_on(question) == (0, 0) and sides.of(Conversation.objects.get()) == []
    draft = Draft.objects.get()
    assert (draft.kind, draft.text, draft.recipients["subject"]) == ("side", "Where?", "Parcel")
    assert [one["name"] for one in draft.attachments] == ["label.pdf"]
    with pytest.raises(TooLateToUndo):
        side.take_back(made.pk, by=ines.actor)
    assert not Fact.objects.filter(name__startswith="side ").exists()


@pytest.mark.parametrize(
    ("written", "error"),
    [
        (Written(text="Hello"), NobodyToAsk),
        (Written(recipients=TO_CARRIER), NothingWritten),
        (Written(text="Hello", recipients={"to": [{"address": "ADA@example.com"}]}), AsksTheCustomer),
        (Written(text="Hello", recipients={"to": [{"address": "help+x@shop.example"}]}), AsksOurselves),
    ],
)
def test_what_must_not_leave_is_refused(
    question: Conversation, ines: Agent, written: Written, error: type[Exception]
) -> None:
    with pytest.raises(error):
        side.begin(question.pk, written, subject="", by=ines.actor)
    assert not SideConversation.objects.exists()


def test_without_a_mailbox_nobody_can_be_asked(ada: Customer, ines: Agent) -> None:
    chat = setting_up.create("api", "Shop", by=SYSTEM)
    with pytest.raises(NoMailbox):
        ask_carrier(ask(ada.pk, chat), ines)


def test_a_conversation_on_another_channel_asks_from_the_first_mailbox(
    ada: Customer, ines: Agent, mailbox: Channel
) -> None:
    asked = ask_carrier(ask(ada.pk, setting_up.create("api", "Shop", by=SYSTEM)), ines)
    assert SideConversation.objects.get(pk=asked.side_id).channel_id == mailbox.pk


def test_closed_it_waits_for_nothing_and_goes_on_with_the_next_word(
    question: Conversation, asked: SideMessage, ines: Agent, mailbox: Channel
) -> None:
    deliver(answer(asked), mailbox)
    side.close(asked.side_id, by=ines.actor)
    assert marks_on(question) == (1, 0) and SideConversation.objects.get().is_done
    deliver(answer(asked, "One thing more."), mailbox)
    assert marks_on(question) == (1, 1) and not SideConversation.objects.get().is_done
    side.close(asked.side_id, by=ines.actor)
    thanks = leave(side.write(asked.side_id, Written(text="Thanks.", recipients=TO_CARRIER), by=ines.actor))
    assert not SideConversation.objects.get().is_done
    assert as_mail(thanks)["In-Reply-To"] == f"<{SideMessage.objects.order_by('-pk')[1].external_id}>"


def test_what_became_of_a_mail_is_said_on_it(question: Conversation, asked: SideMessage, ines: Agent) -> None:
    delivery = Delivery.objects.get()
    Delivery.objects.update(state="failed")
    assert outcomes.settle(delivery.about, "failed", trouble="550 no", delivery_id=delivery.pk) is None
    side_mail.settle(delivery.about, "failed", trouble="550 no", delivery_id=delivery.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.trouble, marks_on(question)) == ("failed", "550 no", (1, 1))
    side_mail.again(asked.pk, by=ines.actor)
    assert Delivery.objects.count() == 2 and row(question)["status"] == "open"


def test_what_a_mail_service_tells_later_is_said_on_it_once(question: Conversation, asked: SideMessage) -> None:
    delivery = Delivery.objects.get()
    event = DeliveryReturned(delivery_id=delivery.pk, about=delivery.about, trouble="550 no such carrier")
    handlers.show_that_it_came_back(event)
    handlers.show_that_it_came_back(event)
    asked.refresh_from_db()
    assert (asked.state, asked.trouble, marks_on(question)) == ("failed", "550 no such carrier", (1, 1))
    assert Step.objects.filter(verb=verbs.SIDE_NOT_DELIVERED).count() == 1


def test_it_follows_a_merge_and_comes_back_with_its_undoing(
    question: Conversation, asked: SideMessage, ines: Agent, mailbox: Channel
) -> None:
    kept = ask(question.customer_id, mailbox, "Is it lost?")
    merge = merging.merge(kept.pk, question.pk, by=ines.actor)
    kept.refresh_from_db()
    assert [each.pk for each in sides.of(kept)] == [asked.side_id]
    deliver(answer(asked), mailbox)
    assert marks_on(kept) == (1, 1)
    merging.undo(merge.pk, by=ines.actor)
    assert marks_on(kept) == (0, 0) and marks_on(question) == (1, 1)


def test_it_stays_where_it_began_when_the_conversation_is_split(
    question: Conversation, asked: SideMessage, ines: Agent
) -> None:
    more = messages.receive(question.pk, Written(text="And my invoice?"), by=Actor("customer", question.customer_id))
    begun = splitting.split(more.pk, by=ines.actor)
    assert marks_on(question) == (1, 0) and marks_on(begun) == (0, 0)


def test_the_search_finds_it_for_who_may_see_the_conversation(
    question: Conversation, asked: SideMessage, ines: Agent, mailbox: Channel
) -> None:
    deliver(answer(asked), mailbox)
    indexing.index([question.pk])
    assert [each.pk for each in searching.search("leipzig", by=ines.actor).rows] == [question.pk]
    closed = teams.create("Orders", by=SYSTEM, agent_ids=[make_agent("Eva").pk], is_open=False)
    assignments.to_agent(question.pk, None, by=SYSTEM)
    assignments.to_team(question.pk, closed.pk, by=SYSTEM)
    assert searching.search("leipzig", by=ines.actor).rows == []
    with pytest.raises(NoSuchSide):
        sides.side(asked.side_id, by=ines.actor)
    with pytest.raises(NoSuchConversation):
        side.close(asked.side_id, by=ines.actor)


def said_anywhere() -> str:
    """Every value the desk and the channels keep, as a dump would show it."""
    said: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("desk_", "channels_")):
                cursor.execute(f'SELECT t::text FROM "{table}" AS t')
                said += [line[0] for line in cursor.fetchall()]
    return "\n".join(said).lower()


def test_it_goes_with_the_conversation_of_who_is_erased(
    question: Conversation, asked: SideMessage, musa: Customer, ines: Agent, mailbox: Channel
) -> None:
    other = ask_carrier(ask(musa.pk, mailbox), ines, "And parcel 8?")
    came = deliver(answer(asked, files={"map.pdf": b"map"}), mailbox)
    erase([question.customer_id])
    assert list(SideMessage.objects.values_list("pk", flat=True)) == [other.pk]
    assert not Delivery.objects.filter(about=f"side:{asked.pk}").exists()
    assert not Incoming.objects.filter(pk=came.pk).exists() and not SideFile.objects.exists()
    assert "leipzig" not in said_anywhere()


def test_who_answered_beside_anothers_conversation_can_be_erased(
    question: Conversation, asked: SideMessage, ines: Agent, mailbox: Channel
) -> None:
    kim = make_customer("Kim", email="kim@carrier.example")
    deliver(answer(asked, "Kim says Leipzig.", author="Kim <Kim@carrier.example>"), mailbox)
    both = {"to": [*TO_CARRIER["to"], {"name": "Kim", "address": "Kim@Carrier.example"}]}
    leave(side.write(asked.side_id, Written(text="Thanks both.", recipients=both), by=ines.actor))
    indexing.index([question.pk])
    erasures.erase(kim.pk, by=SYSTEM)
    assert texts(asked) == ["Where is parcel 7?", "Thanks both."]
    assert not {"kim", "leipzig"} & set(re.findall(r"\w+", said_anywhere()))
    assert row(question)["message_count"] == 1


def test_a_side_conversation_with_only_who_is_erased_goes_whole(
    question: Conversation, asked: SideMessage, mailbox: Channel
) -> None:
    deliver(answer(asked), mailbox)
    erasures.erase(make_customer("Depot", email="depot@carrier.example").pk, by=SYSTEM)
    assert not SideConversation.objects.exists() and marks_on(question) == (0, 0)
    assert "carrier.example" not in said_anywhere()

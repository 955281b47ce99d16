"""Search finds what was said, forgives typing errors, knows operators and never shows what is hidden."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.actions import profiles, recognition
from regulars.customers.models import Customer
from regulars.desk.actions import assignments, conversations, indexing, labels, merging, messages, side, spam, states
from regulars.desk.actions.messages import File, Written
from regulars.desk.models import Conversation, Message, Searched, Word
from regulars.desk.selectors import alone, search_query, searching
from regulars.desk.selectors.searching import search
from regulars.desk.words import words_of
from regulars.kernel import clock, tail
from regulars.kernel.actors import SYSTEM, Actor
from tests.desk.cast import ask

pytestmark = pytest.mark.django_db


def found(text: str, by: Agent) -> list[int]:
    indexing.index(Conversation.objects.values_list("pk", flat=True))
    return [row.pk for row in search(text, by=by.actor).rows]


def test_words_are_found_in_messages_subjects_names_and_files(
    question: Conversation, ada: Customer, musa: Customer, mailbox: Channel, ines: Agent
) -> None:
    torn = ask(musa.pk, mailbox, "The bag was torn, half the beans are gone.", subject="Parcel 4711")
    photo = File(digest="0" * 64, name="torn-corner.png", type="image/png", size=3)
    messages.receive(torn.pk, Written(text="See the picture.", files=[photo]), by=Actor("customer", musa.pk))
    assert found("beans", ines) == [torn.pk]
    assert found("parcel", ines) == [torn.pk]
    assert found("moreno", ines) == [question.pk]
    assert found("traore", ines) == [torn.pk]
    assert found("corner", ines) == [torn.pk]
    assert found("ada@example.com", ines) == [question.pk]
    assert found("beans order", ines) == []


def test_a_word_is_found_in_its_other_forms(question: Conversation, ada: Customer, ines: Agent) -> None:
    said = "Two deliveries of broken cups. Zwei Lieferungen."
    messages.receive(question.pk, Written(text=said), by=Actor("customer", ada.pk))
    for text in ("delivery", "deliver", "Delivered", "cup", "orders", "ORDER", "breaking", "lieferung"):
        expected = [] if text == "breaking" else [question.pk]
        assert found(text, ines) == expected, text


@pytest.mark.parametrize("typed", ["ordre", "oder", "orderr", "ordwr"])
def test_a_slip_of_the_finger_is_forgiven_and_said(typed: str, question: Conversation, ines: Agent) -> None:
    indexing.index([question.pk])
    answer = search(typed, by=ines.actor)
    assert [row.pk for row in answer.rows] == [question.pk]
    assert "order" in answer.instead[typed]


def test_what_is_in_the_subject_comes_before_what_is_only_said(ada: Customer, mailbox: Channel, ines: Agent) -> None:
    entitled = ask(ada.pk, mailbox, "Could you look?", subject="Invoice of May")
    said = ask(ada.pk, mailbox, "I have no invoice.", subject="Something else")
    assert found("invoice", ines) == [entitled.pk, said.pk]


def test_of_two_alike_the_later_comes_first(ada: Customer, mailbox: Channel, ines: Agent) -> None:
    with clock.frozen(clock.now() - timedelta(days=90)):
        old = ask(ada.pk, mailbox, "Torn bag")
    new = ask(ada.pk, mailbox, "Torn bag")
    assert found("torn bag", ines) == [new.pk, old.pk]


def test_what_is_found_comes_a_part_at_a_time(ada: Customer, mailbox: Channel, ines: Agent) -> None:
    asked = [ask(ada.pk, mailbox, "Torn bag").pk for _ in range(5)]
    whole = found("torn", ines)
    parts = [search("torn", by=ines.actor, start=start, limit=2) for start in (0, 2, 4)]
    assert sorted(whole) == sorted(asked)
    assert [[row.pk for row in part.rows] for part in parts] == [whole[:2], whole[2:4], whole[4:]]
    assert [part.is_more for part in parts] == [True, True, False]


def test_a_number_leads_to_its_conversation(question: Conversation, ines: Agent) -> None:
    assert found(f"#{question.pk}", ines) == [question.pk]
    assert found(str(question.pk), ines) == [question.pk]
    assert found(f"#{question.pk + 1}", ines) == []


def test_operators_narrow_and_unknown_ones_are_words(
    question: Conversation, ada: Customer, musa: Customer, mailbox: Channel, ines: Agent, bo: Agent
) -> None:
    other = ask(musa.pk, mailbox, "Where is my order?", subject="Note: urgent")
    labels.put(other.pk, "Late delivery", by=ines.actor)
    states.resolve(question.pk, by=ines.actor)
    assignments.to_agent(other.pk, bo.pk, by=ines.actor)
    conversations.prioritise(other.pk, 1, by=ines.actor)
    assert found("order is:open", ines) == [other.pk]
    assert found("order is:resolved", ines) == [question.pk]
    assert found("order -is:resolved", ines) == [other.pk]
    assert found("from:musa", ines) == [other.pk]
    assert found("from:ada order", ines) == [question.pk]
    assert found('label:"late delivery"', ines) == [other.pk]
    assert found("assignee:bo", ines) == [other.pk]
    assert found("assignee:nobody order", ines) == [question.pk]
    assert found("priority:urgent", ines) == [other.pk]
    assert found("note:urgent", ines) == [other.pk]
    assert found("order -urgent", ines) == [question.pk]
    assert found("order before:today", ines) == []
    assert sorted(found("order after:yesterday", ines)) == sorted([question.pk, other.pk])


def test_a_phrase_is_found_as_it_is_written(question: Conversation, ada: Customer, ines: Agent) -> None:
    assert found('"my order"', ines) == [question.pk]
    assert found('"order my"', ines) == []


def test_a_phrase_is_found_wherever_its_words_are(
    question: Conversation, ada: Customer, musa: Customer, mailbox: Channel, ines: Agent
) -> None:
    photo = File(digest="0" * 64, name="torn-corner.png", type="image/png", size=3)
    seen = messages.receive(question.pk, Written(text="See.", files=[photo]), by=Actor("customer", ada.pk))
    asked = Written(
        text="One van?",
        recipients={"to": [{"name": "", "address": "bob@carrier.example"}]},
        files=[File(digest="1" * 64, name="Loading list.pdf", type="application/pdf", size=1)],
    )
    side.begin(question.pk, asked, subject="A lost parcel", by=ines.actor)
    other = ask(musa.pk, mailbox, "A corner is torn, my parcel lost, no van but one. Moreno, Ada; list of loading.")
    for phrase in ("Ada Moreno", "torn corner", "lost parcel", "one van", "loading list", "ada@example.com"):
        assert found(f'"{phrase}"', ines) == [question.pk], phrase
    merging.merge(question.pk, other.pk, by=ines.actor)
    assert found('"no van but"', ines) == [question.pk]
    Message.objects.filter(pk=seen.pk).update(removed_at=clock.now())
    assert [row.pk for row in search('"torn corner"', by=ines.actor).rows] == []


def test_a_phrase_of_what_somebody_is_called_is_in_the_title(
    question: Conversation, musa: Customer, mailbox: Channel, ines: Agent
) -> None:
    other = ask(musa.pk, mailbox, "Ada Moreno told me so.", subject="A word")
    assert found('"ada moreno"', ines) == [question.pk, other.pk]


def test_spam_is_found_only_when_asked_for(question: Conversation, ines: Agent) -> None:
    spam.mark(question.pk, by=ines.actor)
    assert found("order", ines) == []
    assert found("order is:spam", ines) == [question.pk]


def test_nobody_finds_what_they_may_not_see(question: Conversation, ines: Agent, bo: Agent) -> None:
    closed = teams.create("Complaints", by=SYSTEM, is_open=False, agent_ids=[bo.pk])
    assignments.to_team(question.pk, closed.pk, by=SYSTEM)
    assert found("order", ines) == []
    assert found(f"#{question.pk}", ines) == []
    assert found("order", bo) == [question.pk]


def test_a_reply_taken_back_is_not_found(question: Conversation, ines: Agent) -> None:
    reply = messages.reply(question.pk, Written(text="Zebra."), by=ines.actor)
    assert found("zebra", ines) == [question.pk]
    messages.take_back(reply.pk, by=ines.actor)
    assert found("zebra", ines) == []


def test_scripts_without_spaces_are_found_in_the_middle(question: Conversation, ada: Customer, ines: Agent) -> None:
    messages.receive(question.pk, Written(text="昨日注文したコーヒーが届きません"), by=Actor("customer", ada.pk))
    assert found("コーヒー", ines) == [question.pk]
    assert found("紅茶", ines) == []


@pytest.mark.django_db(transaction=True)
def test_the_reader_of_the_log_makes_what_happened_findable(question: Conversation, ines: Agent) -> None:
    tail.catch_up(indexing.CONSUMER)
    assert [row.pk for row in search("order", by=ines.actor).rows] == [question.pk]
    assert Searched.objects.count() == 1
    assert set(Word.objects.values_list("text", flat=True)) >= {"where", "order"}


@pytest.mark.parametrize(
    "text", ["", "   ", "''", "\\", "a' | b", "!&|()<->:*", '"', "from:", "is:nothing", "%_", "x" * 900]
)
def test_nothing_that_is_typed_breaks_it(text: str, question: Conversation, ines: Agent) -> None:
    assert isinstance(found(text, ines), list)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read(text: str) -> None:
    query = search_query.read(text.replace(":", " "), zone="Europe/Berlin")
    assert all(word.isalnum() for word in query.words)


@given(st.lists(st.text(max_size=60), max_size=4))
def test_words_are_letters_and_digits_only(texts: list[str]) -> None:
    assert all(word and all(letter.isalnum() for letter in word) for word in words_of(texts))


def test_a_search_asks_a_fixed_number_of_questions(
    question: Conversation, ada: Customer, mailbox: Channel, ines: Agent, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        ask(ada.pk, mailbox, "Where is my order?")
    indexing.index(Conversation.objects.values_list("pk", flat=True))
    with django_assert_num_queries(12):
        assert len(search("order", by=ines.actor).rows) == 6
    connection.queries_log.clear()


def test_a_search_that_takes_too_long_is_given_up_and_says_so(
    question: Conversation, ines: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexing.index([question.pk])

    def slow(*_given: object, **_named: object) -> Iterator[int]:
        yield question.pk
        alone.ask("SELECT pg_sleep(5)", seconds=0.02)

    monkeypatch.setattr(searching, "_ranked", slow)
    answer = search("order", by=ines.actor)
    assert (answer.is_cut, [row.pk for row in answer.rows]) == (True, [question.pk])
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.django_db(transaction=True)
def test_what_is_set_for_one_question_is_over_with_it(question: Conversation) -> None:
    names = ("statement_timeout", "work_mem", "max_parallel_workers_per_gather")
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in names))
        before = cursor.fetchone()
    asked = "SELECT " + ", ".join(f"current_setting('{name}')" for name in names)
    assert alone.ask(asked, seconds=2) == [("2s", "32MB", "0")]
    with connection.cursor() as cursor:
        cursor.execute(asked)
        assert cursor.fetchone() == before


def test_what_must_not_be_there_is_left_out_where_no_word_is_asked_for_too(
    question: Conversation, musa: Customer, mailbox: Channel, ines: Agent
) -> None:
    other = ask(musa.pk, mailbox, "The bag was torn.")
    assert found("is:open -torn", ines) == [question.pk]
    assert found("is:open", ines) == [other.pk, question.pk]


def test_of_those_without_a_word_few_are_looked_at_before_all(
    question: Conversation, musa: Customer, mailbox: Channel, ines: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = [ask(musa.pk, mailbox, "The bag was torn.").pk for _ in range(3)]
    indexing.index([question.pk, *rest])
    monkeypatch.setattr(searching, "LOOKED_AT", (1, None))
    found = [[row.pk for row in search(f"is:open -{word}", by=ines.actor, limit=1).rows] for word in ("torn", "order")]
    assert found == [[question.pk], [rest[-1]]]


def test_a_whole_address_is_one_persons(question: Conversation, musa: Customer, mailbox: Channel, ines: Agent) -> None:
    other = ask(musa.pk, mailbox, "Ask ada@example.com about it.")
    assert found("from:ada@example.com", ines) == [question.pk]
    assert found("from:ada@example.co", ines) == [question.pk]  # not whole: whoever it may be
    assert found("from:musa", ines) == [other.pk]


def test_a_phrase_is_not_taken_for_another(question: Conversation, ines: Agent) -> None:
    indexing.index([question.pk])
    assert search("my ordre", by=ines.actor).instead == {"ordre": ["order"]}
    quoted = search('"my ordre"', by=ines.actor)
    assert (quoted.rows, quoted.instead) == ([], {})


def test_a_sender_is_left_out_and_either_of_two_is_found(
    question: Conversation, musa: Customer, mailbox: Channel, ines: Agent
) -> None:
    other = ask(musa.pk, mailbox, "Where is my parcel?")
    assert found("-from:ada", ines) == [other.pk]
    assert found("where -from:musa", ines) == [question.pk]
    assert found("from:ada from:musa", ines) == [other.pk, question.pk]
    assert found("parcel OR order", ines) == [other.pk, question.pk]
    assert found("where parcel OR beans", ines) == [other.pk]
    assert found("-order", ines) == [other.pk]


def test_words_are_asked_for_in_the_subject_alone(ada: Customer, mailbox: Channel, ines: Agent) -> None:
    entitled = ask(ada.pk, mailbox, "Could you look?", subject="Invoice of March")
    said = ask(ada.pk, mailbox, "No invoice from Jos\u00e9.", subject="Something else")
    accented = ask(ada.pk, mailbox, "Hello", subject="Caf\u00e9 Invoices")
    assert found("subject:invoice", ines) == [accented.pk, entitled.pk]
    assert found("subject:inv subject:march", ines) == [entitled.pk]
    assert found("subject:cafe", ines) == [accented.pk]
    assert found("subject:else invoice", ines) == [said.pk]
    assert found("subject:moreno", ines) == [accented.pk]  # compared as the title is, where letters have accents
    assert found('subject:"of march"', ines) == [entitled.pk]
    assert found('subject:"march of"', ines) == []
    assert search("-subject:invoice", by=ines.actor).unknown == ("-subject:invoice",)


def test_words_are_asked_for_in_a_files_name_even_of_a_shown_picture(
    question: Conversation, musa: Customer, mailbox: Channel, ines: Agent
) -> None:
    shown = File(digest="0" * 64, name="torn corner.png", type="image/png", size=3, content_id="x", is_inline=True)
    other = ask(musa.pk, mailbox, "The corner is torn.")
    seen = Written(text="See.", html='<img src="cid:x">', files=[shown])
    messages.receive(question.pk, seen, by=Actor("customer", question.customer_id))
    assert found("file:torn", ines) == found("filename:corner.png", ines) == [question.pk]
    assert found('"torn corner"', ines) == [question.pk]
    assert found("torn", ines) == [other.pk, question.pk] or found("torn", ines) == [question.pk, other.pk]
    assert found("file:order", ines) == []


def test_what_has_a_phrase_is_left_out_and_not_what_has_its_words(
    question: Conversation, musa: Customer, mailbox: Channel, ines: Agent
) -> None:
    other = ask(musa.pk, mailbox, "An order of my own, where it is.")
    assert found('order -"is my order"', ines) == [other.pk]
    assert found('-"is my order"', ines) == [other.pk]
    assert found('order -"my own"', ines) == [question.pk]


def test_a_word_in_a_phrase_ends_where_it_ends(question: Conversation, ada: Customer, ines: Agent) -> None:
    messages.receive(question.pk, Written(text="In orders nowhere."), by=Actor("customer", ada.pk))
    assert found('"my order"', ines) == found('"orders now"', ines) == [question.pk]
    assert found('"rders nowhere"', ines) == []
    assert found('"orders"', ines) == [question.pk]
    assert found('"ordering"', ines) == []  # as it is written: not in its other forms, not taken for another


def test_a_number_among_words_is_no_conversations(question: Conversation, ines: Agent) -> None:
    assert found(f"{question.pk} zebras", ines) == []
    assert found(f"#{question.pk} zebras", ines) == [question.pk]


@pytest.mark.parametrize("typed", ["+49 170 1234567", "0170 1234567", "01701234567", "(0170) 123-4567", "1234567"])
def test_whoever_has_a_telephones_number_is_found(
    typed: str, question: Conversation, ada: Customer, ines: Agent
) -> None:
    recognition.attach([(ada.pk, "phone", "+491701234567")], source_id=1, at=clock.now(), is_verified=True)
    profiles.refresh_search([ada.pk])
    assert found(typed, ines) == [question.pk]
    assert found("0170 7654321", ines) == []


def test_words_of_other_scripts_are_found_as_people_type_them(
    question: Conversation, ada: Customer, ines: Agent
) -> None:
    said = "注文番号の件 и Ёлка. أريد الطلب. Größe für Zoë."
    messages.receive(question.pk, Written(text=said), by=Actor("customer", ada.pk))
    for typed in ("番号", "件", "注", "елка", "طلب", "الطلب", "grosse", "GRÖSSE", "zoe", "fur"):
        assert found(typed, ines) == [question.pk], typed
    assert found("号注", ines) == found("الكتاب", ines) == []


def test_what_names_nothing_here_is_told(question: Conversation, ines: Agent) -> None:
    indexing.index([question.pk])
    answer = search("order -label:vip", by=ines.actor)
    assert ([row.pk for row in answer.rows], answer.unknown) == ([question.pk], ("-label:vip",))
    answer = search("label:vip", by=ines.actor)
    assert (answer.rows, answer.instead, answer.unknown) == ([], {}, ("label:vip",))


def test_of_however_many_are_called_so_none_is_passed_over(
    question: Conversation,
    ada: Customer,
    musa: Customer,
    mailbox: Channel,
    ines: Agent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = [question.pk]
    for name in ("Ada Silva", "Nora Ada", "Adamantios Ry"):
        other = Customer.objects.create(name=name, search_text=name.lower(), created_at=clock.now())
        asked.append(ask(other.pk, mailbox, "Where is my order?").pk)
    rest = ask(musa.pk, mailbox, "Where is my parcel?").pk
    joined = Customer.objects.create(name="A. M.", search_text="a. m.", created_at=clock.now(), merged_into=ada)
    asked.append(ask(joined.pk, mailbox, "And now?").pk)
    few = {text: found(text, ines) for text in ("from:ada", "from:ada order", '-from:"a s"', "from:ada from:musa")}
    assert few["from:ada"] == asked[::-1]
    assert few["from:ada from:musa"] == sorted([*asked, rest], reverse=True)
    for many in (1_000, 1):
        monkeypatch.setattr(searching, "MOST_SENDERS", 1)
        monkeypatch.setattr(searching, "MOST_NAMED", many)
        assert {text: found(text, ines) for text in few} == few

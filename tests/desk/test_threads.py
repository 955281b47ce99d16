"""A thread: everything in one order, a page at a time, in as many queries however long it is."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk import formatting, variables
from regulars.desk.actions import assignments, macros, merging, messages, retrying
from regulars.desk.actions.messages import File, Written
from regulars.desk.errors import (
    MacroNotUsable,
    NoSuchConversation,
    NoSuchFile,
    NoSuchMacro,
    NoSuchMessage,
    NothingToRetry,
)
from regulars.desk.models import Attachment, Conversation, Macro, Message
from regulars.desk.selectors import cards, correspondence, finding, threads, wording
from regulars.kernel import clock, files
from regulars.kernel.actors import SYSTEM, Actor
from tests.desk.cast import ask

pytestmark = pytest.mark.django_db


def said(conversation: Conversation, *, before: int | None = None) -> list[str]:
    return [turn.message.text for turn in threads.thread(conversation, before=before).turns]


def long_talk(question: Conversation, ada: Customer, count: int) -> None:
    by = Actor("customer", ada.pk)
    start = clock.now()
    for number in range(count):
        with clock.frozen(start + timedelta(minutes=number + 1)):
            messages.receive(question.pk, Written(text=f"m{number}"), by=by)


def test_messages_notes_and_steps_stand_in_one_order(question: Conversation, ines: Agent, bo: Agent) -> None:
    at = clock.now()
    with clock.frozen(at + timedelta(minutes=1)):
        assignments.to_agent(question.pk, bo.pk, by=ines.actor)
    with clock.frozen(at + timedelta(minutes=2)):
        messages.note(question.pk, Written(text="@Bo yours"), by=ines.actor, mentioned=[bo.pk])
    found = threads.thread(question)
    kinds = [line.verb if not isinstance(line, threads.Turn) else line.message.kind for line in found.lines]
    assert kinds == ["started", "message", "assigned", "note"]
    assert found.turns[1].mentioned == (bo.pk,)
    assert found.last == found.turns[1].message.pk


def test_a_long_thread_comes_a_page_at_a_time_without_gap_or_double(question: Conversation, ada: Customer) -> None:
    long_talk(question, ada, 70)
    found, read = threads.thread(question), []
    while True:
        read = [turn.message.text for turn in found.turns] + read
        if found.earlier is None:
            break
        found = threads.thread(question, before=found.earlier)
    assert read == ["Where is my order?", *(f"m{number}" for number in range(70))]


def test_steps_come_once_over_all_pages(question: Conversation, ada: Customer, ines: Agent, bo: Agent) -> None:
    long_talk(question, ada, 35)
    start = clock.now()
    for minute, agent in ((3, ines), (20, bo)):
        with clock.frozen(start + timedelta(minutes=minute, seconds=30)):
            assignments.to_agent(question.pk, agent.pk, by=ines.actor)
    first = threads.thread(question)
    second = threads.thread(question, before=first.earlier)
    verbs = [step.verb for step in (*second.steps, *first.steps)]
    assert verbs.count("assigned") == 2
    assert verbs.count("started") == 1


def test_a_thread_takes_as_many_queries_however_long(question: Conversation, ada: Customer) -> None:
    with CaptureQueriesContext(connection) as short:
        threads.thread(question)
    long_talk(question, ada, 40)
    with CaptureQueriesContext(connection) as long:
        threads.thread(question)
    assert len(short) == len(long) == 5


def test_what_was_taken_back_is_not_read(question: Conversation, ines: Agent) -> None:
    sent = messages.reply(question.pk, Written(text="Oops"), by=ines.actor)
    messages.take_back(sent.pk, by=ines.actor)
    assert said(question) == ["Where is my order?"]
    assert threads.drafts(question, by=ines.actor)["message"].text == "Oops"


def test_a_merged_number_shows_the_one_it_went_into(question: Conversation, ada: Customer, mailbox: object) -> None:
    other = ask(ada.pk, mailbox, "More")  # type: ignore[arg-type]
    merging.merge(question.pk, other.pk, by=SYSTEM)
    assert threads.shown(other.pk, by=SYSTEM).pk == question.pk


def test_nothing_of_a_closed_team_is_fetched(question: Conversation, ines: Agent) -> None:
    file = File(files.store(b"x"), "x.txt", "text/plain", 1)
    message = messages.receive(
        question.pk, Written(text="see", files=[file]), by=Actor("customer", question.customer_id)
    )
    closed = teams.create("Fraud", by=SYSTEM, is_open=False)
    Conversation.objects.filter(pk=question.pk).update(team_id=closed.pk)
    attachment = Attachment.objects.get()
    with pytest.raises(NoSuchConversation):
        threads.shown(question.pk, by=ines.actor)
    with pytest.raises(NoSuchFile):
        threads.attachment(attachment.pk, by=ines.actor)
    assert threads.attachment(attachment.pk, by=SYSTEM) == attachment
    assert threads.message(message.pk, by=SYSTEM) == message
    assert cards.of_customer([question.customer_id], by=ines.actor).rows == []


def test_a_customer_sees_no_file_of_a_note(question: Conversation, ines: Agent, ada: Customer, musa: Customer) -> None:
    file = File(files.store(b"x"), "x.txt", "text/plain", 1)
    messages.note(question.pk, Written(text="internal", files=[file]), by=ines.actor)
    for customer in (ada, musa):
        with pytest.raises(NoSuchFile):
            threads.attachment(Attachment.objects.get().pk, by=Actor("customer", customer.pk))


def test_only_what_did_not_leave_is_tried_again(question: Conversation, ines: Agent) -> None:
    sent = messages.reply(question.pk, Written(text="Here"), by=ines.actor)
    with pytest.raises(NothingToRetry):
        retrying.again(sent.pk, by=ines.actor)
    assert Message.objects.get(pk=sent.pk).state == "queued"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Dear **Ada**,\nthanks", "<p>Dear <strong>Ada</strong>,<br>thanks</p>"),
        ("- one\n- *two*", "<ul><li>one</li><li><em>two</em></li></ul>"),
        ("1. a\n2) b", "<ol><li>a</li><li>b</li></ol>"),
        ("> said\nand", "<blockquote>said</blockquote><p>and</p>"),
        ("`a*b*`", "<p><code>a*b*</code></p>"),
        ("2 * 3 * 4 = 24", "<p>2 * 3 * 4 = 24</p>"),
        ("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>"),
        ("```\n<a>\n```", "<pre>&lt;a&gt;</pre>"),
    ],
)
def test_light_markdown_becomes_plain_html(written: str, shown: str) -> None:
    assert formatting.as_html(written) == shown


def test_a_link_is_only_what_a_browser_opens_safely() -> None:
    assert 'href="https://a.example/b"' in formatting.as_html("[x](https://a.example/b)")
    assert "href" not in formatting.as_html("[x](javascript:alert(1)) [y](data:text/html,z)")
    assert formatting.linked("see https://a.example/.") == (
        'see <a href="https://a.example/" rel="noopener noreferrer" target="_blank">https://a.example/</a>.'
    )


def test_variables_take_what_is_known_or_the_fallback_or_stay_to_be_seen() -> None:
    filled = variables.fill(
        "Dear {{customer.first_name|friend}}, {{ order.number }} {{agent.name}}", {"agent.name": "Ines"}
    )
    assert filled.text == "Dear friend, {{ order.number }} Ines"
    assert filled.missing == ("order.number",)
    assert variables.unfilled(filled.text) == ["order.number"]


def test_a_macro_of_ones_own_is_nobody_elses(ines: Agent, bo: Agent) -> None:
    own = macros.write("Mine", "text", by=ines.actor, is_shared=False)
    shared = macros.write("All", "text", by=ines.actor)
    assert wording.macros(by=ines.actor) == [shared, own]
    assert wording.macros(by=bo.actor) == [shared]
    with pytest.raises(NoSuchMacro):
        macros.retire(own.pk, is_retired=True, by=bo.actor)
    with pytest.raises(MacroNotUsable):
        macros.write("", "text", by=ines.actor)
    assert Macro.objects.count() == 2


def test_another_conversation_is_found_by_number_customer_or_words(
    question: Conversation, ada: Customer, musa: Customer, mailbox: Channel, ines: Agent
) -> None:
    other = ask(ada.pk, mailbox, "Grinder setting")
    third = ask(musa.pk, mailbox, "Moving my subscription")
    find = partial(finding.candidates, question, by=ines.actor)
    assert find(text="") == [other]
    assert find(text=f"#{third.pk}") == [third]
    assert find(text="musa") == [third]
    assert find(text="zzzzqq") == []


def test_an_answer_goes_where_the_last_of_the_joined_was_asked_from(
    question: Conversation, ada: Customer, mailbox: Channel
) -> None:
    other = ask(ada.pk, mailbox, "Again")
    asked = {
        "from": [{"name": "Ada", "address": "ada@work.example"}],
        "cc": [{"name": "", "address": "bo@work.example"}],
    }
    by = Actor("customer", ada.pk)
    messages.receive(other.pk, Written(text="From work", recipients=asked, external_id="m-1"), by=by)
    merging.merge(question.pk, other.pk, by=SYSTEM)
    held = threads.shown(question.pk, by=SYSTEM)
    assert correspondence.reply_to(held) == asked["from"]
    assert correspondence.copied(held) == asked["cc"]
    assert correspondence.heard(held) == ["m-1"]


def test_of_a_merge_the_kept_one_decides_who_sees_a_file(
    question: Conversation, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    other = ask(ada.pk, mailbox, "With a file")
    file = File(files.store(b"x"), "x.txt", "text/plain", 1)
    messages.receive(other.pk, Written(text="see", files=[file]), by=Actor("customer", ada.pk))
    merging.merge(question.pk, other.pk, by=SYSTEM)
    attachment = Attachment.objects.get()
    closed = teams.create("Fraud", by=SYSTEM, is_open=False)
    Conversation.objects.filter(pk=other.pk).update(team_id=closed.pk)
    assert threads.attachment(attachment.pk, by=ines.actor) == attachment
    Conversation.objects.filter(pk=other.pk).update(team_id=None)
    Conversation.objects.filter(pk=question.pk).update(team_id=closed.pk)
    with pytest.raises(NoSuchFile):
        threads.attachment(attachment.pk, by=ines.actor)
    with pytest.raises(NoSuchMessage):
        threads.message(attachment.message_id, by=ines.actor)  # type: ignore[attr-defined]

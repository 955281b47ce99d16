"""Which conversation a mail belongs to, as a table of sentences, and in any order of arrival."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.accounts.models import Agent
from regulars.channels.actions import carrying, deliveries, understanding
from regulars.channels.email import marks
from regulars.channels.email.out import handing
from regulars.channels.email.out.composing import Parcel
from regulars.channels.email.out.outcomes import Outcome
from regulars.channels.email.understanding import understand
from regulars.channels.letters import Letter
from regulars.channels.models import Channel, Incoming
from regulars.desk.actions import messages
from regulars.desk.actions.messages import Written
from regulars.desk.models import Awaited, Conversation, Link, Message, Step
from regulars.kernel.models import Change
from tests.desk.cast import make_mailbox
from tests.desk.post import ADA, HELP, MUSA, counts, deliver, mail, placed, store

pytestmark = pytest.mark.django_db


def plus(first: Message) -> str:
    return marks.plus_address(HELP, channel_id=first.channel_id or 0, conversation_id=first.conversation_id)


def own_id(first: Message) -> str:
    return marks.message_id(
        "message:9", channel_id=first.channel_id or 0, conversation_id=first.conversation_id, domain="shop.example"
    )


def marker(first: Message) -> str:
    return marks.body_marker(channel_id=first.channel_id or 0, conversation_id=first.conversation_id)


JOINS: dict[str, Callable[[Message], bytes]] = {
    "a mail to the signed address": lambda first: mail(to=plus(first)),
    "a copy to the signed address": lambda first: mail(to="elsewhere@example.com", Cc=plus(first)),
    "a mail delivered to the signed address": lambda first: mail(Delivered_To=plus(first)),
    "a mail whose original recipient was the signed address": lambda first: mail(X_Original_To=plus(first)),
    "the signed address in capitals": lambda first: mail(to=plus(first).upper()),
    "an answer": lambda first: mail(answers=first.external_id),
    "an answer to two mails, one of them ours": lambda first: mail(
        In_Reply_To=f"<unknown@example.com> <{first.external_id}>"
    ),
    "an answer that names it only among its references": lambda first: mail(
        answers="lost@example.com", refers=(first.external_id, "lost@example.com")
    ),
    "an answer to our own Message-ID that nobody stored": lambda first: mail(answers=own_id(first)),
    "our own Message-ID among references": lambda first: mail(refers=("x@example.com", own_id(first))),
    "a marker in the quoted text": lambda first: mail(f"Thanks\n\n> Hello\n> {marker(first)}\n"),
    "the number in the subject, by the customer": lambda first: mail(subject=f"Re: [#{first.conversation_id}] Order"),
    "an answer by somebody else": lambda first: mail(author=MUSA, answers=first.external_id),
}

PARTS: dict[str, Callable[[Message], bytes]] = {
    "another mail by the same customer": lambda first: mail(),
    "the same subject": lambda first: mail(subject="Re: Order"),
    "a forged signature": lambda first: mail(to=f"help+c{first.conversation_id}.{'a' * 16}@shop.example"),
    "an answer to an unknown mail": lambda first: mail(answers="unknown@example.com"),
    "the number in the subject, by a stranger": lambda first: mail(
        author=MUSA, subject=f"Re: [#{first.conversation_id}] Order"
    ),
    "a marker that is not ours": lambda first: mail(f"[ref:c{first.conversation_id}.{'b' * 16}]"),
    "a Message-ID that looks like ours": lambda first: mail(
        answers=f"c{first.conversation_id}.aaaaaaaa.{'a' * 16}@shop.example"
    ),
    "an id in other case": lambda first: mail(answers=first.external_id.upper()),
}


@pytest.mark.parametrize("sentence", JOINS)
def test_goes_on_with_the_conversation(sentence: str, mailbox: Channel) -> None:
    first = placed(mail(), mailbox)
    assert placed(JOINS[sentence](first), mailbox).conversation_id == first.conversation_id


@pytest.mark.parametrize("sentence", PARTS)
def test_begins_another_conversation(sentence: str, mailbox: Channel) -> None:
    first = placed(mail(), mailbox)
    assert placed(PARTS[sentence](first), mailbox).conversation_id != first.conversation_id


@pytest.mark.parametrize("sentence", JOINS)
def test_nothing_reaches_into_another_channel(sentence: str, mailbox: Channel) -> None:
    first = placed(mail(), mailbox)
    other = make_mailbox("sales@shop.example")
    assert placed(JOINS[sentence](first), other).conversation_id != first.conversation_id


def test_the_signed_address_counts_before_in_reply_to_and_that_before_references(mailbox: Channel) -> None:
    one, two, three = (placed(mail(), mailbox) for _ in range(3))
    answer = mail(to=plus(one), answers=two.external_id, refers=(three.external_id,))
    assert placed(answer, mailbox).conversation_id == one.conversation_id
    answer = mail(answers=two.external_id, refers=(three.external_id,))
    assert placed(answer, mailbox).conversation_id == two.conversation_id
    answer = mail(refers=(one.external_id, three.external_id))
    assert placed(answer, mailbox).conversation_id == three.conversation_id


def test_an_answer_reopens_and_makes_it_our_turn(mailbox: Channel, ines: Agent) -> None:
    first = placed(mail(), mailbox)
    messages.reply(first.conversation_id, Written(text="Tomorrow."), by=ines.actor, then="resolved")
    held = placed(mail("Still not here.", answers=first.external_id), mailbox).conversation
    assert (held.pk, held.status) == (first.conversation_id, "open") and held.waiting_since is not None


def test_an_answer_to_what_was_closed_long_ago_is_a_new_matter_and_linked(mailbox: Channel) -> None:
    first = placed(mail(), mailbox)
    ended = datetime.now(UTC) - timedelta(days=31)
    Conversation.objects.update(status="resolved", resolved_at=ended)
    second = placed(mail(answers=first.external_id), mailbox)
    third = placed(mail(answers=first.external_id), mailbox)
    assert second.conversation_id != first.conversation_id and third.conversation_id == second.conversation_id
    link = Link.objects.get()
    assert (link.conversation_id, link.other_id, link.why) == (second.conversation_id, first.conversation_id, "follows")
    mailbox.settings = {"reopen_days": 40}
    mailbox.save()
    Conversation.objects.filter(pk=second.conversation_id).update(status="resolved", resolved_at=ended)
    assert placed(mail(answers=first.external_id), mailbox).conversation_id == first.conversation_id


def test_a_merged_conversation_takes_mail_where_it_is_now(mailbox: Channel) -> None:
    first, kept = placed(mail(), mailbox), placed(mail(), mailbox)
    Conversation.objects.filter(pk=first.conversation_id).update(merged_into=kept.conversation_id)
    assert placed(mail(answers=first.external_id), mailbox).conversation_id == kept.conversation_id


def test_mail_to_two_mailboxes_makes_two_conversations_that_know_of_each_other(mailbox: Channel) -> None:
    sales = make_mailbox("sales@shop.example")
    raw = mail(to=f"{HELP}, sales@shop.example")
    here, there = placed(raw, mailbox), placed(raw, sales)
    assert here.conversation_id != there.conversation_id
    link = Link.objects.get()
    assert (link.conversation_id, link.other_id, link.why) == (there.conversation_id, here.conversation_id, "same mail")


def test_a_thousand_answers_to_one_unknown_newsletter_are_as_many_matters(mailbox: Channel) -> None:
    for number in range(3):
        placed(mail(author=f"c{number}@example.com", to=HELP, answers="newsletter@elsewhere.example"), mailbox)
    assert counts() == (3, 3)
    placed(mail(author="c1@example.com", answers="newsletter@elsewhere.example"), mailbox)
    assert counts() == (3, 4)


def test_a_colleague_who_answers_from_outside_leaves_a_note(mailbox: Channel, ines: Agent) -> None:
    first = placed(mail(), mailbox)
    answer = placed(mail("I know her.", author=f"Ines <{ines.email}>", answers=first.external_id), mailbox)
    assert (answer.conversation_id, answer.kind, answer.author_kind) == (first.conversation_id, "note", "system")
    assert Conversation.objects.get().status == "open"
    after = placed(mail("Hello Ines.", answers=answer.external_id), mailbox)
    assert after.conversation_id == first.conversation_id
    asked = placed(mail("Just trying this mailbox.", author=ines.email), mailbox)
    assert asked.kind == "message" and asked.conversation_id != first.conversation_id
    again = placed(mail("It works.", author=ines.email, answers=asked.external_id), mailbox)
    assert (again.kind, again.conversation_id) == ("message", asked.conversation_id)


def test_what_we_write_from_another_program_never_makes_us_a_customer(mailbox: Channel) -> None:
    first = placed(mail(), mailbox)
    answer = placed(mail("Sent by phone.", author=HELP, to=ADA, answers=first.external_id), mailbox)
    assert (answer.conversation_id, answer.kind) == (first.conversation_id, "note")
    begun = placed(mail("An offer.", author=HELP, to=MUSA), mailbox)
    assert begun.kind == "note" and begun.conversation.customer.email == "musa@example.com"
    loop = deliver(mail("To myself", author=HELP, to=HELP), mailbox)
    assert (loop.state, loop.trouble) == ("dropped", "It is from this mailbox to this mailbox.")


def test_a_copy_of_our_own_answer_is_not_a_message(mailbox: Channel, ines: Agent) -> None:
    first = placed(mail(), mailbox)
    said = messages.reply(first.conversation_id, Written(text="Tomorrow."), by=ines.actor)
    Message.objects.filter(pk=said.pk).update(external_id=own_id(first))
    copy = deliver(mail("Tomorrow.", id=own_id(first), author=HELP, to=ADA), mailbox)
    assert (copy.state, copy.trouble) == ("dropped", "It is a copy of what was sent from here.")


def test_an_answer_to_a_rewritten_id_is_known_by_the_marker_we_sent_and_nobody_reads_it(
    mailbox: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = placed(mail(), mailbox)
    sent: list[bytes] = []

    def hand_over(parcel: Parcel, **way: object) -> Outcome:
        sent.append(parcel.raw)
        return Outcome(state="sent")

    monkeypatch.setattr(handing, "hand_over", hand_over)
    mailbox.settings = {"smtp_host": "email-smtp.eu-west-1.amazonaws.com", "signature": "Ines"}
    mailbox.save()
    letter = Letter(channel_id=mailbox.pk, conversation_id=first.conversation_id, text="Tomorrow.",
                    to=[{"name": "", "address": "ada@example.com"}])  # fmt: skip
    claimed = carrying.claim(deliveries.queue(letter, about="message:9").pk)
    assert claimed is not None and carrying.hand_over(claimed).state == "sent"
    said = understand(sent[0])
    assert said.visible_text == "Tomorrow." and marker(first) in said.text
    kept = "\n".join(f"> {line}".rstrip() for line in said.text.partition("-- ")[0].strip().splitlines())
    for number, answer in enumerate((f"{kept}\n\nThank you.", f"Thank you.\n\nOn Monday, Ines wrote:\n{kept}")):
        found = placed(mail(answer, answers=f"rewritten{number}@eu-west-1.amazonses.com"), mailbox)
        assert found.conversation_id == first.conversation_id
        assert "[ref:" not in found.text and "Thank you." in found.text and marker(first) in found.quoted


def test_history_is_placed_in_silence(mailbox: Channel) -> None:
    at = datetime.now(UTC) - timedelta(days=200)
    told = Change.objects.count()
    first = placed(mail(at=at), mailbox, is_history=True)
    held = Conversation.objects.get()
    assert (held.is_history, held.status, held.waiting_since) == (True, "resolved", None)
    assert abs((held.created_at - at).total_seconds()) < 1 and held.resolved_at == held.last_at
    placed(mail(answers=first.external_id, at=datetime.now(UTC) - timedelta(days=190)), mailbox, is_history=True)
    recent = placed(mail(at=datetime.now(UTC) - timedelta(days=1)), mailbox, is_history=True)
    assert recent.conversation.status == "open"
    assert Change.objects.count() == told and Message.objects.filter(conversation=held).count() == 2


WRITERS = {"ada": (ADA, f"{HELP}, musa@example.com"), "musa": (MUSA, f"{HELP}, ada@example.com")}


@st.composite
def threads(draw: st.DrawFn) -> list[bytes]:
    """A thread: each mail answers an earlier one, as clients write it, with all references."""
    size = draw(st.integers(2, 6))
    paths: list[tuple[str, ...]] = [("m0@t",)]
    for number in range(1, size):
        paths.append((*draw(st.sampled_from(paths)), f"m{number}@t"))
    writers = [draw(st.sampled_from(sorted(WRITERS))) for _ in paths]
    return [
        mail(
            f"Mail {path[-1]}", id=path[-1], author=WRITERS[who][0], to=WRITERS[who][1],
            answers=path[-2] if len(path) > 1 else "", refers=path[:-1],
        )
        for path, who in zip(paths, writers, strict=True)
    ]  # fmt: skip


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_a_thread_is_one_conversation_in_any_order_and_however_often_it_comes(
    data: st.DataObject, mailbox: Channel
) -> None:
    for rows in (Message, Awaited, Step, Conversation, Incoming):
        rows.objects.all().delete()
    thread = data.draw(threads())
    arriving = data.draw(st.permutations(thread + thread[:2]))
    for raw in arriving:
        store(raw, mailbox)
    understanding.drain(mailbox.pk)
    assert counts() == (1, len(thread))
    assert not Awaited.objects.exists()
    keys = list(Message.objects.order_by("pk").values_list("pk", flat=True))
    assert all(one < other for one, other in pairwise(keys))
    for raw in thread:
        assert deliver(raw, mailbox).state == "dropped"
    assert counts() == (1, len(thread))

"""kill -9 at any line while mail is placed, and two workers at once: every mail stands in its conversation, once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from regulars.channels.actions import understanding
from regulars.channels.models import Channel, Incoming
from regulars.desk.actions import states
from regulars.desk.models import Conversation, Message, SideMessage
from regulars.kernel import clock
from tests import dying
from tests.customers.cast import make_customer
from tests.desk.beside import CARRIER, address_of, ask_carrier
from tests.desk.cast import ask, make_agent, make_mailbox
from tests.desk.post import mail, store

pytestmark = pytest.mark.django_db(transaction=True)

WATCHED = ("channels/actions/understanding.py", "desk/actions/placing.py", "desk/actions/messages.py")
KILLS = 10


def some_mail(number: int) -> list[bytes]:
    """Three mails of one thread, and one beside it."""
    first, second = f"a{number}@t", f"b{number}@t"
    return [
        mail("First", id=first), mail("Second", id=second, answers=first),
        mail("Third", id=f"c{number}@t", answers=second, refers=(first, second)), mail("Beside", id=f"d{number}@t"),
    ]  # fmt: skip


def test_whoever_is_killed_at_whatever_line_loses_nothing_and_doubles_nothing() -> None:
    mailbox = make_mailbox()
    for raw in some_mail(-1):
        store(raw, mailbox)
    lines = dying.count_lines(lambda: understanding.drain(mailbox.pk), of=WATCHED)
    assert lines > 100
    for number, line in enumerate(range(1, lines, max(1, lines // KILLS))):
        for raw in some_mail(number):
            store(raw, mailbox)
        forget_readers()
        dying.killed_at(line, lambda: understanding.drain(mailbox.pk), of=WATCHED)
        understanding.drain(mailbox.pk)
        assert set(Incoming.objects.values_list("state", flat=True)) == {"placed"}, f"killed at line {line}"
        assert Message.objects.count() == 4 * (number + 2), f"killed at line {line}"
        assert Conversation.objects.count() == 2 * (number + 2), f"killed at line {line}"


def test_whoever_is_killed_while_an_answer_is_put_beside_a_conversation_loses_nothing_and_doubles_nothing() -> None:
    mailbox = make_mailbox()
    ines = make_agent("Ines")
    question = ask(make_customer("Ada").pk, mailbox)
    asked = ask_carrier(question, ines)
    states.snooze(question.pk, until=clock.now() + timedelta(days=1), by=ines.actor)

    def answer(number: int) -> None:
        store(mail(f"Answer {number}", author=CARRIER, to=address_of(asked)), mailbox)

    watched = ("desk/actions/side.py", "desk/actions/side_placing.py", "desk/actions/states.py")
    answer(0)
    with transaction.atomic():
        lines = dying.count_lines(lambda: understanding.drain(mailbox.pk), of=watched)
        transaction.set_rollback(True)
    assert lines > 40
    for number, line in enumerate(range(1, lines, lines // 3)):
        answer(number + 1)
        forget_readers()
        dying.killed_at(line, lambda: understanding.drain(mailbox.pk), of=watched)
        understanding.drain(mailbox.pk)
        assert SideMessage.objects.filter(author_kind="outside").count() == number + 2, f"killed at line {line}"
        question.refresh_from_db()
        assert (question.status, question.side_unread) == ("open", 1), f"killed at line {line}"
        states.snooze(question.pk, until=clock.now() + timedelta(days=1), by=ines.actor)
    assert set(Incoming.objects.values_list("state", flat=True)) == {"placed"}
    assert (Conversation.objects.count(), Message.objects.count()) == (1, 1)


def test_workers_at_once_place_each_mail_once() -> None:
    mailbox, other = make_mailbox(), make_mailbox("sales@shop.example")
    for number in range(20):
        for raw in some_mail(number):
            store(raw, mailbox)
            store(raw, other)

    def work(channel: Channel) -> int:
        try:
            return understanding.drain(channel.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, [mailbox, other, mailbox, other]))
    assert set(Incoming.objects.values_list("state", flat=True)) == {"placed"}
    assert (Message.objects.count(), Conversation.objects.count()) == (160, 80)


def forget_readers() -> None:
    """A reader belongs to one process: the child must not use its parent's."""
    from regulars.channels.email.reading import readers

    for reader in readers._idle:
        reader.close()
    readers._idle.clear()


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    forget_readers()

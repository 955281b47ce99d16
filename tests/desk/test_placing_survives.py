"""kill -9 at any line while mail is placed, and two workers at once: every mail stands in its conversation, once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from regulars.channels.actions import understanding
from regulars.channels.models import Channel, Incoming
from regulars.desk.models import Conversation, Message
from tests import dying
from tests.desk.cast import make_mailbox
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

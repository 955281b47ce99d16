"""kill -9 at any line while a mail goes out, and two workers at once: it arrives at most once, and somebody knows."""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest
from django.db import connection

from regulars.channels.actions import carrying
from regulars.channels.models import Channel, Delivery
from regulars.channels.selectors import deliveries as out
from regulars.kernel import clock
from tests.channels.email.out.mail_server import MailServer
from tests.channels.email.out.test_carrying import again, put_down

pytestmark = pytest.mark.django_db(transaction=True)

WATCHED = ("channels/actions/carrying.py", "email/out/smtp.py")


def test_whoever_is_killed_at_whatever_line_sends_nothing_twice_and_loses_nothing_silently(
    sending: Channel, mail_server: MailServer
) -> None:
    ends: Counter[tuple[str, int]] = Counter()
    for number, line in enumerate(every_line(sending)):
        delivery = put_down(sending, about=f"message:{number + 1000}")
        before = len(mail_server.taken)
        in_a_child(lambda pk=delivery.pk, line=line: killed_at(line, lambda: carrying.deliver(pk)))
        with clock.frozen(clock.now() + timedelta(hours=1)):
            for pk in out.claimed_before(carrying.CLAIM_HOLDS):
                carrying.give_up(pk)
            carrying.deliver(delivery.pk)
        arrived = len(mail_server.taken) - before
        state = again(delivery).state
        assert (state, arrived) in {("sent", 1), ("unknown", 0), ("unknown", 1)}, f"killed at line {line}"
        ends[state, arrived] += 1
    assert all(ends[end] for end in (("sent", 1), ("unknown", 0), ("unknown", 1))), ends


def test_two_workers_at_once_send_each_mail_once(sending: Channel, mail_server: MailServer) -> None:
    queued = [put_down(sending, about=f"message:{number}").pk for number in range(30)]

    def work(order: list[int]) -> list[str | None]:
        try:
            return [carrying.deliver(pk) for pk in order]
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, [queued, queued, queued[::-1]]))
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {"sent": 30}
    ids = [mail["Message-ID"] for mail in mail_server.mails]
    assert len(ids) == len(set(ids)) == 30


def every_line(sending: Channel) -> Iterator[int]:
    """Numbers of the lines that run from the first to the last of one delivery."""
    seen = 0

    def count(_number: int) -> None:
        nonlocal seen
        seen += 1

    delivery = put_down(sending, about="message:999")
    watched(count, lambda: carrying.deliver(delivery.pk))
    assert seen > 100
    return iter(range(1, seen))


def killed_at(line: int, work: Callable[[], object]) -> None:
    def kill(number: int) -> None:
        if number == line:
            os.kill(os.getpid(), signal.SIGKILL)

    watched(kill, work)


def watched(look: Callable[[int], None], work: Callable[[], object]) -> None:
    """Do some work and be called before each of its lines in the files that carry mail."""
    number = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal number
        if not frame.f_code.co_filename.endswith(WATCHED):
            return None
        if event == "line":
            number += 1
            look(number)
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(None)


def in_a_child(work: Callable[[], object]) -> None:
    """Do it in a process of its own, which may die of it."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    os.waitpid(child, 0)

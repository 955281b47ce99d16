"""kill -9 at any line while a mail goes out, and two workers at once: it arrives at most once, and somebody knows."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from regulars.channels.actions import carrying
from regulars.channels.models import Channel, Delivery
from regulars.channels.selectors import deliveries as out
from regulars.kernel import clock
from tests import dying
from tests.channels.email.out.mail_server import MailServer
from tests.channels.email.out.test_carrying import again, put_down

pytestmark = pytest.mark.django_db(transaction=True)

WATCHED = ("channels/actions/carrying.py", "email/out/smtp.py")


def test_whoever_is_killed_at_whatever_line_sends_nothing_twice_and_loses_nothing_silently(
    sending: Channel, mail_server: MailServer
) -> None:
    ends: Counter[tuple[str, int]] = Counter()
    first = put_down(sending, about="message:999")
    lines = dying.count_lines(lambda: carrying.deliver(first.pk), of=WATCHED)
    assert lines > 100
    for number, line in enumerate(range(1, lines)):
        delivery = put_down(sending, about=f"message:{number + 1000}")
        before = len(mail_server.taken)
        dying.killed_at(line, lambda pk=delivery.pk: carrying.deliver(pk), of=WATCHED)
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

"""How channels stand, as /healthz and the page say it."""

from datetime import timedelta

import pytest
from django.db import connection

from regulars.channels.models import Channel, Incoming
from regulars.channels.selectors import standing
from regulars.kernel import clock, health
from tests.desk.cast import make_mailbox

pytestmark = pytest.mark.django_db


def asked(question: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()


def test_health_says_which_channel_does_not_work_and_since_when_without_its_name() -> None:
    assert health.TROUBLES["channels"] == standing.TROUBLED
    channel = make_mailbox()
    assert asked(standing.TROUBLED) == (None,)
    Channel.objects.update(trouble="It does not answer.", trouble_at=clock.now() - timedelta(minutes=5))
    assert asked(standing.TROUBLED) == (None,)
    Channel.objects.update(trouble_at=clock.now() - timedelta(minutes=11))
    (words,) = asked(standing.TROUBLED)
    assert str(words).startswith(f"channel {channel.pk} has not worked since ") and "help" not in str(words)
    Channel.objects.update(paused_at=clock.now())
    assert asked(standing.TROUBLED) == (None,)


def test_health_counts_mail_that_waits_and_leaves_history_out() -> None:
    assert health.BACKLOGS["mail"] == standing.WAITING
    channel, since = make_mailbox(), clock.now() - timedelta(seconds=30)
    common = {"channel": channel, "raw": b"x", "digest": b"", "received_at": since}
    Incoming.objects.create(**common, source_key="1")
    Incoming.objects.create(**common, source_key="2", is_history=True)
    Incoming.objects.create(**common, source_key="3", state="dead")
    count, seconds = asked(standing.WAITING)
    assert count == 1 and 29 < float(str(seconds)) < 60
    (one,) = standing.standings()
    assert (one.waiting, one.dead, one.is_fetched) == (2, 1, False)

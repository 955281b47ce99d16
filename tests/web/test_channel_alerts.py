"""Whoever looks after the desk hears by mail that a channel does not work, once, and that it works again, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from regulars.channels.models import Channel
from regulars.kernel import clock
from regulars.web.settings import alerts
from tests.conftest import NOON
from tests.desk.cast import make_agent, make_mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def help_(db: None) -> Channel:
    make_agent("Ines", role="owner")
    make_agent("Mara", role="manager")
    make_agent("Bo")
    channel = make_mailbox()
    Channel.objects.filter(pk=channel.pk).update(trouble="535 wrong password", trouble_at=NOON)
    return channel


def told_at(minutes: float) -> list[tuple[str, str]]:
    """Who is told what, so many minutes after the trouble began."""
    mail.outbox.clear()
    with clock.frozen(NOON + timedelta(minutes=minutes)):
        alerts.tell()
    return sorted((each.to[0], each.subject) for each in mail.outbox)


def test_a_trouble_that_lasts_is_told_once_to_those_who_can_mend_it(help_: Channel) -> None:
    assert told_at(9) == []
    subject = f"“{help_.name}” does not work"
    assert told_at(11) == [("ines@shop.example", subject), ("mara@shop.example", subject)]
    assert "535 wrong password" in mail.outbox[0].body
    assert f"/settings/channels/{help_.pk}/" in mail.outbox[0].body
    assert told_at(16) == []


def test_when_it_works_again_that_is_told_and_the_next_trouble_is_news(help_: Channel) -> None:
    told_at(11)
    Channel.objects.filter(pk=help_.pk).update(trouble="", trouble_at=None)
    again = f"“{help_.name}” works again"
    assert told_at(20) == [("ines@shop.example", again), ("mara@shop.example", again)]
    assert told_at(25) == []
    Channel.objects.filter(pk=help_.pk).update(out_trouble="timed out", out_trouble_at=NOON + timedelta(minutes=30))
    assert len(told_at(41)) == 2


def test_a_short_trouble_is_nobodys_mail_nor_is_that_of_a_channel_that_is_put_away(help_: Channel) -> None:
    Channel.objects.filter(pk=help_.pk).update(paused_at=NOON)
    assert told_at(60) == []
    Channel.objects.filter(pk=help_.pk).update(paused_at=None, trouble="", trouble_at=None)
    assert told_at(61) == []


def test_what_could_not_be_mailed_is_mailed_the_next_time_and_to_nobody_twice(
    help_: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = alerts.send_mail

    def refuses(*given: Any) -> int:
        raise ConnectionRefusedError

    def refuses_mara(*given: Any) -> int:
        return refuses() if given[3] == ["mara@shop.example"] else sent(*given)

    monkeypatch.setattr(alerts, "send_mail", refuses)
    assert told_at(11) == []
    monkeypatch.setattr(alerts, "send_mail", refuses_mara)
    assert [to for to, _ in told_at(16)] == ["ines@shop.example"]
    assert told_at(21) == []

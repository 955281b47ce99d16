"""kill -9 while a mail service calls, or right after: it calls again, and each mail is stored and placed once."""

import pytest
from django.db import connection
from django.test import Client

from regulars.channels import tasks
from regulars.channels.actions import understanding
from regulars.channels.models import Incoming
from regulars.desk.models import Conversation, Message
from tests import dying
from tests.channels.email.test_providers import channel, door, post
from tests.desk.post import mail

pytestmark = pytest.mark.django_db(transaction=True)
WATCHED = ("channels/actions/provided.py", "channels/actions/incoming.py", "channels/actions/mail_doors.py")
KILLS = 4


def said(number: int) -> dict[str, object]:
    """What Postmark says of a mail as it came."""
    raw = mail(f"Question {number}", id=f"q{number}@example.com").decode()
    return {"MessageID": f"pm-{number}", "OriginalRecipient": "help@shop.example", "RawEmail": raw}


def test_a_call_that_was_cut_anywhere_is_repeated_and_brings_each_mail_once() -> None:
    kept = channel("postmark")
    url = door(kept, "postmark")

    def call(number: int) -> None:
        assert post(Client(), url, said(number)).status_code == 200

    lines = dying.count_lines(lambda: call(0), of=WATCHED)
    assert lines > 40
    for number, line in enumerate(range(2, lines, lines // KILLS), start=1):
        dying.killed_at(line, lambda number=number: call(number), of=WATCHED)  # type: ignore[misc]
        call(number)
        assert Incoming.objects.count() == number + 1, f"killed at line {line}"
    understanding.drain(kept.pk)
    call(1)  # once more, after it has its place
    assert set(Incoming.objects.values_list("state", flat=True)) == {"placed"}
    assert Message.objects.count() == Conversation.objects.count() == Incoming.objects.count()


def test_what_was_stored_and_whose_job_was_lost_is_placed_all_the_same() -> None:
    kept = channel("postmark")
    assert post(Client(), door(kept, "postmark"), said(1)).json() == {"new": 1}
    with connection.cursor() as cursor:  # as if it had died between the two
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'channels.understand'")
        tasks.understand_all(0)
        cursor.execute("SELECT args ->> 'channel_id' FROM procrastinate_jobs WHERE task_name = 'channels.understand'")
        assert [int(row[0]) for row in cursor.fetchall()] == [kept.pk]
    tasks.understand(kept.pk)
    assert (Incoming.objects.get().state, Message.objects.get().text) == ("placed", "Question 1")

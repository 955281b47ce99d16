"""A draft that is being kept while its answer is being sent does not come back after it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from regulars.accounts.models import Agent
from regulars.desk.actions import drafts, messages
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation, Draft
from regulars.desk.selectors import threads
from tests.running.house import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def test_what_is_kept_while_it_is_sent_waits_and_is_then_not_kept(question: Conversation, ines: Agent) -> None:
    def keep() -> Draft | None:
        try:
            return drafts.save(question.pk, by=ines.actor, text="Dear Ada", is_sent=lambda: threads.is_written("k-1"))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            messages.reply(question.pk, Written(text="Dear Ada", key="k-1"), by=ines.actor)
            kept = other.submit(keep)
            wait_until(lambda: kept.done() or waits_for_a_lock())
            assert not kept.done()
        assert kept.result() is None
    assert not Draft.objects.exists()


def test_what_was_taken_back_is_not_said_twice(question: Conversation, ines: Agent) -> None:
    sent = messages.reply(question.pk, Written(text="Dear Ada"), by=ines.actor)
    drafts.save(question.pk, by=ines.actor, text="Dear Ada")
    messages.take_back(sent.pk, by=ines.actor)
    assert Draft.objects.get().text == "Dear Ada"

"""What else a customer has at the desk, beside a conversation of theirs."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.models import Conversation
from regulars.desk.selectors import cards
from regulars.kernel import clock
from tests.desk.conftest import ada, ines, mailbox

__all__ = ["ada", "ines", "mailbox"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("has", "shown"), [(1, 0), (7, 6), (9, 6)])
def test_the_newest_are_shown_and_all_are_counted_in_one_question(
    ada: Customer, ines: Agent, mailbox: Channel, has: int, shown: int
) -> None:
    now = clock.now()
    common: dict[str, Any] = {"customer": ada, "channel": mailbox, "created_at": now, "last_at": now}
    all_of_them = [Conversation.objects.create(**common) for _ in range(has)]
    Conversation.objects.create(**common, spam_at=now)
    Conversation.objects.create(**common, merged_into=all_of_them[0])
    cards.of_customer([ada.pk], by=ines.actor, without=0)  # whose words are made once a process
    with CaptureQueriesContext(connection) as asked:
        found = cards.of_customer([ada.pk], by=ines.actor, without=all_of_them[0].pk)
    assert [row.pk for row in found.rows] == [row.pk for row in reversed(all_of_them[1:])][:shown]
    assert found.count == has - 1
    assert sum("desk_conversation" in each["sql"] for each in asked.captured_queries) == 1
    assert cards.of_customer([ada.pk, -1], by=ines.actor, without=all_of_them[0].pk) == found

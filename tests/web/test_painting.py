"""Painting for open pages: each list is looked at once, and the rows that changed once for all of them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.desk.actions.steps import TOPIC
from regulars.desk.models import Conversation
from regulars.web.live.open_page import OpenPage
from regulars.web.live.painting import DeskPainter
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_agent, make_mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Customer:
    return make_customer("Ada Moreno", email="ada@example.com")


def painted(agents: list[Agent], lists: list[str], changed: set[int]) -> tuple[dict[OpenPage, Any], int]:
    """What the pages are told, and how many queries that took."""
    pages = [OpenPage(agent.pk, f"view={view}", None, "en") for agent in agents for view in lists]
    with CaptureQueriesContext(connection) as asked:
        told = DeskPainter().paint(pages, {TOPIC: changed})
    return told, len(asked)


def test_more_pages_on_a_list_and_more_rows_that_changed_take_no_more_queries(ada: Customer) -> None:
    ines, bo, mailbox = make_agent("Ines"), make_agent("Bo"), make_mailbox()
    first = ask(ada.pk, mailbox, subject="0")
    painted([ines], ["all"], {first.pk})  # what is asked once in a process
    _, few = painted([ines], ["all", "unassigned"], {first.pk})
    others = [ask(ada.pk, mailbox, subject=str(number)) for number in range(1, 8)]
    told, many = painted([ines, bo], ["all", "unassigned"], {each.pk for each in (first, *others)})
    assert many == few
    newest = [row.pk for row in Conversation.objects.order_by("-last_at", "-pk")]
    for events in told.values():
        assert [(name, content["order"], list(content["rows"])) for name, content in events] == [
            ("rows", newest, newest)
        ]


def test_another_list_takes_one_query_more(ada: Customer) -> None:
    ines, mailbox = make_agent("Ines"), make_mailbox()
    first = ask(ada.pk, mailbox)
    painted([ines], ["all"], {first.pk})
    _, one = painted([ines], ["all"], {first.pk})
    _, two = painted([ines], ["all", "unassigned"], {first.pk})
    assert two == one + 1

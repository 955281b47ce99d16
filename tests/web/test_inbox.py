"""The inbox's left half: views, the list, who sees what, and how many queries it takes."""

from typing import Any

import pytest
from django.test import Client

from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.desk.actions import assignments
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_agent, make_mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> Agent:
    return make_agent("Ines")


@pytest.fixture
def ada() -> Customer:
    return make_customer("Ada Moreno", email="ada@example.com")


@pytest.fixture
def inbox(client: Client, ines: Agent) -> Client:
    client.force_login(ines)
    return client


def rows(answer: Any) -> list[str]:
    """What the list calls its customers and subjects, in order."""
    return [f"{row.called}: {row.subject}" for row in answer.context["inbox"]["rows"]]


def test_mine_are_the_open_ones_i_have(inbox: Client, ines: Agent, ada: Customer) -> None:
    mailbox = make_mailbox()
    mine, _others = ask(ada.pk, mailbox, subject="Torn bag"), ask(ada.pk, mailbox, subject="Invoice")
    assignments.to_agent(mine.pk, ines.pk, by=ines.actor)
    assert rows(inbox.get("/inbox/")) == ["Ada Moreno: Torn bag"]
    assert rows(inbox.get("/inbox/?view=unassigned")) == ["Ada Moreno: Invoice"]
    assert rows(inbox.get("/inbox/?view=all")) == ["Ada Moreno: Invoice", "Ada Moreno: Torn bag"]

"""The cast as fixtures."""

import pytest

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.models import Conversation
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_agent, make_mailbox


@pytest.fixture
def ada(db: None) -> Customer:
    return make_customer("Ada Moreno", email="ada@example.com", external="u-1")


@pytest.fixture
def musa(db: None) -> Customer:
    return make_customer("Musa Traoré", email="musa@example.com", external="u-2")


@pytest.fixture
def ines(db: None) -> Agent:
    return make_agent("Ines")


@pytest.fixture
def bo(db: None) -> Agent:
    return make_agent("Bo")


@pytest.fixture
def mailbox(db: None) -> Channel:
    return make_mailbox()


@pytest.fixture
def question(ada: Customer, mailbox: Channel) -> Conversation:
    """Ada asked something a moment ago, and nobody has it yet."""
    return ask(ada.pk, mailbox)

"""The cast as fixtures."""

import pytest

from regulars.customers.models import Customer
from tests.customers.cast import make_customer


@pytest.fixture
def ada(db: None) -> Customer:
    return make_customer("Ada Moreno", email="ada@example.com", external="u-1")


@pytest.fixture
def musa(db: None) -> Customer:
    return make_customer("Musa Traoré", email="musa@example.com", external="u-2")

"""How a search may go on: every operator there is, with what may stand behind it."""

from types import SimpleNamespace

import pytest

from regulars.desk.selectors import search_query
from regulars.web.desk import operators


class Named(SimpleNamespace):
    def __str__(self) -> str:
        return self.name


CHOICES = {
    "labels": [Named(name="late"), Named(name="Damaged parcel")],
    "agents": [Named(name="Ines"), Named(name="Bo Okafor")],
    "teams": [Named(name="Shipping"), Named(name="Second line")],
    "channels": [Named(name="Mail to help@shop.example")],
}


@pytest.mark.django_db
def test_every_operator_is_offered_with_what_it_takes() -> None:
    offered = operators.offered(CHOICES)
    assert offered == {
        "is:": ["open", "waiting", "snoozed", "resolved", "mine", "unassigned", "following", "spam"],
        "priority:": ["urgent", "high", "normal", "low"],
        "kind:": ["issue", "account"],
        "has:": ["file"],
        "before:": ["today", "yesterday", "7d", "30d"],
        "after:": ["today", "yesterday", "7d", "30d"],
        "from:": [],
        "to:": [],
        "subject:": [],
        "file:": [],
        "label:": ["late", '"Damaged parcel"'],
        "assignee:": ["me", "nobody", "Ines", '"Bo Okafor"'],
        "team:": ["Shipping", '"Second line"'],
        "channel:": ['"Mail to help@shop.example"'],
    }
    assert set(offered) == set(search_query.OPERATORS)


@pytest.mark.django_db
def test_whatever_is_offered_unasked_is_understood() -> None:
    for name, values in operators.FIXED.items():
        for value in values:
            query = search_query.read(f"{name}{value}", zone="Europe/Berlin")
            assert (query.words, query.is_empty) == ([], False), (name, value)

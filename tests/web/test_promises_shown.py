"""What is promised in a conversation stands at its head, as long as it runs."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.desk.actions import policies
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.desk.acting import POLICY, answer, asked
from tests.desk.conftest import ada, ines, mailbox
from tests.desk.telling import at
from tests.web.test_conversation import page

__all__ = ["ada", "ines", "mailbox", "page"]
pytestmark = pytest.mark.django_db


def test_promises_that_run_are_marks_and_none_when_answered(
    page: Client, ada: Customer, mailbox: Any, ines: Agent
) -> None:
    with clock.frozen(at("2026-03-01 12:00")):
        policies.keep(POLICY, seen=0, by=SYSTEM)
    held = asked("10:00", ada, mailbox)

    def marks(moment: str) -> list[str]:
        with clock.frozen(at(moment)):
            html = page.get(reverse("desk:conversation", args=[held.pk]), HTTP_HX_REQUEST="true").content.decode()
        shown = html.partition('class="properties"')[2].partition("do-assign")[0]
        return re.findall(r"(First response|Next response|Resolution): (due in|late by)", shown)

    assert marks("12:00") == [("First response", "due in"), ("Resolution", "due in")]
    assert marks("15:00") == [("First response", "late by"), ("Resolution", "due in")]
    answer("15:30", held, ines, then="waiting")
    assert marks("15:31") == []

"""Ines reads a retention number off the page, and it is the library's."""

import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

import tenure
from regulars.insights.mirror.names import CONSUMER
from regulars.kernel import facts, tail
from tests.stories.browser import look

START = datetime(2025, 1, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def orders(transactional_db: None) -> list[facts.NewFact]:
    seeded = np.random.default_rng(5)
    new = [
        facts.NewFact(
            customer_id=int(seeded.integers(1, 150)),
            name="Order Completed",
            occurred_at=START + timedelta(days=int(seeded.integers(0, 300))),
            message_id=str(number),
            properties={"channel": ["web", "shop"][number % 2]},
        )
        for number in range(600)
    ]
    with transaction.atomic():
        facts.append(facts.as_columns(new), source_id=1)
    tail.catch_up(CONSUMER)
    return new


def test_the_number_on_the_page_is_the_librarys(signed_in: Page, orders: list[facts.NewFact]) -> None:
    page = signed_in
    page.goto("/retention/?zone=Europe/Berlin&n=3")
    shown = page.locator("[data-kind=classic] .value").text_content() or ""
    answer = tenure.retention(
        customer=np.array([fact.customer_id for fact in orders]),
        time=np.array([fact.occurred_at.replace(tzinfo=None) for fact in orders], "datetime64[us]").astype(np.int64),
        period="month",
        zone="Europe/Berlin",
        as_of=max(fact.occurred_at for fact in orders).date(),
        periods=12,
    )
    expected = 100 * float(answer.curve("classic").rate[3])
    assert float(shown.split("\N{NARROW NO-BREAK SPACE}")[0]) == round(expected, 1)


def test_a_choice_in_the_sentence_changes_the_answer_and_the_address(
    signed_in: Page, orders: list[facts.NewFact]
) -> None:
    page = signed_in
    page.goto("/retention/")
    page.locator("vega-chart svg").wait_for()
    page.get_by_label("By", exact=True).select_option("week")
    page.get_by_role("columnheader", name="12", exact=True).wait_for()
    expect(page).to_have_url(re.compile("period=week"))
    page.get_by_label("Broken down by").select_option(label="channel of the first one")
    page.get_by_role("rowheader", name="shop").wait_for()
    page.reload()
    expect(page.get_by_label("By", exact=True)).to_have_value("week")
    expect(page.get_by_role("rowheader", name="shop")).to_be_visible()


def test_the_page_is_accessible_in_light_dark_and_on_a_phone(signed_in: Page, orders: list[facts.NewFact]) -> None:
    signed_in.goto("/retention/")
    signed_in.locator("vega-chart svg").wait_for()
    look(signed_in, "retention")

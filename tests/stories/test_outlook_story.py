"""Ines looks at how long customers stay, what is kept, what they are worth and who is leaving."""

import re

import pytest
from playwright.sync_api import Page, expect

from regulars.insights.scoring import running
from regulars.kernel import clock
from tests.insights.shop import NOW, open_shop
from tests.stories.browser import look


@pytest.fixture
def shop(transactional_db: None) -> None:
    open_shop()
    with clock.frozen(NOW):
        running.learn()


def test_a_choice_in_the_sentence_changes_who_is_gone_and_the_address(signed_in: Page, shop: None) -> None:
    page = signed_in
    page.goto("/retention/survival/")
    page.locator("vega-chart svg").wait_for()
    gone = page.locator(".stat", has_text="Gone").locator(".value").first
    before = gone.text_content()
    page.get_by_label("Days of silence").fill("30")
    page.get_by_label("Days of silence").press("Enter")
    expect(page).to_have_url(re.compile("days=30"))
    expect(gone).not_to_have_text(before or "")
    page.reload()
    expect(page.get_by_label("Days of silence")).to_have_value("30")


@pytest.mark.parametrize(
    ("path", "name"),
    [("survival/", "survival"), ("revenue/?period=month", "revenue"), ("value/", "value"),
     ("model-card/", "model-card"), ("at-risk/", "at-risk")],
)  # fmt: skip
def test_each_page_is_accessible_in_light_dark_and_on_a_phone(
    signed_in: Page, shop: None, path: str, name: str
) -> None:
    signed_in.goto(f"/retention/{path}")
    for chart in signed_in.locator("vega-chart").all():
        chart.locator("svg").wait_for()
    expect(signed_in.locator(".empty")).to_have_count(0)
    look(signed_in, f"retention-{name}")

"""Ines looks at how the desk is doing, follows a number to its conversations, and sets what is promised."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from regulars.desk.actions import episodes, letting_go, messages, policies
from regulars.desk.actions.messages import Written
from regulars.desk.selectors.policies import in_force
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.customers.cast import make_customer
from tests.desk.acting import POLICY
from tests.desk.cast import ask, make_agent, make_mailbox
from tests.stories.browser import look


@pytest.fixture
def answered(transactional_db: None) -> None:
    """Twenty customers asked over the last three weeks; Bo answered all but two of them within the hour."""
    begin = clock.now() - timedelta(days=21)
    with clock.frozen(begin - timedelta(days=1)):
        policies.keep(POLICY, seen=0, by=SYSTEM)
    channel, bo = make_mailbox(), make_agent("Bo")
    asked = []
    for number in range(20):
        moment = begin + timedelta(days=number, hours=number % 5)
        with clock.frozen(moment):
            asked.append(ask(make_customer(f"Customer {number}").pk, channel).pk)
        if number < 18:
            with clock.frozen(moment + timedelta(minutes=10 + number)):
                reply = messages.reply(asked[-1], Written(text="Here it is."), by=bo.actor, then="resolved")
            with clock.frozen(moment + timedelta(hours=1)):
                letting_go.let_go(reply.pk)
    episodes.refold(asked)


def test_a_number_leads_to_its_conversations(signed_in: Page, answered: None) -> None:
    page = signed_in
    page.goto("/numbers/")
    page.locator("vega-chart svg").first.wait_for()
    page.get_by_label("Told apart by").select_option("agent")
    expect(page).to_have_url(re.compile("by=agent"))
    line = page.locator("section", has=page.get_by_role("heading", name="By agent")).get_by_role("row", name="Bo")
    line.get_by_role("link", name="18", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversations that began")
    expect(page.locator(".numbers tbody tr")).to_have_count(18)
    expect(page.locator(".numbers tbody a").first).to_have_text(re.compile("Where is my order"))


def test_the_page_is_accessible_in_light_dark_and_on_a_phone(signed_in: Page, answered: None) -> None:
    signed_in.goto("/numbers/?by=agent")
    for chart in signed_in.locator("vega-chart").all():
        chart.locator("svg").wait_for()
    look(signed_in, "numbers")
    signed_in.goto("/numbers/conversations/?measure=first")
    look(signed_in, "numbers-behind")


def test_hours_and_a_target_are_set_by_typing(signed_in: Page, transactional_db: None) -> None:
    page = signed_in
    page.goto("/settings/targets/")
    page.get_by_role("link", name="Add a target").click()
    expect(page.get_by_role("heading", name="New hours")).to_be_visible()
    page.get_by_label("Saturday").fill("10:00-14")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Until you say when you are there")).to_have_count(0)
    page.get_by_role("link", name="Add a target").click()
    page.get_by_label("Name").fill("Everybody")
    page.get_by_label("First response within").fill("4 h")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("row", name="Everybody")).to_contain_text("4 h")
    now = in_force().policy
    assert now.targets[0].seconds == {"first": 14_400}
    assert [len(day) for day in now.hours["Office"].week] == [1, 1, 1, 1, 1, 1, 0]
    look(page, "targets")

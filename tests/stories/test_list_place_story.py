"""Joining two conversations, in a real browser: one comes back to the list one left, at its place."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_mailbox


def test_the_list_is_where_it_was_after_joining(signed_in: Page) -> None:
    mailbox, ada = make_mailbox(), make_customer("Ada Moreno", email="ada@example.com")
    asked = [ask(ada.pk, mailbox, f"Question {number}") for number in range(20)]
    signed_in.goto("/inbox/?view=unassigned&sort=oldest")
    place, last = "document.querySelector('#list').scrollTop", signed_in.locator(f"#row-{asked[-1].pk}")
    last.locator(".row-link").click()
    expect(signed_in.locator("#subject")).to_have_text("Question 19")
    left: Any = signed_in.evaluate(place)
    signed_in.get_by_label("More you can do").click()
    signed_in.get_by_role("link", name="Link to another…").click()
    signed_in.get_by_role("button", name="Link: #").first.click()
    expect(signed_in.locator("#views [aria-current]")).to_contain_text("Unassigned")
    expect(last).to_be_in_viewport()
    assert left > 0
    signed_in.wait_for_function(f"Math.abs({place} - {left}) < 4")

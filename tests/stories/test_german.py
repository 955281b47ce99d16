"""The product in German: its longer words fit, on a phone too."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser import look
from tests.stories.openings import INSIDE
from tests.stories.proving import nothing_counted
from tests.stories.test_every_page import opened

__all__ = ["nothing_counted"]
pytestmark = pytest.mark.django_db(transaction=True)

FIT = [
    "home",
    "customers:list",
    "customers:profile",
    "retention:page",
    "imports:list",
    "settings:index",
    "settings:people",
    "settings:keys",
    "settings:rejected",
    "settings:company",
    "settings:security",
    "mfa_index",
]


def test_an_agent_chooses_german_and_every_page_fits(signed_in: Page, ines: Any) -> None:
    signed_in.goto("/settings/security/")
    signed_in.get_by_label("Language").select_option("de")
    signed_in.get_by_role("button", name="Keep").click()
    expect(signed_in.get_by_text("Gespeichert.")).to_be_visible()
    for name in FIT:
        place = INSIDE[name]
        signed_in.goto(place if isinstance(place, str) else place())
        expect(signed_in.locator("html")).to_have_attribute("lang", "de")
        opened(signed_in, name)
    for name, path in (("home", "/"), ("customers", "/customers/"), ("security", "/settings/security/")):
        signed_in.goto(path)
        look(signed_in, f"german-{name}")


def test_sign_in_speaks_german_to_a_german_browser(browser: Any, address: str, transactional_db: None) -> None:
    context = browser.new_context(base_url=address, locale="de-DE")
    page = context.new_page()
    page.goto("/")
    expect(page).to_have_title("Anmelden · Regulars")
    look(page, "german-sign-in")
    context.close()

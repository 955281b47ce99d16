"""The shell in a real browser: by keyboard, in both themes, on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser import check_access, check_width, look
from tests.stories.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_agent_signs_in_by_keyboard_alone(page: Page, ines: Any) -> None:
    page.goto("/")
    expect(page).to_have_title("Sign in · Regulars")
    page.get_by_label("E-mail").focus()
    page.keyboard.type(ines.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_home_looks_well(signed_in: Page) -> None:
    signed_in.goto("/")
    look(signed_in, "home")

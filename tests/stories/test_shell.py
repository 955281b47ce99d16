"""The shell in a real browser: by keyboard, in both themes, on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser import look
from tests.stories.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pieces(signed_in: Page, settings: Any) -> Page:
    settings.ROOT_URLCONF = "tests.stories.pieces"
    signed_in.goto("/pieces/")
    return signed_in


def test_an_agent_signs_in_by_keyboard_alone(page: Page, ines: Any) -> None:
    page.goto("/")
    page.locator("[name=login]").focus()
    page.keyboard.type(ines.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_home_looks_well(signed_in: Page) -> None:
    signed_in.goto("/")
    look(signed_in, "home")


def test_every_piece_looks_well(pieces: Page) -> None:
    pieces.locator("vega-chart[data-drawn] svg").wait_for()
    look(pieces, "pieces")


@pytest.mark.parametrize(
    "path, name",
    [("/account/login/", "sign-in"), ("/account/login/code/", "code"), ("/account/password/reset/", "reset")],
)
def test_pages_before_sign_in_look_well(page: Page, path: str, name: str) -> None:
    page.goto(path)
    look(page, name)


@pytest.mark.parametrize(
    "path, name",
    [
        ("/account/2fa/", "own-second-factor"),
        ("/account/sessions/", "own-sessions"),
        ("/account/password/change/", "own-password"),
        ("/account/email/", "own-email"),
    ],
)
def test_an_agents_own_pages_look_well(signed_in: Page, path: str, name: str) -> None:
    signed_in.goto(path)
    look(signed_in, name)

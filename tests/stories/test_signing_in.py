"""Signing in, and looking after how one signs in, as it looks."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser import look
from tests.stories.conftest import PASSWORD
from tests.stories.proving import mailed_code, nothing_counted

__all__ = ["nothing_counted"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_code_by_mail_signs_in(page: Page, ines: Any) -> None:
    page.goto("/account/login/")
    page.get_by_role("link", name="Send me a code by mail").click()
    page.locator("[name=email]").fill(ines.email)
    page.get_by_role("button", name="Send the code").click()
    expect(page).to_have_title("Enter the code · Regulars")
    look(page, "code-sent")
    page.locator("[name=code]").fill(mailed_code())
    page.get_by_role("button", name="Confirm").click()
    expect(page).to_have_title("Home · Regulars")


def test_a_wrong_password_is_told_kindly_and_keeps_the_address(page: Page, ines: Any) -> None:
    page.goto("/account/login/")
    page.locator("[name=login]").fill(ines.email)
    page.locator("[name=password]").fill("not this one at all")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=login]")).to_have_value(ines.email)
    look(page, "sign-in-refused")


@pytest.mark.parametrize(
    "path, heading, name",
    [
        ("/account/2fa/totp/activate/", "Set up an authenticator app", "own-authenticator"),
        ("/account/2fa/webauthn/add/", "Add a passkey", "own-passkey-add"),
    ],
)
def test_ways_to_prove_oneself_look_well(signed_in: Page, path: str, heading: str, name: str) -> None:
    signed_in.goto(path)
    signed_in.locator("[name=password]").fill(PASSWORD)
    signed_in.get_by_role("button", name="Confirm").click()
    expect(signed_in.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    look(signed_in, name)


def test_passkeys_to_come_look_well(signed_in: Page) -> None:
    signed_in.goto("/account/2fa/webauthn/")
    expect(signed_in.get_by_text("No passkey yet")).to_be_visible()
    look(signed_in, "own-passkeys")


def test_what_matters_asks_again_who_one_is(signed_in: Page) -> None:
    signed_in.goto("/account/2fa/totp/activate/")
    expect(signed_in).to_have_title("Is it still you? · Regulars")
    look(signed_in, "again")

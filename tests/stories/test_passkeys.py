"""Passkeys in a real browser: one renames, removes and proves oneself with them."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser import look
from tests.stories.proving import authenticator, enter_password, expect_home, nothing_counted, prove

__all__ = ["authenticator", "nothing_counted"]
pytestmark = pytest.mark.django_db(transaction=True)


def add(page: Page, name: str, *, alone: bool = True) -> None:
    page.goto("/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        prove(page)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Sign in with it alone").set_checked(alone)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("#codes, .list-rows")).to_be_visible()


def test_passkeys_are_renamed_and_removed(signed_in: Page, authenticator: Callable[[], None]) -> None:
    authenticator()
    add(signed_in, "A laptop with a rather long name, so that it must wrap somewhere on a phone")
    signed_in.goto("/account/2fa/webauthn/")
    look(signed_in, "own-passkeys-one")
    signed_in.get_by_role("link", name="Rename").click()
    expect(signed_in.get_by_label("Name")).to_be_focused()
    look(signed_in, "own-passkey-rename")
    signed_in.get_by_label("Name").fill("Work laptop")
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_text("Work laptop")).to_be_visible()
    signed_in.get_by_role("link", name="Remove").click()
    expect(signed_in.locator("main")).to_contain_text("Work laptop will no longer sign you in")
    look(signed_in, "own-passkey-remove")
    signed_in.get_by_role("button", name="Remove").click()
    expect(signed_in.get_by_text("No passkey yet")).to_be_visible()


def test_a_passkey_that_is_a_second_factor_only_is_asked_for_after_the_password(
    signed_in: Page, ines: Any, authenticator: Callable[[], None]
) -> None:
    authenticator()
    add(signed_in, "Stick", alone=False)
    signed_in.context.clear_cookies()
    enter_password(signed_in, ines)
    look(signed_in, "second-factor-passkey")
    signed_in.get_by_role("button", name="Use a passkey or a security key").click()
    expect_home(signed_in)


def test_a_passkey_proves_that_it_is_still_them(
    signed_in: Page, sign_in: Any, ines: Any, authenticator: Callable[[], None]
) -> None:
    authenticator()
    add(signed_in, "Laptop")
    sign_in(ines)
    signed_in.goto("/account/2fa/recovery-codes/generate/")
    signed_in.get_by_role("link", name="passkey").or_(signed_in.get_by_role("link", name="security key")).click()
    look(signed_in, "again-by-passkey")
    signed_in.get_by_role("button", name="Use a passkey or a security key").click()
    expect(signed_in.get_by_role("heading", name="Make new recovery codes?")).to_be_visible()

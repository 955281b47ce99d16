"""The second factor as its owner sees it: asked for, set up, renewed and turned off."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser import look
from tests.stories.proving import (
    SECRET,
    app_code,
    enter_password,
    expect_home,
    nothing_counted,
    prove,
    with_app,
)

__all__ = ["nothing_counted"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_after_the_password_an_apps_code_signs_in_by_keyboard_alone(page: Page, ines: Any) -> None:
    with_app(ines)
    enter_password(page, ines)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    expect(page.get_by_label("Code")).to_be_focused()
    look(page, "second-factor")
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_visible()
    expect(page.get_by_label("Code")).to_be_focused()
    look(page, "second-factor-wrong")
    page.keyboard.press("Control+a")
    page.keyboard.type(app_code(SECRET))
    page.keyboard.press("Enter")
    expect_home(page)


def test_a_recovery_code_signs_in_once(page: Page, ines: Any) -> None:
    codes = with_app(ines)
    enter_password(page, ines)
    page.get_by_label("Code").fill(codes[0])
    page.keyboard.press("Enter")
    expect_home(page)
    page.context.clear_cookies()
    enter_password(page, ines)
    page.get_by_label("Code").fill(codes[0])
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_visible()


def test_somebody_who_cannot_prove_themselves_may_leave(page: Page, ines: Any) -> None:
    with_app(ines)
    enter_password(page, ines)
    page.get_by_role("button", name="Cancel").click()
    expect(page).to_have_title("Sign in · Regulars")


def test_an_app_is_set_up_and_recovery_codes_are_seen_once(signed_in: Page) -> None:
    signed_in.goto("/account/2fa/")
    signed_in.get_by_role("link", name="Set up").click()
    prove(signed_in)
    secret = signed_in.locator("#secret").inner_text()
    signed_in.get_by_label("Authenticator code").fill("123")
    signed_in.get_by_role("button", name="Turn it on").click()
    look(signed_in, "own-authenticator-wrong")
    assert signed_in.locator("#secret").inner_text() == secret
    signed_in.get_by_label("Authenticator code").fill(app_code(secret))
    signed_in.get_by_role("button", name="Turn it on").click()
    codes = signed_in.locator("#codes").inner_text().split()
    assert len(set(codes)) == 10
    look(signed_in, "own-recovery-codes")
    signed_in.get_by_role("link", name="Done").click()
    expect(signed_in.locator("main")).to_contain_text("10 of 10 are unused")
    look(signed_in, "own-second-factor-with-app")
    signed_in.goto("/account/2fa/recovery-codes/")
    expect(signed_in.locator("main")).to_contain_text("10 codes are unused")
    assert codes[0] not in signed_in.content()
    look(signed_in, "own-recovery-codes-hidden")


def test_new_recovery_codes_replace_the_old(signed_in: Page, ines: Any) -> None:
    old = with_app(ines)
    signed_in.goto("/account/2fa/")
    signed_in.get_by_role("link", name="Make new codes").click()
    prove(signed_in)
    expect(signed_in.get_by_text("The codes you have now will stop working.")).to_be_visible()
    look(signed_in, "own-recovery-codes-new")
    signed_in.get_by_role("button", name="Make new codes").click()
    fresh = signed_in.locator("#codes").inner_text().split()
    assert len(fresh) == 10
    assert not set(fresh) & set(old)


def test_the_app_is_turned_off_after_proving_oneself_with_it(signed_in: Page, ines: Any) -> None:
    with_app(ines)
    signed_in.goto("/account/2fa/")
    signed_in.get_by_role("link", name="Turn off").click()
    expect(signed_in).to_have_title("Is it still you? · Regulars")
    look(signed_in, "again-with-other-ways")
    signed_in.locator(".buttons a").first.click()
    look(signed_in, "again-by-app")
    signed_in.get_by_label("Code").fill(app_code(SECRET))
    signed_in.get_by_role("button", name="Confirm").click()
    expect(signed_in.get_by_role("heading", name="Turn the authenticator app off?")).to_be_visible()
    look(signed_in, "own-authenticator-off")
    signed_in.get_by_role("button", name="Turn it off").click()
    expect(signed_in.get_by_role("link", name="Set up")).to_be_visible()
    look(signed_in, "own-second-factor-off-again")

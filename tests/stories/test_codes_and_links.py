"""Codes by mail, a new password, invitations, links that are over, sessions that ended elsewhere."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.stories.browser import look
from tests.stories.conftest import PASSWORD
from tests.stories.proving import enter_password, expect_home, mailed_code, nothing_counted

__all__ = ["nothing_counted"]
pytestmark = pytest.mark.django_db(transaction=True)

NEW_PASSWORD = "three slow otters drift"


def ask_for_a_code(page: Page, agent: Any) -> None:
    page.goto("/account/login/code/")
    page.get_by_label("Email").fill(agent.email)
    page.get_by_role("button", name="Send the code").click()
    expect(page).to_have_title("Enter the code · Regulars")


def test_a_wrong_code_is_told_and_may_be_tried_again(page: Page, ines: Any) -> None:
    ask_for_a_code(page, ines)
    page.keyboard.type("WRONG1")
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_visible()
    expect(page.get_by_label("Code")).to_be_focused()
    look(page, "code-wrong")
    page.get_by_label("Code").fill(mailed_code())
    page.keyboard.press("Enter")
    expect_home(page)


def test_after_three_wrong_codes_one_asks_for_a_new_one(page: Page, ines: Any) -> None:
    ask_for_a_code(page, ines)
    for _ in range(3):
        page.get_by_label("Code").fill("WRONG1")
        page.get_by_role("button", name="Confirm").click()
    expect(page).to_have_title("Sign in with a code · Regulars")
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "code-too-often")


def test_an_expired_code_says_so(page: Page, ines: Any, settings: Any) -> None:
    ask_for_a_code(page, ines)
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1
    page.get_by_label("Code").fill(mailed_code())
    page.keyboard.press("Enter")
    expect(page).to_have_title("Sign in with a code · Regulars")
    expect(page.get_by_role("status")).to_contain_text("This code is no longer good")
    look(page, "code-expired")


def test_a_forgotten_password_is_replaced_with_a_code(page: Page, ines: Any) -> None:
    page.goto("/account/password/reset/")
    expect(page.locator("input:focus")).to_be_visible()  # what is typed before goes nowhere
    page.keyboard.type(ines.email)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    look(page, "reset-code")
    page.keyboard.type("WRONG1")
    page.keyboard.press("Enter")
    look(page, "reset-code-wrong")
    page.get_by_label("Code").fill(mailed_code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Choose a new password")).to_be_visible()
    look(page, "reset-new-password")
    for password in ("password1234", NEW_PASSWORD):
        page.locator("[name=password1]").fill(password)
        page.locator("[name=password2]").fill(password)
        page.get_by_role("button", name="Keep this password").click()
        if password != NEW_PASSWORD:
            expect(page.locator(".errors")).to_contain_text("too common")
            look(page, "reset-new-password-refused")
    expect(page.get_by_role("heading", name="Now sign in with it")).to_be_visible()
    look(page, "reset-done")
    page.get_by_role("link", name="Sign in").click()
    page.locator("[name=login]").fill(ines.email)
    page.locator("[name=password]").fill(NEW_PASSWORD)
    page.keyboard.press("Enter")
    expect_home(page)


def test_a_code_for_a_new_password_that_is_over_says_so(page: Page, ines: Any, settings: Any) -> None:
    page.goto("/account/password/reset/")
    expect(page.locator("input:focus")).to_be_visible()  # what is typed before goes nowhere
    page.keyboard.type(ines.email)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_be_focused()
    settings.ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = -1
    page.get_by_label("Code").fill(mailed_code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("This code is no longer good")
    look(page, "reset-expired")


def invited(by: Any) -> str:
    from regulars.accounts.actions import invitations

    return urlsplit(invitations.invite("eva@shop.example", role="analyst", by=by)).path


def test_an_invitation_that_was_used_or_is_too_old_says_so(page: Page) -> None:
    from regulars.accounts.models import Invitation

    path = invited(SYSTEM)
    Invitation.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    page.goto(path)
    expect(page.get_by_role("alert")).to_contain_text("This invitation has expired, was used already")
    look(page, "invitation-over")


def test_a_password_that_is_too_easy_is_told_and_the_name_stays(page: Page) -> None:
    page.goto(invited(SYSTEM))
    page.get_by_label("Your name").fill("Eva Stone")
    page.get_by_label("Password").fill("password1234")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_label("Your name")).to_have_value("Eva Stone")
    expect(page.locator(".errors")).to_be_visible()
    look(page, "joining-refused")


def test_a_one_time_link_works_once(page: Page, ines: Any) -> None:
    from regulars.accounts.actions import one_time_links

    path = urlsplit(str(one_time_links.sign_in_link(ines.email, by=SYSTEM))).path
    page.goto(path)
    page.get_by_role("button", name="Sign in").click()
    expect_home(page)
    page.context.clear_cookies()
    page.goto(path)
    look(page, "link-over")


def elsewhere(browser: Browser, address: str, agent: Any) -> Page:
    page = browser.new_context(base_url=address).new_page()
    enter_password(page, agent)
    return page


def test_a_session_that_was_ended_elsewhere_says_so_and_one_goes_on_where_one_was(
    page: Page, browser: Browser, address: str, ines: Any
) -> None:
    enter_password(page, ines)
    expect_home(page)
    other = elsewhere(browser, address, ines)
    other.goto("/account/sessions/")
    look(other, "own-sessions-two")
    other.get_by_role("button", name="Sign the others out").click()
    expect(other.get_by_role("button", name="Sign out", exact=True).last).to_be_visible()
    other.context.close()
    page.goto("/settings/people/")
    expect(page).to_have_title("Sign in · Regulars")
    expect(page.get_by_role("status")).to_contain_text("Your session has ended")
    look(page, "session-ended")
    page.locator("[name=login]").fill(ines.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_title("People · Settings · Regulars")

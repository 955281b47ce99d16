"""The settings in a real browser, and coming in for the first time, with a passkey."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from regulars.accounts.actions import first_owner, invitations, keys
from regulars.kernel.actors import SYSTEM
from tests.stories.browser import look
from tests.stories.conftest import PASSWORD, agent
from tests.stories.proving import authenticator, nothing_counted

__all__ = ["authenticator", "nothing_counted"]
pytestmark = pytest.mark.django_db(transaction=True)


def path_of(link: str | None) -> str:
    assert link is not None
    return urlsplit(link).path


@pytest.fixture
def busy(signed_in: Page, ines: Any) -> Page:
    """Some colleagues, an invitation, keys, a record of acts."""
    agent("bo@shop.example", name="Bo Lindqvist", role="agent")
    agent("mia.with.a.rather.long.address@shop.example", name="", role="manager")
    invitations.invite("eva@shop.example", role="analyst", by=ines.actor)
    keys.create("browser", name="Storefront", by=ines.actor)
    keys.create("server", name="Orders", by=ines.actor)
    return signed_in


@pytest.mark.parametrize("name", ["", "people", "keys", "company", "security", "audit"])
def test_the_settings_look_well(busy: Page, name: str) -> None:
    busy.goto(f"/settings/{name}/" if name else "/settings/")
    look(busy, f"settings-{name or 'index'}")


def test_a_new_key_is_shown_with_lines_to_copy(signed_in: Page) -> None:
    signed_in.goto("/settings/keys/")
    signed_in.get_by_label("Name", exact=True).fill("Web shop")
    signed_in.get_by_role("button", name="Make the key").click()
    expect(signed_in.locator("#key-text")).to_contain_text("server_")
    look(signed_in, "settings-new-key")


def test_an_invited_colleague_comes_in_by_the_link(signed_in: Page, browser: Any, address: str) -> None:
    signed_in.goto("/settings/people/")
    signed_in.get_by_label("E-mail address").fill("eva@shop.example")
    signed_in.get_by_role("button", name="Invite").click()
    link = signed_in.locator("#invitation-link").inner_text()
    look(signed_in, "settings-invited")
    theirs = browser.new_context(base_url=address).new_page()
    theirs.goto(path_of(link))
    look(theirs, "joining")
    theirs.get_by_label("Your name").fill("Eva Stone")
    theirs.get_by_label("Password").fill("three slow otters drift")
    theirs.get_by_role("button", name="Begin").click()
    expect(theirs.get_by_role("heading", name="You are in")).to_be_visible()
    theirs.context.close()


def test_ending_access_asks_for_the_password_first_and_then_does_it(busy: Page) -> None:
    busy.goto("/settings/people/")
    busy.get_by_role("row", name="Bo Lindqvist").get_by_role("button", name="End access").click()
    busy.get_by_role("dialog").get_by_role("button", name="End access").click()
    look(busy, "reauthenticate")
    busy.get_by_label("Password").fill(PASSWORD)
    busy.get_by_role("button", name="Confirm").click()
    expect(busy.get_by_text("Bo Lindqvist can no longer sign in")).to_be_visible()
    busy.goto("/settings/people/")
    expect(busy.get_by_role("row", name="Bo Lindqvist")).to_contain_text("access ended")


def test_the_first_owner_comes_in_adds_a_passkey_and_signs_in_with_it(
    page: Page, authenticator: Callable[[], None]
) -> None:
    authenticator()
    page.goto(path_of(first_owner.link()))
    look(page, "first-owner")
    page.get_by_label("Your name").fill("Olga Marin")
    page.get_by_label("E-mail address").fill("olga@shop.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    look(page, "ready")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_label("Sign in with it alone")).to_be_checked()
    page.get_by_role("button", name="Add").click()
    look(page, "recovery-codes")
    page.goto("/account/2fa/")
    look(page, "own-second-factor-with-passkey")
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_a_one_time_link_signs_in_by_its_button(page: Page, ines: Any) -> None:
    from regulars.accounts.actions import one_time_links

    page.goto(path_of(one_time_links.sign_in_link(ines.email, by=SYSTEM)))
    look(page, "one-time-link")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()

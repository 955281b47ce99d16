"""What stories about signing in need: codes from the mail and from an app, keys without a finger."""

import base64
import hmac
import re
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import PASSWORD

SECRET = base64.b32encode(b"a secret of an authenticator"[:20]).decode()
SOFTWARE_KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    """Throttling counts in the cache, which the emptying of tables between stories leaves alone."""
    yield
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def authenticator(page: Page) -> Callable[[], None]:
    """The browser's own virtual authenticator: a passkey without a finger."""

    return lambda: plug_in(page)


def plug_in(page: Page) -> None:
    """Give the page an authenticator that says yes by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": SOFTWARE_KEY})


def app_code(secret: str) -> str:
    """RFC 6238, by hand: six digits of the present half minute."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def mailed_code() -> str:
    """The code in the last mail that left."""
    from django.core import mail

    body = str(mail.outbox[-1].body)
    found = re.search(r"^    (\S+)$", body, re.MULTILINE)
    assert found, body
    return found[1]


def with_app(agent: Any) -> list[str]:
    """Give an agent an authenticator app that knows SECRET; their recovery codes."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(agent, SECRET)
    return RecoveryCodes.activate(agent).get_unused_codes()


def enter_password(page: Page, agent: Any, *, path: str = "/account/login/") -> None:
    """Sign in as far as a password goes."""
    page.goto(path)
    page.locator("[name=login]").fill(agent.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def prove(page: Page) -> None:
    """Answer the question whether it is still them."""
    expect(page).to_have_title("Is it still you? · Regulars")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def expect_home(page: Page) -> None:
    """Signed in, and at home."""
    expect(page).to_have_title("Home · Regulars")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()

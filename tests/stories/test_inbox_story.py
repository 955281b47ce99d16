"""A morning in the inbox, in a real browser: by mouse, by keyboard alone, without scripts, on a phone."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.desk.shop_day import open_shop
from tests.stories.browser import look


def test_the_list_in_every_light(signed_in: Page, ines: Any) -> None:
    open_shop(ines)
    signed_in.goto("/inbox/?status=any")
    expect(signed_in.locator(".inbox-row")).to_have_count(6)
    look(signed_in, "inbox-mine")
    signed_in.set_viewport_size({"width": 1680, "height": 1000})
    signed_in.goto("/inbox/?view=all&status=any")
    signed_in.wait_for_timeout(300)
    signed_in.screenshot(path="var/looks/inbox-wide.png")

"""No page is forgotten: each address either is opened here and passes axe, or says why it has no page."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve, reverse
from playwright.sync_api import Page, expect

from tests.stories.browser import NARROWEST, check_access, check_width, look, sized, take_axe_along
from tests.stories.openings import ACT, INSIDE, NO_PAGE, OUTSIDE, STEPS
from tests.stories.proving import enter_password, expect_home, nothing_counted, prove

__all__ = ["nothing_counted"]
pytestmark = pytest.mark.django_db(transaction=True)


FOR_PROGRAMS = "api/v1/"


def addresses(resolver: Any = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address for people, with its name as `reverse` takes it; those for programs are all below one place."""
    for each in (resolver or get_resolver()).url_patterns:
        if str(each.pattern) == FOR_PROGRAMS:
            continue
        if isinstance(each, URLPattern):
            yield f"{space}{each.name}", each
        else:
            yield from addresses(each, f"{space}{each.namespace}:" if each.namespace else space)


def test_every_address_is_opened_or_says_why_it_has_no_page() -> None:
    told = [*INSIDE, *OUTSIDE, *STEPS, *NO_PAGE]
    assert len(told) == len(set(told))
    assert {name for name, _pattern in addresses()} == set(told)


def test_what_is_said_to_take_forms_only_shows_nothing(ines: Any) -> None:
    client = Client()
    client.force_login(ines, backend="django.contrib.auth.backends.ModelBackend")
    for name, pattern in addresses():
        if NO_PAGE.get(name) == ACT:
            found = client.get(reverse(name, args=[1 for _each in pattern.pattern.converters]))
            assert found.status_code == 405, name


def opened(page: Page, name: str) -> None:
    """The page is really the one, and axe finds nothing serious: in the dark, on the narrowest phone."""
    assert resolve(page.evaluate("location.pathname")).view_name == name
    expect(page.locator("h1, h2").filter(visible=True).first).to_be_visible()
    sized(page, NARROWEST, "dark")
    check_access(page)
    check_width(page)


def walk(page: Page, places: dict[str, str | Callable[[], str]]) -> None:
    take_axe_along(page)
    for name, place in places.items():
        page.goto(place if isinstance(place, str) else place())
        if "/reauthenticate/?" in page.url:
            prove(page)
        opened(page, name)


def test_pages_of_somebody_signed_in(page: Page, ines: Any) -> None:
    enter_password(page, ines)
    expect_home(page)
    walk(page, INSIDE)


def test_pages_before_sign_in(page: Page) -> None:
    walk(page, OUTSIDE)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_on_the_way(name: str, page: Page, ines: Any) -> None:
    STEPS[name](page, ines)
    page.wait_for_url(f"**{reverse(name, args=[]) if name not in ARGUED else ARGUED[name]}")
    opened(page, name)


ARGUED = {
    "welcome:sign_in_link": "/welcome/sign-in/*/",
    "settings:key_secret": "/settings/keys/*/secret/",
    "imports:show": "/import/*/",
    "portal:conversation": "/portal/conversations/*/",
}


def test_what_was_rejected_looks_well(signed_in: Page) -> None:
    signed_in.goto("/settings/keys/rejected/")
    expect(signed_in.get_by_role("heading", name="Nothing was rejected")).to_be_visible()
    look(signed_in, "settings-rejected-none")
    signed_in.goto(INSIDE["settings:rejected"]())  # type: ignore[operator]  # it is not None here
    expect(signed_in.get_by_role("row")).to_have_count(2)
    look(signed_in, "settings-rejected")

"""When something goes wrong: what is said, and that nothing typed is lost."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from regulars.customers.actions import labels
from tests.customers.cast import make_customer
from tests.stories.browser import look
from tests.stories.conftest import PATIENCE_MILLISECONDS, agent
from tests.stories.proving import enter_password, expect_home, nothing_counted

__all__ = ["nothing_counted"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def troubled(signed_in: Page, browser: Browser, address: str) -> Iterator[Page]:
    """Ines's page, in a browser whose complaints about broken answers are the story itself."""
    context = browser.new_context(base_url=address, locale="en-GB")
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    context.add_cookies(signed_in.context.cookies())  # type: ignore[arg-type]  # what was read can be set
    yield context.new_page()
    context.close()


def broken(*_args: object, **_more: object) -> Any:
    raise RuntimeError("a fault on purpose")


@pytest.fixture
def labelling(troubled: Page) -> Page:
    """A label typed on a customer's page, not yet sent."""
    troubled.goto(f"/customers/{make_customer('Ada Moreno', external='u-1').pk}/")
    troubled.get_by_label("Label", exact=True).fill("Wholesale")
    return troubled


def expect_told_and_kept(page: Page, words: str) -> None:
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    expect(page.get_by_label("Label", exact=True)).to_have_value("Wholesale")
    expect(page.get_by_role("heading", name="Ada Moreno")).to_be_visible()


def test_a_page_that_breaks_says_what_is_kept_and_what_to_do(troubled: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.web.settings.index.pages", broken)
    answer = troubled.goto("/settings/")
    assert answer and answer.status == 500
    expect(troubled.get_by_role("heading", name="Something broke on our side")).to_be_visible()
    assert "a fault on purpose" not in troubled.content()
    expect(troubled.locator("#number")).to_have_text(answer.headers["x-request-id"])
    look(troubled, "broken")
    troubled.get_by_role("link", name="Go home").click()
    expect_home(troubled)


def test_a_part_that_breaks_is_said_in_a_toast_and_what_was_typed_stays(
    labelling: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as fault:
        fault.setattr(labels, "put", broken)
        labelling.keyboard.press("Enter")
        expect_told_and_kept(labelling, "Something broke on our side")
    look(labelling, "broken-part")
    labelling.get_by_role("button", name="Close").click()
    labelling.get_by_label("Label", exact=True).press("Enter")
    expect(labelling.locator("#labels .chip")).to_contain_text("Wholesale")


def test_a_lost_connection_is_said_once_while_it_lasts_and_what_was_typed_stays(labelling: Page) -> None:
    labelling.context.set_offline(True)
    for _ in range(2):
        labelling.keyboard.press("Enter")
        expect_told_and_kept(labelling, "Regulars cannot be reached")
    expect(labelling.locator(".toast")).to_have_count(1)
    labelling.context.set_offline(False)
    labelling.get_by_label("Label", exact=True).press("Enter")
    expect(labelling.locator("#labels .chip")).to_contain_text("Wholesale")
    expect(labelling.locator(".toast.bad")).to_have_count(0)


def test_a_session_that_ended_meanwhile_takes_nothing_typed_with_it(
    labelling: Page, browser: Browser, address: str, ines: Any
) -> None:
    from django.contrib.sessions.models import Session

    Session.objects.all().delete()
    labelling.keyboard.press("Enter")
    expect_told_and_kept(labelling, "You are no longer signed in here")
    look(labelling, "session-over-part")
    other_tab = labelling.context.new_page()
    enter_password(other_tab, ines)
    expect_home(other_tab)
    labelling.get_by_label("Label", exact=True).press("Enter")
    expect(labelling.locator("#labels .chip")).to_contain_text("Wholesale")


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(troubled: Page, ines: Any) -> None:
    from django.contrib.sessions.models import Session

    troubled.goto("/settings/people/")
    Session.objects.all().delete()
    troubled.get_by_label("E-mail address").fill("eva@shop.example")
    troubled.get_by_role("button", name="Invite").click()
    expect(troubled.get_by_role("status")).to_contain_text("what you sent was not taken")
    look(troubled, "session-over-form")
    enter_password(troubled, ines, path=troubled.url)
    expect(troubled).to_have_title("People · Settings · Regulars")
    expect(troubled.get_by_text("eva@shop.example")).to_have_count(0)


def test_a_page_for_others_says_whom_to_ask(page: Page, sign_in: Callable[[Any], Page]) -> None:
    sign_in(agent("ann@shop.example", name="Ann Okoro", role="analyst")).goto("/customers/")
    expect(page.get_by_role("alert")).to_contain_text("Your role does not allow this. Ask an owner or a manager.")
    look(page, "refused")


def test_an_address_that_is_not_there_says_so_to_strangers_too(page: Page) -> None:
    page.goto("/account/nowhere/")
    expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    look(page, "not-found-outside")


def test_an_address_for_forms_is_no_blank_page(signed_in: Page) -> None:
    answer = signed_in.goto("/look/")
    assert answer and (answer.status, answer.headers["allow"]) == (405, "POST")
    expect(signed_in.get_by_role("heading", name="There is nothing to see here")).to_be_visible()
    look(signed_in, "only-for-forms")


def test_whoever_knocks_too_often_reads_how_long_to_wait(page: Page) -> None:
    client = Client()
    for _ in range(30):
        client.post("/account/login/", {"login": "", "password": ""}, REMOTE_ADDR="127.0.0.1")
    page.goto("/account/login/")
    page.locator("form.form").evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="One moment")).to_be_visible()
    look(page, "too-often")


def test_a_form_whose_token_is_too_old_says_so(page: Page) -> None:
    page.goto("/account/login/")
    page.context.clear_cookies()
    page.locator("[name=login]").fill("ines@shop.example")
    page.locator("[name=password]").fill("three slow otters drift")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="This page is too old")).to_be_visible()
    look(page, "too-old")

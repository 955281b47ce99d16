"""The shell in a real browser: by keyboard, in both themes, on a phone, without scripts."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from regulars.accounts.actions import keyboards
from tests.stories.browser import keep_picture, look
from tests.stories.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pieces(signed_in: Page, settings: Any) -> Page:
    settings.ROOT_URLCONF = "tests.stories.pieces"
    signed_in.goto("/pieces/")
    return signed_in


@pytest.fixture
def regulars() -> None:
    """A few customers who were here lately."""
    from regulars.customers.models import Customer
    from regulars.kernel import clock

    for hours, name in ((1, "Ada Moreno"), (5, "Musa Traoré"), (30, "Chidi Okafor"), (200, "Lena Vogt")):
        at = clock.now() - timedelta(hours=hours)
        Customer.objects.create(name=name, created_at=at, known_at=at, last_seen_at=at)


def test_an_agent_signs_in_by_keyboard_alone(page: Page, ines: Any) -> None:
    page.goto("/")
    expect(page.locator("[name=login]")).to_be_focused()
    page.keyboard.type(ines.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page).to_have_title("Home · Regulars")


def test_the_skip_link_leads_past_the_rail(signed_in: Page) -> None:
    signed_in.goto("/")
    signed_in.keyboard.press("Tab")
    expect(signed_in.get_by_role("link", name="Skip to the page")).to_be_focused()
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("main#page")).to_be_focused()


def test_the_palette_goes_to_a_page_by_keyboard(signed_in: Page) -> None:
    signed_in.goto("/")
    signed_in.keyboard.press("Control+k")
    box = signed_in.get_by_role("combobox", name="Search and go to")
    expect(box).to_be_focused()
    signed_in.keyboard.type("sessions")
    expect(signed_in.get_by_role("option", name="Your sessions")).to_have_attribute("aria-selected", "true")
    signed_in.keyboard.press("Enter")
    expect(signed_in).to_have_title("Sessions · Regulars")


def test_the_palette_changes_the_theme_and_the_agent_keeps_it(signed_in: Page, ines: Any) -> None:
    signed_in.goto("/")
    signed_in.keyboard.press("Control+k")
    signed_in.keyboard.type("dark")
    with signed_in.expect_response("**/look/") as answer:
        signed_in.keyboard.press("Enter")
    assert answer.value.status == 204
    expect(signed_in.locator("html")).to_have_attribute("data-theme", "dark")
    ines.refresh_from_db()
    assert (ines.theme, ines.density) == ("dark", "comfortable")
    signed_in.reload()
    assert signed_in.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_escape_closes_the_palette_and_focus_returns(signed_in: Page) -> None:
    signed_in.goto("/")
    search = signed_in.get_by_role("button", name="Search", exact=True)
    search.press("Enter")
    expect(signed_in.get_by_role("combobox")).to_be_focused()
    signed_in.keyboard.press("Escape")
    expect(search).to_be_focused()


def test_g_and_a_letter_go_to_a_place_unless_turned_off(signed_in: Page, ines: Any) -> None:
    signed_in.goto("/account/sessions/")
    signed_in.keyboard.press("?")
    expect(signed_in.get_by_role("dialog", name="Keys")).to_be_visible()
    with signed_in.expect_response("**/keys/"):
        signed_in.get_by_label("Listen to single keys").uncheck()
    signed_in.keyboard.press("Escape")
    signed_in.keyboard.press("?")
    expect(signed_in.get_by_role("dialog", name="Keys")).to_be_hidden()
    keyboards.choose(by=ines.actor, is_single=True)
    signed_in.reload()
    signed_in.keyboard.press("g")
    signed_in.keyboard.press("h")
    expect(signed_in).to_have_title("Home · Regulars")


def test_the_look_changes_without_scripts(browser: Browser, page: Page, sign_in: Any, ines: Any, address: str) -> None:
    cookies = sign_in(ines).context.cookies()
    context = browser.new_context(base_url=address, java_script_enabled=False)
    context.add_cookies(cookies)  # type: ignore[arg-type]  # what was read can be set
    plain = context.new_page()
    plain.goto("/account/sessions/")
    plain.get_by_role("button", name="You", exact=True).click()
    plain.get_by_role("button", name="Compact").click()
    expect(plain).to_have_title("Sessions · Regulars")
    expect(plain.locator("html")).to_have_attribute("data-density", "compact")
    context.close()


def test_a_refusal_is_said_in_a_toast_and_the_page_stays(pieces: Page) -> None:
    pieces.get_by_role("button", name="Refused").click()
    expect(pieces.get_by_role("alert").filter(has_text="Your role does not allow this")).to_be_visible()
    expect(pieces.get_by_role("button", name="Refused")).to_be_visible()
    pieces.get_by_role("button", name="Close").click()
    expect(pieces.locator(".toast")).to_have_count(0)


def test_a_message_reaches_a_page_that_stays(pieces: Page) -> None:
    pieces.get_by_role("button", name="Told").click()
    expect(pieces.locator(".toast.good")).to_contain_text("Ada was told.")


def test_a_dangerous_form_asks_first(pieces: Page) -> None:
    pieces.get_by_role("button", name="Erase").click()
    dialog = pieces.get_by_role("dialog", name="Erase Ada?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(pieces).to_have_title("Pieces · Regulars")
    pieces.get_by_role("button", name="Erase").click()
    dialog.get_by_role("button", name="Erase").click()
    pieces.wait_for_url("**/gone/**")


def test_a_chart_is_drawn_in_the_colours_of_the_theme(pieces: Page) -> None:
    line = pieces.locator("vega-chart path[stroke-width='2']").first
    light = line.get_attribute("stroke")
    pieces.locator("#theme-dark").evaluate("button => button.click()")
    expect(pieces.locator("vega-chart path[stroke-width='2']").first).not_to_have_attribute("stroke", str(light))


def test_every_piece_looks_well(pieces: Page) -> None:
    pieces.locator("vega-chart[data-drawn] svg").wait_for()
    look(pieces, "pieces")


def test_pages_read_from_right_to_left_too(pieces: Page) -> None:
    pieces.locator("html").evaluate("root => root.dir = 'rtl'")
    look(pieces, "pieces-rtl")
    rail = pieces.get_by_role("navigation", name="Main").bounding_box()
    assert rail and rail["x"] > 1000


def test_the_palette_finds_a_customer(signed_in: Page, regulars: None) -> None:
    from regulars.customers.actions import profiles
    from regulars.customers.models import Customer

    profiles.refresh_search(list(Customer.objects.values_list("pk", flat=True)))
    signed_in.goto("/")
    signed_in.keyboard.press("Control+k")
    signed_in.keyboard.type("trao")
    expect(signed_in.get_by_role("option", name="Musa Traoré")).to_have_attribute("aria-selected", "true")
    look(signed_in, "palette-customer")
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_role("heading", name="Musa Traoré")).to_be_visible()


def test_the_palette_and_the_menu_look_well(signed_in: Page) -> None:
    signed_in.goto("/")
    signed_in.keyboard.press("Control+k")
    look(signed_in, "palette")
    signed_in.keyboard.press("Escape")
    signed_in.get_by_role("button", name="You", exact=True).click()
    look(signed_in, "you")
    signed_in.keyboard.press("Escape")
    signed_in.keyboard.press("?")
    look(signed_in, "keys")


def test_an_empty_home_looks_well(signed_in: Page) -> None:
    signed_in.goto("/")
    look(signed_in, "home-empty")


def test_home_looks_well(signed_in: Page, regulars: None) -> None:
    signed_in.goto("/")
    expect(signed_in.get_by_text("Ada Moreno")).to_be_visible()
    look(signed_in, "home")


def test_an_address_that_is_not_there_looks_well(signed_in: Page) -> None:
    signed_in.goto("/nowhere/")
    expect(signed_in.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    look(signed_in, "not-found")


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


def test_a_printed_page_leaves_the_shell_out(pieces: Page) -> None:
    pieces.emulate_media(media="print")
    expect(pieces.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(pieces.get_by_role("heading", name="Pieces")).to_be_visible()
    keep_picture(pieces, "pieces-print")


def test_a_note_stays_on_a_narrow_screen(pieces: Page) -> None:
    pieces.set_viewport_size({"width": 320, "height": 700})
    pieces.get_by_role("button", name="How this is computed").first.focus()
    note = pieces.get_by_role("tooltip").first
    expect(note).to_be_visible()
    box = note.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 320
    pieces.keyboard.press("Escape")
    expect(note).to_be_hidden()

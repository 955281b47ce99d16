"""Looking after customers, in a real browser: with the mouse, with the keyboard, without scripts."""

from typing import Any

from playwright.sync_api import Page, expect

from regulars.customers.models import Customer
from tests.customers.cast import make_customer, record
from tests.stories.browser import PHONE, check_access


def cast() -> Customer:
    ada = make_customer("Ada Moreno", email="ada@example.com", external="u-1")
    make_customer("Ada Moreno", email="ada.m@example.org")
    make_customer("Musa Traoré", email="musa@example.com")
    products = [{"name": "Espresso", "quantity": 2}, {"name": "Filter papers"}]
    record(ada.pk, "Order Completed", order_id="20318", total="39.80", currency="EUR", products=products)
    for number in range(40):
        record(ada.pk, "Page Viewed", title=f"Grinders {number}")
    return ada


def test_a_list_that_answers_while_one_types(signed_in: Page) -> None:
    cast()
    signed_in.goto("/customers/")
    check_access(signed_in)
    signed_in.get_by_label("Search customers").fill("traroe")
    expect(signed_in.locator("#found tbody tr")).to_have_count(1)
    expect(signed_in.locator("#found")).to_contain_text("Musa Traoré")
    assert "q=traroe" in signed_in.url
    signed_in.get_by_label("Search customers").fill("zzzz")
    expect(signed_in.locator("#found")).to_contain_text("Nobody fits")
    check_access(signed_in)


def test_the_palette_leads_to_a_customer(signed_in: Page) -> None:
    ada = cast()
    signed_in.goto("/customers/?who=visitors")
    signed_in.keyboard.press("Control+k")
    signed_in.keyboard.type("20318 nobody")
    signed_in.keyboard.press("Control+a")
    signed_in.keyboard.type("ada@example.com")
    expect(signed_in.locator("#palette-customer-0")).to_contain_text("Ada Moreno")
    signed_in.keyboard.press("Enter")
    signed_in.wait_for_url(f"**/customers/{ada.pk}/")


def test_the_list_is_walked_by_keyboard_past_its_first_page(signed_in: Page) -> None:
    for number in range(53):
        make_customer(f"Jun {number:02}", external=f"j-{number}")
    signed_in.goto("/customers/?sort=name")
    press = signed_in.keyboard.press
    press("k")
    expect(signed_in.locator("tbody .named").first).to_be_focused()
    press("j")
    press("j")
    press("k")
    expect(signed_in.locator("tbody .named").nth(1)).to_be_focused()
    row = signed_in.locator("#found tbody tr")
    colours = [row.nth(place).evaluate("one => getComputedStyle(one).boxShadow") for place in (0, 1)]
    assert colours[0] == "none" != colours[1]
    for _ in range(60):
        press("j")
    expect(signed_in.get_by_role("link", name="Show more")).to_be_focused()
    press("Enter")
    expect(row).to_have_count(53)
    press("j")
    expect(signed_in.locator("tbody .named").nth(50)).to_be_focused()
    press("/")
    signed_in.keyboard.type("jk")
    assert signed_in.get_by_label("Search customers").input_value() == "jk"
    signed_in.get_by_label("Search customers").fill("")
    expect(row).to_have_count(51)
    signed_in.locator("h1").click()
    for _ in range(60):
        press("j")
    press("k")
    expect(signed_in.locator("tbody .named").nth(49)).to_be_focused()
    press("Enter")
    signed_in.wait_for_url("**/customers/*/")
    expect(signed_in.locator("h1")).to_have_text("Jun 49")
    press("?")
    expect(signed_in.get_by_role("dialog")).to_contain_text("Next and previous in a list")


def test_a_profile_is_read_edited_and_gone_through(signed_in: Page) -> None:
    ada = cast()
    signed_in.goto(f"/customers/{ada.pk}/")
    expect(signed_in.locator(".stats")).to_contain_text("39.80")
    expect(signed_in.locator("#suspected")).to_contain_text("the same name")
    check_access(signed_in)
    signed_in.get_by_label("Label", exact=True).fill("VIP")
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#labels .chip")).to_contain_text("VIP")
    expect(signed_in.locator(".timeline .line").first).to_contain_text("VIP")
    expect(signed_in.locator(".timeline .line")).to_have_count(30)
    signed_in.locator(".timeline").get_by_role("link", name="Show what came before").click()
    expect(signed_in.locator(".timeline .line")).to_have_count(42)
    signed_in.locator("#timeline").get_by_role("link", name="Orders").click()
    expect(signed_in.locator(".timeline .line")).to_have_count(1)
    signed_in.get_by_text("Record what they said").click()
    signed_in.get_by_label("Purpose").select_option("news")
    signed_in.locator("#consents").get_by_text("yes", exact=True).click()
    signed_in.get_by_label("Where").fill("on the phone")
    signed_in.get_by_role("button", name="Record").click()
    expect(signed_in.locator("#consents")).to_contain_text("on the phone")
    expect(signed_in.locator("#timeline").get_by_role("link", name="Orders")).to_have_attribute("aria-current", "true")
    expect(signed_in.locator(".timeline .line")).to_have_count(1)
    signed_in.locator("#timeline").get_by_role("link", name="Everything").click()
    expect(signed_in.locator(".timeline")).to_contain_text("on the phone")
    check_access(signed_in)


def test_two_are_compared_merged_and_separated(signed_in: Page) -> None:
    ada = cast()
    signed_in.goto(f"/customers/{ada.pk}/")
    signed_in.locator("#suspected").get_by_role("link", name="Compare").click()
    expect(signed_in.get_by_role("table")).to_contain_text("ada.m@example.org")
    check_access(signed_in)
    signed_in.get_by_role("button", name="Merge the two").click()
    expect(signed_in.locator("main")).to_contain_text("ada.m@example.org")
    assert Customer.objects.filter(merged_into=ada).count() == 1
    signed_in.get_by_role("button", name="Undo").click()
    signed_in.wait_for_load_state()
    assert Customer.objects.filter(merged_into=ada).count() == 0


def test_erasing_asks_for_the_name(signed_in: Page) -> None:
    ada = cast()
    signed_in.goto(f"/customers/{ada.pk}/erasure/")
    check_access(signed_in)
    signed_in.get_by_label("To be sure").fill("Ada")
    signed_in.get_by_role("button", name="Erase for good").click()
    expect(signed_in.get_by_role("alert")).to_contain_text("Nothing was erased")
    signed_in.get_by_label("To be sure").fill("ada moreno")
    signed_in.get_by_role("button", name="Erase for good").click()
    signed_in.wait_for_url("**/customers/")
    assert not Customer.objects.filter(pk=ada.pk).exists()


def test_everything_fits_a_phone(signed_in: Page) -> None:
    ada = cast()
    signed_in.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    for address in ("", f"{ada.pk}/", f"{ada.pk}/merge/?q=musa", f"{ada.pk}/erasure/"):
        signed_in.goto(f"/customers/{address}")
        wide: Any = signed_in.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, address
        check_access(signed_in)

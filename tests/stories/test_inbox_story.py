"""A morning in the inbox, in a real browser: by mouse, by keyboard alone, without scripts, on a phone."""

from typing import Any

from playwright.sync_api import Browser, Page, expect

from regulars.desk.actions import indexing
from regulars.desk.models import Bulk, Conversation
from tests.desk.shop_day import open_shop
from tests.stories.browser import PHONE, check_access, keep_picture, look


def status(conversation: Conversation) -> str:
    conversation.refresh_from_db()
    return conversation.status


def test_the_list_in_every_light(signed_in: Page, ines: Any) -> None:
    open_shop(ines)
    signed_in.goto("/inbox/?status=any")
    expect(signed_in.locator(".inbox-row")).to_have_count(6)
    look(signed_in, "inbox-mine")
    signed_in.set_viewport_size({"width": 1680, "height": 1000})
    signed_in.goto("/inbox/?view=all&status=any")
    signed_in.locator(".inbox-row .pick").first.click()
    expect(signed_in.locator(".bulk-bar")).to_be_visible()
    keep_picture(signed_in, "inbox-wide", whole=False)
    signed_in.locator(".bulk-bar [title^=Assign]").click()
    check_access(signed_in)
    keep_picture(signed_in, "inbox-bulk", whole=False)
    signed_in.set_viewport_size({"width": 1280, "height": 860})
    signed_in.get_by_role("button", name="All open: choose another view").click()
    check_access(signed_in)
    keep_picture(signed_in, "inbox-views", whole=False)
    signed_in.get_by_role("link", name="Snoozed").click()
    expect(signed_in.locator(".inbox-row")).to_contain_text("Marta Nowak")
    indexing.index(Conversation.objects.values_list("pk", flat=True))
    signed_in.evaluate("document.body.dataset.stays = 'yes'")
    searched = signed_in.get_by_role("combobox", name="Search everything that was said")
    searched.press_sequentially("la")
    expect(signed_in.locator("#operators option")).to_have_attribute("value", "label:")
    searched.press_sequentially("bel:")
    expect(signed_in.locator("#operators option").first).to_have_attribute("value", 'label:"courier B"')
    # A browser without a screen shows no list to choose from by arrow keys: what it would put in is put in.
    searched.press_sequentially('"courier b')
    expect(signed_in.locator("#operators option")).to_have_attribute("value", 'label:"courier B"')
    searched.fill('label:"courier B" ')
    expect(signed_in.locator("#operators option").first).to_have_attribute("value", 'label:"courier B" is:')
    searched.press_sequentially("-IS:op")
    expect(signed_in.locator("#operators option")).to_have_attribute("value", 'label:"courier B" -is:open')
    searched.fill("refund order")
    searched.press("Enter")
    expect(signed_in.locator(".inbox-row")).to_contain_text("Refund for order 20318")
    expect(signed_in).to_have_title("Found · Inbox · Regulars")
    expect(searched).to_be_focused()
    expect(signed_in.locator("#views [aria-current]")).to_have_count(0)
    assert signed_in.evaluate("document.body.dataset.stays") == "yes"  # the same page
    signed_in.locator(".row-link").click()
    expect(signed_in.locator("#conversation")).to_contain_text("Refund for order 20318")
    assert signed_in.url.endswith("/?q=refund+order")
    expect(signed_in.locator("#inbox-back")).to_have_attribute("href", "/inbox/?q=refund+order")


def test_a_morning_by_keyboard_alone(signed_in: Page, ines: Any) -> None:
    told = open_shop(ines)
    signed_in.goto("/inbox/?view=all")
    rows, press = signed_in.locator(".inbox-row"), signed_in.keyboard.press
    expect(rows).to_have_count(6)
    press("j")
    press("j")
    expect(rows.nth(1).locator(".row-link")).to_be_focused()
    press("Enter")
    expect(rows.nth(1).locator(".row-link")).to_have_attribute("aria-current", "true")
    expect(signed_in.locator("#conversation")).to_contain_text("Refund for order 20318")
    assert f"/inbox/conversations/{told['Tom'].pk}/?view=all" in signed_in.url
    press("Shift+E")
    expect(rows).to_have_count(5)
    assert status(told["Tom"]) == "resolved"
    expect(signed_in.locator("#conversation")).to_contain_text("Wrong address on my last order")
    expect(signed_in.locator("toast-list .toast", has_text="Resolved: Tom").locator(".act")).to_have_text("Undo")
    press("j")
    press("x")
    press("j")
    press("j")
    press("Shift+X")
    expect(signed_in.locator("[data-picked]")).to_have_text("3 ticked")
    press("p")
    expect(signed_in.locator(".bulk-bar details[open] button").first).to_be_focused()
    press("Enter")
    expect(signed_in.locator(".toast").last).to_contain_text("Priority Urgent: 2 conversations.")
    expect(signed_in.locator(".bulk-bar")).to_be_hidden()
    signed_in.get_by_role("button", name="Undo").last.press("Enter")
    expect(signed_in.locator(".toast").last).to_contain_text("Taken back in 2 conversations.")
    assert Bulk.objects.get().undone == 2


def test_keys_can_be_turned_off(signed_in: Page, ines: Any) -> None:
    told = open_shop(ines)
    signed_in.goto("/inbox/?view=all")
    signed_in.keyboard.press("?")
    dialog = signed_in.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("Tick a conversation")
    dialog.get_by_label("Listen to single keys").uncheck()
    signed_in.keyboard.press("Escape")
    signed_in.locator(".row-link").first.focus()
    signed_in.keyboard.press("e")
    signed_in.keyboard.press("x")
    expect(signed_in.locator(".pick input:checked")).to_have_count(0)
    assert status(told["Kofi"]) == "open"


def test_the_palette_offers_what_can_be_done_in_the_open_conversation(signed_in: Page, ines: Any) -> None:
    told = open_shop(ines)
    signed_in.goto("/inbox/?view=all")
    signed_in.keyboard.press("Control+k")
    expect(signed_in.get_by_role("option", name="Resolve")).to_be_hidden()
    signed_in.keyboard.press("Escape")
    signed_in.locator(".row-link").first.click()
    expect(signed_in.locator("#do-resolve")).to_be_attached()
    signed_in.keyboard.press("Control+k")
    signed_in.keyboard.type("resol")
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator(".inbox-row")).to_have_count(5)
    assert status(told["Kofi"]) == "resolved"


def test_a_view_is_put_together_group_by_group(signed_in: Page, ines: Any) -> None:
    open_shop(ines)
    signed_in.goto("/inbox/?view=all&priority=1")
    signed_in.get_by_role("button", name="All open: choose another view").click()
    signed_in.get_by_role("link", name="Save as a view").click()
    expect(signed_in.get_by_role("status").last).to_contain_text("1 conversation fits now.")
    signed_in.get_by_role("button", name="Group", exact=True).click()
    expect(signed_in.locator(".condition-group")).to_have_count(2)
    signed_in.locator(".condition-group .condition-group select[data-asks]").select_option("subject.contains")
    signed_in.get_by_label("Text").fill("box")
    signed_in.get_by_label("Name").fill("Urgent boxes")
    look(signed_in, "inbox-view-form")
    signed_in.get_by_role("button", name="Keep", exact=True).click()
    expect(signed_in.locator(".inbox-row")).to_contain_text("Ada Moreno")
    signed_in.goto("/inbox/views/")
    expect(signed_in.locator("main tbody")).to_contain_text("Urgent boxes")
    look(signed_in, "inbox-saved-views")


def test_without_scripts_everything_is_a_link_or_a_form(
    browser: Browser, signed_in: Page, ines: Any, address: str
) -> None:
    told = open_shop(ines, more=25)
    context = browser.new_context(base_url=address, java_script_enabled=False)
    context.add_cookies(signed_in.context.cookies())  # type: ignore[arg-type]  # what was read can be set
    plain = context.new_page()
    plain.goto("/inbox/?view=all")
    plain.get_by_role("link", name="Show more").click()
    expect(plain.locator(".inbox-row")).to_have_count(6)
    plain.goto("/inbox/?view=all&priority=1")
    plain.locator(".row-link").first.click()
    expect(plain.locator("#conversation")).to_contain_text("The second box arrived broken too")
    plain.locator(".inbox-row .pick input").first.check(force=True)
    plain.locator(".bulk-bar button[value=resolve]").first.click()
    expect(plain.locator("#bulk-progress")).to_contain_text("Resolved: 1 conversation.")
    assert status(told["Ada"]) == "resolved"
    plain.get_by_role("button", name="Undo").click()
    expect(plain.locator("#bulk-progress")).to_contain_text("Taken back in 1 conversation.")
    assert status(told["Ada"]) == "open"
    context.close()


def test_on_a_phone_list_and_conversation_are_two_screens(signed_in: Page, ines: Any) -> None:
    open_shop(ines)
    signed_in.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    signed_in.goto("/inbox/")
    expect(signed_in.locator("#conversation")).to_be_hidden()
    signed_in.locator(".row-link").first.click()
    expect(signed_in.locator("#list")).to_be_hidden()
    keep_picture(signed_in, "inbox-phone-open", whole=False)
    signed_in.get_by_role("link", name="Ask somebody else").click()  # nothing moves away from under the finger
    expect(signed_in.locator("#side-title")).to_be_visible()
    signed_in.get_by_role("link", name="Mine", exact=True).click()
    expect(signed_in.locator("#list")).to_be_visible()
    expect(signed_in.locator("#conversation")).to_be_hidden()


def test_a_key_can_be_given_another_letter(signed_in: Page, ines: Any) -> None:
    told = open_shop(ines)
    signed_in.goto("/inbox/?view=all")
    signed_in.keyboard.press("?")
    check_access(signed_in)
    signed_in.get_by_label("Key for “Resolve”").fill("y")
    with signed_in.expect_response("**/keys/"):
        signed_in.keyboard.press("Tab")
    signed_in.get_by_label("Key for “Snooze”").fill("y")
    signed_in.keyboard.press("Tab")
    expect(signed_in.get_by_label("Key for “Snooze”")).to_have_value("s")
    ines.refresh_from_db()
    assert ines.keys == {"own": {"e": "y"}}
    signed_in.evaluate("localStorage.clear()")  # as on another machine
    signed_in.reload()
    signed_in.locator("#open-" + str(told["Kofi"].pk)).focus()
    below = signed_in.locator(f"#row-{told['Kofi'].pk} + .inbox-row").get_attribute("id")
    signed_in.keyboard.press("e")
    signed_in.keyboard.press("y")
    expect(signed_in.locator(".inbox-row")).to_have_count(5)
    assert status(told["Kofi"]) == "resolved"
    signed_in.keyboard.press("j")  # the walk goes on where the row was
    expect(signed_in.locator(f"#{below} .row-link")).to_be_focused()


def test_the_next_rows_come_while_one_scrolls_beside_an_open_conversation(signed_in: Page, ines: Any) -> None:
    open_shop(ines, more=25)
    signed_in.goto("/inbox/?view=all")
    rows = signed_in.locator(".inbox-row")
    rows.first.locator(".row-link").click()
    expect(rows.first.locator(".row-link")).to_have_attribute("aria-current", "true")
    expect(rows).to_have_count(25)
    signed_in.locator("#list").evaluate("one => one.scrollTo(0, one.scrollHeight)")
    expect(rows).to_have_count(31)
    assert "/conversations/" in signed_in.url

"""Writing first, in a real browser: nothing typed is lost, and what was sent does not come back."""

from typing import Any

from playwright.sync_api import Browser, expect

from regulars.desk.models import FirstDraft, Message
from tests.customers.cast import make_customer
from tests.desk.cast import make_mailbox
from tests.stories.browser import keep_picture
from tests.stories.test_conversation_story import page_of


def test_what_is_written_first_survives_until_it_is_sent(
    browser: Browser, address: str, transactional_db: None, ines: Any
) -> None:
    make_mailbox()
    ada = make_customer("Ada Moreno", email="ada@example.com")
    page = page_of(ines, browser, address)
    page.goto(f"/inbox/new/?customer={ada.pk}")
    text, subject, said = page.get_by_label("Message"), page.get_by_label("Subject"), page.locator("[data-said]")
    text.fill("Half a letter")
    page.get_by_label("Files").set_input_files({"name": "bag.txt", "mimeType": "text/plain", "buffer": b"torn"})
    expect(page.locator(".hung")).to_contain_text("bag.txt")
    expect(said).to_have_text("Draft saved")
    page.route("**/draft/", lambda route: route.abort())
    subject.fill("Your bag")
    subject.blur()
    expect(said).to_contain_text("Kept in this browser")
    assert FirstDraft.objects.get().said["subject"] == ""
    page.unroute("**/draft/")
    page.reload()
    expect(subject).to_have_value("Your bag")
    expect(text).to_have_value("Half a letter")
    expect(page.locator(".hung")).to_contain_text("bag.txt")
    expect(said).to_have_text("Draft saved")
    keep_picture(page, "conversation-start-again", whole=False)
    page.goto("/inbox/new/")
    page.get_by_role("link", name="Go on writing to Ada Moreno").click()
    expect(subject).to_have_value("Your bag")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".turn.ours")).to_contain_text("Half a letter")
    assert (FirstDraft.objects.count(), Message.objects.get().text) == (0, "Half a letter")
    page.goto(f"/inbox/new/?customer={ada.pk}")
    expect(text).to_have_value("")
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('draft-'))") == []
    page.context.close()

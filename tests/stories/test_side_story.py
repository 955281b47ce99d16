"""Asking somebody else beside a conversation, in a real browser, by keyboard."""

import re
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, expect

from regulars.desk.models import SideMessage
from tests.customers.cast import make_customer
from tests.desk.beside import CARRIER, address_of, leave
from tests.desk.cast import ask, make_mailbox
from tests.desk.post import deliver, mail
from tests.stories.browser import check_access


def test_a_carrier_is_asked_taken_back_asked_again_and_answers(signed_in: Page, ines: Any) -> None:
    mailbox = make_mailbox()
    ada = make_customer("Ada Moreno", email="ada@example.com")
    question = ask(ada.pk, mailbox, "Where is my parcel?", subject="Parcel 20318")
    page = signed_in
    page.goto(reverse("desk:conversation", args=[question.pk]))
    page.locator("#do-ask").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#side-to-new")).to_be_focused()
    page.keyboard.type("depot@carrier.example,")
    text = page.locator("#text-side")
    text.focus()
    page.keyboard.type("Where is it?")
    page.locator("summary", has_text="Quote from the conversation").press("Enter")
    page.get_by_role("checkbox", name="Where is my parcel?").press("Space")
    check_access(page)
    text.press("Control+Enter")
    expect(page.locator(".side .turn.ours")).to_contain_text("Where is it?")
    expect(page.locator(".thread").first).not_to_contain_text("Where is it?")
    page.locator("#undo-send").click()
    written = re.compile(r"^Where is it\?\n\nAda Moreno wrote on .+:\n> Where is my parcel\?$")
    expect(text).to_have_value(written)
    assert SideMessage.objects.get().state == "cancelled"
    text.press("Control+Enter")
    expect(page.locator(".sides")).to_contain_text("depot@carrier.example")
    page.keyboard.press("Escape")
    expect(page.locator(".side")).to_have_count(0)
    asked = leave(SideMessage.objects.latest("pk"))
    deliver(mail("It is in Leipzig.", author=CARRIER, to=address_of(asked)), mailbox)
    expect(page.locator(".sides")).to_contain_text("New answer")
    page.locator(".sides a").press("Enter")
    expect(page.locator(".side .turn.theirs")).to_contain_text("It is in Leipzig.")
    expect(page.locator(".sides")).not_to_contain_text("New answer")
    check_access(page)
    page.locator(".side-head").get_by_role("button", name="Close").click()
    expect(page.locator(".side-head").get_by_role("button", name="Reopen")).to_be_visible()

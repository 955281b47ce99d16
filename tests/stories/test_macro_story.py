"""A required field stops resolving where it can be filled in; a macro says and does all, and comes back whole."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from regulars.desk.actions import field_definitions, macros
from regulars.desk.models import Conversation
from regulars.kernel.actors import SYSTEM
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_mailbox
from tests.stories.browser import check_access, keep_picture

pytestmark = pytest.mark.django_db(transaction=True)

RESOLVE = {"deed": "resolve", "value": ""}


def cast(ines: Any) -> Conversation:
    """Ada's bag was torn; why a conversation was begun must be said before it ends."""
    choices = [{"label": "Damaged"}, {"label": "Late"}]
    field_definitions.define("Reason", "choice", choices=choices, is_required=True, by=SYSTEM)
    done = [{"deed": "field", "value": "reason=damaged"}, {"deed": "label", "value": "Refund"}, RESOLVE]
    macros.write("A new bag", "Dear {{customer.first_name}}, a new bag leaves today.", done=done, by=ines.actor)
    late = [{"deed": "field", "value": "reason=late"}, RESOLVE]
    macros.write("Quietly settled", "", done=late, by=ines.actor)
    return ask(make_customer("Ada Moreno", email="ada@example.com").pk, make_mailbox(), subject="A torn bag")


def standing() -> tuple[str, dict[str, Any], list[str]]:
    held = Conversation.objects.get()
    return held.status, held.fields, [label.name for label in held.labels.all()]


def test_what_must_be_known_is_asked_for_and_a_macro_says_it(signed_in: Page, ines: Any) -> None:
    question = cast(ines)
    page = signed_in
    page.goto(f"/inbox/conversations/{question.pk}/")
    reason = page.locator("[data-key=reason] select")
    page.locator("#do-resolve").click()
    expect(page.get_by_role("alert")).to_contain_text("Fill in before resolving: Reason. Nothing was changed.")
    expect(reason).to_be_focused()
    assert standing() == ("open", {}, [])

    page.locator("#do-macro").click()
    page.get_by_role("button", name=re.compile("^A new bag")).click()
    text = page.get_by_label("Reply to the customer")
    expect(text).to_have_value("Dear Ada, a new bag leaves today.")
    page.get_by_label("Label “Refund”").uncheck()
    check_access(page)
    keep_picture(page, "macro-chosen", whole=False)
    text.press("Control+Enter")
    expect(page.locator("#status")).to_have_text("Resolved")
    expect(reason).to_have_value("damaged")
    assert standing() == ("resolved", {"reason": "damaged"}, [])

    page.locator("#undo-send").click()
    expect(page.locator("#status")).to_have_text("Open")
    expect(text).to_have_value("Dear Ada, a new bag leaves today.")
    expect(page.get_by_label("Reason: Damaged")).to_be_checked()
    assert standing() == ("open", {}, [])

    page.keyboard.press("Control+k")
    page.keyboard.type("quietly")
    expect(page.get_by_role("option", name="Quietly settled")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text("Resolved")
    expect(reason).to_have_value("late")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#status")).to_have_text("Open")
    assert standing() == ("open", {}, [])

    page.locator("#do-macro").click()
    page.get_by_role("button", name=re.compile("^Quietly settled")).click()
    expect(page.locator("#status")).to_have_text("Resolved")
    page.locator("#do-resolve").click()
    expect(page.locator("#status")).to_have_text("Open")
    reason.select_option("Damaged")
    expect(page.locator(".deed-line").last).to_contain_text("set Reason to “Damaged”")
    assert standing() == ("open", {"reason": "damaged"}, [])

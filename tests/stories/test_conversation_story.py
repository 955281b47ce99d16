"""Working in a conversation, in a real browser: reading, answering, being two at once, losing nothing."""

import struct
import zlib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from regulars.accounts.models import Agent
from regulars.desk.actions import assignments, labels, macros, messages
from regulars.desk.actions.messages import File, Written
from regulars.desk.models import Attachment, Conversation, Draft, Message
from regulars.kernel import files
from regulars.kernel.actors import Actor
from tests.customers.cast import AT, make_customer, record
from tests.desk.cast import ask, make_agent, make_mailbox
from tests.stories.browser import check_access, keep_picture, look


def picture(width: int = 40, height: int = 30) -> bytes:
    """A small PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + bytes([200, 150 + y % 60, 120] * width) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PNG = picture()


def cast(ines: Any) -> Conversation:
    """Ada wrote twice, Bo noted something, Ines answered: everything a thread shows."""
    ada = make_customer("Ada Moreno", email="ada@example.com", external="u-1")
    for number, total in ((20144, "52.10"), (20318, "39.80")):
        at = AT + timedelta(days=number - 20000)
        record(ada.pk, "Order Completed", at=at, order_id=str(number), total=total, currency="EUR")
    mailbox = make_mailbox()
    bo = make_agent("Bo")
    text = (
        "Hello,\n\nI really like your coffee, but this is the second time the bag was torn and half of it was in the "
        "box. See https://shop.example/orders/20318?x=1.\n\nWhat can we do?"
    )
    question = ask(ada.pk, mailbox, text, subject="The second box arrived broken too")
    ask(ada.pk, mailbox, "Which grinder goes with it?", subject="Grinder setting for the new beans")
    by = Actor("customer", ada.pk, "Ada Moreno")
    said = "@Ines the courier changed on **28 October** in her region."
    messages.note(
        question.pk,
        Written(text=said),
        by=bo.actor,
        mentioned=[ines.pk],
    )
    assignments.to_agent(question.pk, ines.pk, by=bo.actor)
    labels.put(question.pk, "torn bags", by=bo.actor)
    photo = File(files.store(PNG), "torn bag.png", "image/png", len(PNG))
    paper = File(files.store(b"%PDF"), "invoice 20318.pdf", "application/pdf", 4)
    messages.receive(
        question.pk,
        Written(
            text="Here is a picture of it.",
            quoted="> Dear Ada,\n> could you send us a picture?",
            signature="-- \nAda Moreno, Valencia",
            html="<p>Here is a <b>picture</b> of it.</p><img src='https://tracker.example/x.gif'>",
            files=[photo, paper],
        ),
        by=by,
    )
    return question


def test_reading_and_looks(signed_in: Page, ines: Any) -> None:
    question = cast(ines)
    signed_in.set_viewport_size({"width": 1440, "height": 900})
    signed_in.goto(f"/inbox/conversations/{question.pk}/")
    expect(signed_in.locator("#subject")).to_have_text("The second box arrived broken too")
    keep_picture(signed_in, "conversation-wide", whole=False)
    look(signed_in, "conversation")


def page_of(who: Any, browser: Browser, address: str, *, has_scripts: bool = True) -> Page:
    """A page of this agent in a browser of its own, in which a lost connection is no fault."""
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(base_url=address, java_script_enabled=has_scripts)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    return context.new_page()


def reply_box(page: Page) -> Any:
    return page.get_by_label("Reply to the customer")


def test_a_reply_leaves_once_and_can_be_taken_back(signed_in: Page, ines: Any) -> None:
    question = cast(ines)
    signed_in.goto(f"/inbox/conversations/{question.pk}/")
    signed_in.locator("#do-reply").dispatch_event("click")
    expect(reply_box(signed_in)).to_be_focused()
    signed_in.keyboard.type("A new bag is on its way.")
    signed_in.keyboard.press("Control+Enter")
    signed_in.keyboard.press("Control+Enter")
    expect(signed_in.locator("#undo-send")).to_be_visible()
    expect(signed_in.locator(".turn.ours")).to_have_count(1)
    expect(reply_box(signed_in)).to_have_value("")
    expect(signed_in.locator("#lines > :last-child")).to_be_focused()
    assert signed_in.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft-'))") == []
    assert Message.objects.filter(author_kind="agent", kind="message").count() == 1
    signed_in.locator("#undo-send").click()
    expect(reply_box(signed_in)).to_have_value("A new bag is on its way.")
    expect(signed_in.locator(".turn.ours")).to_have_count(0)
    assert Message.objects.get(kind="message", author_kind="agent").state == "cancelled"


def test_a_reply_is_stopped_when_a_colleague_was_quicker(signed_in: Page, ines: Any) -> None:
    question = cast(ines)
    bo = Agent.objects.get(name="Bo")
    signed_in.goto(f"/inbox/conversations/{question.pk}/")
    reply_box(signed_in).fill("I will send a new one.")
    messages.reply(question.pk, Written(text="Dear Ada, a new bag comes tomorrow."), by=bo.actor)
    signed_in.get_by_role("button", name="Send Ctrl").click()
    unseen = signed_in.locator("[data-unseen]")
    expect(unseen).to_contain_text("a new bag comes tomorrow")
    expect(reply_box(signed_in)).to_have_value("I will send a new one.")
    assert not Message.objects.filter(author_id=ines.pk, kind="message").exists()
    check_access(signed_in)
    keep_picture(signed_in, "conversation-unseen", whole=False)
    signed_in.get_by_role("button", name="Change mine").click()
    expect(unseen).to_have_count(0)
    reply_box(signed_in).fill("Bo was quicker; it comes tomorrow.")
    signed_in.get_by_role("button", name="Send Ctrl").click()
    expect(signed_in.locator("#undo-send")).to_be_visible()
    assert Message.objects.get(author_id=ines.pk, kind="message").text == "Bo was quicker; it comes tomorrow."


def test_what_is_typed_survives_a_reload_and_a_lost_connection(
    browser: Browser, address: str, transactional_db: None, ines: Any
) -> None:
    question = cast(ines)
    signed_in = page_of(ines, browser, address)
    signed_in.goto(f"/inbox/conversations/{question.pk}/")
    reply_box(signed_in).fill("Half an answer")
    expect(signed_in.locator(".composer-message [data-said]")).to_have_text("Draft saved")
    signed_in.reload()
    expect(reply_box(signed_in)).to_have_value("Half an answer")
    signed_in.route("**/drafts/", lambda route: route.abort())
    reply_box(signed_in).fill("Half an answer, and more")
    expect(signed_in.locator(".composer-message [data-said]")).to_contain_text("Kept in this browser")
    signed_in.reload()
    expect(reply_box(signed_in)).to_have_value("Half an answer, and more")
    assert Draft.objects.get().text == "Half an answer"
    signed_in.unroute("**/drafts/")
    expect(signed_in.locator(".composer-message [data-said]")).to_have_text("Draft saved")
    assert Draft.objects.get().text == "Half an answer, and more"
    signed_in.context.close()


def test_a_failed_send_keeps_the_text(browser: Browser, address: str, transactional_db: None, ines: Any) -> None:
    question = cast(ines)
    signed_in = page_of(ines, browser, address)
    signed_in.goto(f"/inbox/conversations/{question.pk}/")
    signed_in.route("**/replies/", lambda route: route.abort())
    reply_box(signed_in).fill("This will not leave")
    signed_in.keyboard.press("Control+Enter")
    expect(signed_in.locator("toast-list .toast.bad")).to_be_visible()
    expect(reply_box(signed_in)).to_have_value("This will not leave")
    signed_in.unroute("**/replies/")
    signed_in.keyboard.press("Control+Enter")
    expect(signed_in.locator("#undo-send")).to_be_visible()
    assert Message.objects.filter(author_id=ines.pk, kind="message").count() == 1
    signed_in.context.close()


def test_a_picture_is_pasted_and_sent(signed_in: Page, ines: Any) -> None:
    question = cast(ines)
    signed_in.goto(f"/inbox/conversations/{question.pk}/")
    reply_box(signed_in).fill("Like this:")
    signed_in.evaluate(
        """(bytes) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes)], "image.png", { type: "image/png" }));
          const area = document.querySelector("#text-message");
          area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
        }""",
        list(PNG),
    )
    expect(signed_in.locator(".composer-message .hung li")).to_have_count(1)
    keep_picture(signed_in, "conversation-pasted", whole=False)
    signed_in.keyboard.press("Control+Enter")
    expect(signed_in.locator(".turn.ours .pictures img")).to_have_count(1)
    assert Attachment.objects.get(message__author_id=ines.pk).type == "image/png"


def test_everything_about_it_is_changed_by_keyboard(signed_in: Page, ines: Any) -> None:
    question = cast(ines)
    signed_in.goto(f"/inbox/conversations/{question.pk}/")
    reply_box(signed_in).fill("typed meanwhile")
    signed_in.locator("#do-assign").click()
    expect(signed_in.get_by_label("Find a colleague")).to_be_focused()
    signed_in.keyboard.type("bo")
    keep_picture(signed_in, "conversation-assign", whole=False)
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#do-assign")).to_contain_text("Bo")
    expect(signed_in.locator(".deed-line").last).to_contain_text("Ines Prado gave it to Bo")
    expect(reply_box(signed_in)).to_have_value("typed meanwhile")
    signed_in.locator("#do-label").click()
    expect(signed_in.get_by_label("Find or make a label")).to_be_focused()
    signed_in.keyboard.type("replacement")
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#standing")).to_contain_text("replacement")
    signed_in.locator("#do-priority").click()
    expect(signed_in.locator("button[name=priority]").first).to_be_focused()
    signed_in.keyboard.press("ArrowUp")
    signed_in.keyboard.press("ArrowDown")
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#do-priority")).to_contain_text("Urgent")
    signed_in.locator("#do-snooze").click()
    expect(signed_in.locator("button[name=until]").first).to_be_focused()
    keep_picture(signed_in, "conversation-snooze", whole=False)
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#status")).to_contain_text("Put aside")
    signed_in.locator("#do-resolve").click()
    expect(signed_in.locator("#status")).to_contain_text("Resolved")


def test_a_mail_as_it_was_sent_runs_nothing_and_asks_nobody(signed_in: Page, ines: Any) -> None:
    question = cast(ines)
    asked: list[str] = []
    signed_in.on("request", lambda request: asked.append(request.url))
    signed_in.goto(f"/inbox/conversations/{question.pk}/")
    signed_in.get_by_text("Show it as it was sent").click()
    frame = signed_in.frame_locator(".mail-frame iframe")
    expect(frame.locator("b")).to_have_text("picture")
    assert not [url for url in asked if "tracker.example" in url]
    keep_picture(signed_in, "conversation-as-sent", whole=False)


def test_it_works_without_scripts(browser: Browser, address: str, transactional_db: None, ines: Any) -> None:
    question = cast(ines)
    page = page_of(ines, browser, address, has_scripts=False)
    page.goto(f"/inbox/conversations/{question.pk}/")
    reply_box(page).fill("Without a script")
    page.get_by_role("button", name="Send Ctrl").click()
    expect(page.locator(".turn.ours")).to_contain_text("Without a script")
    page.locator("[name=composer][value=note]").check(force=True)
    page.get_by_label("Note to colleagues").fill("Done.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".turn.note").last).to_contain_text("Done.")
    page.get_by_role("button", name="Resolve").click()
    expect(page.locator("#status")).to_have_text("Resolved")
    page.context.close()


def test_a_macro_is_put_where_the_caret_is(signed_in: Page, ines: Any) -> None:
    question = cast(ines)
    macros.write("Replacement", "Dear {{customer.first_name|friend}}, a new bag for {{order.number}}.", by=ines.actor)
    signed_in.goto(f"/inbox/conversations/{question.pk}/")
    reply_box(signed_in).fill("P.S.")
    signed_in.keyboard.press("Home")
    signed_in.locator("#do-macro").click()
    expect(signed_in.locator("[data-inserts]")).to_contain_text("Dear Ada, a new bag for 20318.")
    keep_picture(signed_in, "conversation-macros", whole=False)
    signed_in.locator("[data-inserts]").click()
    expect(reply_box(signed_in)).to_have_value("Dear Ada, a new bag for 20318.P.S.")


def test_what_a_colleague_does_comes_in_while_one_reads(signed_in: Page, ines: Any) -> None:
    question = cast(ines)
    bo = Agent.objects.get(name="Bo")
    signed_in.goto(f"/inbox/conversations/{question.pk}/")
    expect(signed_in.locator("live-stream[data-state=live]")).to_have_count(1)
    signed_in.locator("#do-assign").click()
    expect(signed_in.get_by_label("Find a colleague")).to_be_focused()
    signed_in.keyboard.type("bo")
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#do-assign")).to_contain_text("Bo")
    with transaction.atomic():
        messages.note(question.pk, Written(text="I have a spare bag here."), by=bo.actor)
        labels.put(question.pk, "spare", by=bo.actor)
    expect(signed_in.locator(".turn.note").last).to_contain_text("I have a spare bag here.")
    expect(signed_in.locator("#standing")).to_contain_text("spare")
    expect(signed_in.get_by_text("Ines Prado gave it to Bo")).to_have_count(1)
    reply_box(signed_in).fill("Sent.")
    signed_in.keyboard.press("Control+Enter")
    expect(signed_in.locator("#undo-send")).to_be_visible()


def test_a_colleague_is_named_while_one_types_a_note(signed_in: Page, ines: Any) -> None:
    question = cast(ines)
    signed_in.goto(f"/inbox/conversations/{question.pk}/")
    signed_in.locator("#do-note").dispatch_event("click")
    note = signed_in.get_by_label("Note to colleagues")
    expect(note).to_be_focused()
    signed_in.keyboard.type("Ask @b")
    expect(signed_in.get_by_role("option", name="Bo")).to_be_visible()
    keep_picture(signed_in, "conversation-note", whole=False)
    signed_in.keyboard.press("Enter")
    expect(note).to_have_value("Ask @Bo ")
    signed_in.keyboard.press("Control+Enter")
    expect(signed_in.locator(".turn.note .mention").last).to_have_text("@Bo")


def test_pages_of_joining_and_macros_look_right(signed_in: Page, ines: Any) -> None:
    question = cast(ines)
    other = Conversation.objects.exclude(pk=question.pk).get()
    macros.write("Replacement", "Dear {{customer.first_name|friend}}, a new bag is on its way.", by=ines.actor)
    for address, name in (
        (f"/inbox/conversations/{question.pk}/merge/", "merge"),
        (f"/inbox/conversations/{question.pk}/merge/?with={other.pk}", "merge-confirm"),
        ("/settings/macros/", "macros"),
        (f"/inbox/new/?customer={question.customer_id}", "start"),
    ):
        signed_in.goto(address)
        look(signed_in, f"conversation-{name}")

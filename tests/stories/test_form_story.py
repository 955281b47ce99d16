"""Somebody writes through a form, is answered by mail, signs in by a mailed link and goes on; the agent sees it all."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from regulars.channels.actions import carrying
from regulars.channels.models import Channel, Delivery, Incoming
from regulars.channels.webform import tokens, work
from regulars.desk import tasks
from regulars.desk.actions import letting_go
from regulars.desk.models import Conversation, Message
from regulars.kernel import page_settings
from regulars.kernel.actors import SYSTEM
from tests.channels.email.out.conftest import make_sending
from tests.channels.email.out.mail_server import MailServer, running
from tests.desk.asking_by_form import make_form, place
from tests.desk.post import deliver, mail
from tests.jobs_waiting import arguments_of
from tests.stories.browser import NARROWEST, check_access, check_width, look, sized, watched
from tests.stories.conftest import PATIENCE_MILLISECONDS
from tests.stories.proving import nothing_counted
from tests.stories.test_a_day import read_the_log
from tests.stories.test_conversation_story import reply_box

__all__ = ["nothing_counted"]


def comes_in(channel: Channel, text: str, **told: Any) -> None:
    deliver(mail(text, **told), channel)
    read_the_log()


def leaves() -> None:
    """The ten seconds are over: what was written goes to the mail server."""
    for message in Message.objects.filter(state=Message.QUEUED):
        Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
        letting_go.let_go(message.pk)
    for delivery in Delivery.objects.filter(state=Delivery.QUEUED):
        carrying.deliver(delivery.pk)
    read_the_log()


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Page]:
    """A browser of somebody who is nobody here."""
    context = browser.new_context(base_url=address, locale="en-GB")
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    wrong = watched(context)
    yield context.new_page()
    context.close()
    assert not wrong, wrong


def test_from_the_form_to_the_portal(
    signed_in: Page, ines: Any, visitor: Page, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(tokens, "QUICKEST", timedelta(0))
    monkeypatch.setattr(tokens, "QUICKEST_WITHOUT_WORK", timedelta(hours=1))
    with running() as server:
        _live_it(signed_in, visitor, server)


def _live_it(ines: Page, visitor: Page, server: MailServer) -> None:
    mailbox = make_sending(server)
    page_settings.change("portal_mailbox", str(mailbox.pk), by=SYSTEM)
    door = make_form(mailbox_id=mailbox.pk, intro="We answer within a day.")

    # Ada fills it in; her browser works while she types, or nothing would be taken this soon.
    visitor.goto("/form/contact/")
    look(visitor, "form")
    visitor.get_by_label("Your name").fill("Ada Moreno")
    visitor.get_by_label("Your e-mail address").fill("ada@example.com")
    visitor.get_by_label("Subject").fill("The bag is torn")
    visitor.get_by_label("Order number").fill("20318")
    visitor.get_by_label("Delivery").check()
    visitor.get_by_label("Your message").fill("Half of it was in the box.")
    expect(visitor.locator("input[name=work]")).not_to_have_value("")
    token = visitor.locator("input[name=token]").input_value()
    read = tokens.read(token, channel_id=door.id)
    assert read and work.is_done(read.nonce, visitor.locator("input[name=work]").input_value())
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Incoming.objects.get().state == "stored"

    # The job places it; Ines finds it in the inbox and answers. Both mails leave by the form's mailbox.
    place(door)
    ines.goto("/inbox/?view=all")
    ines.locator(".row-link", has_text="The bag is torn").click()
    expect(ines.locator(".turn.theirs")).to_contain_text("Order number: 20318")
    ines.locator("#do-reply").dispatch_event("click")
    reply_box(ines).fill("Dear Ada, a new bag leaves today.")
    ines.keyboard.press("Control+Enter")
    expect(ines.locator("#undo-send")).to_be_visible()
    leaves()
    told, answer = server.mails
    assert (told["To"], told["Auto-Submitted"]) == ("ada@example.com", "auto-generated")
    assert answer["In-Reply-To"] == told["Message-ID"] and "+c" in str(answer["Reply-To"])
    comes_in(mailbox, "By mail: thanks!", subject=answer["Subject"], answers=answer["Message-ID"].strip("<>"))
    assert Conversation.objects.count() == 1

    _continue(visitor, server, mailbox, told)
    expect(ines.locator(".turn.theirs").last).to_contain_text("It is here, and whole.")


def _continue(visitor: Page, server: MailServer, mailbox: Channel, told: Any) -> None:
    """The confirmation leads to the conversation; a link by mail lets her in, and she goes on."""
    there = re.search(r"https?://\S+/portal/conversations/\d+/", told.get_body(("plain",)).get_content())
    assert there
    visitor.goto(urlsplit(there[0]).path)
    visitor.get_by_label("Your e-mail address").fill("ada@example.com")
    visitor.get_by_role("button", name="Mail me a link").click()
    expect(visitor.get_by_role("heading", name="Look into your mail")).to_be_visible()
    tasks.mail_portal_link(**arguments_of("desk.mail_portal_link")[0])
    leaves()
    link = re.search(r"https?://\S+/portal/link/\S+", server.mails[-1].get_body(("plain",)).get_content())  # type: ignore[union-attr]  # the mail has text
    assert link
    opened = urlsplit(link[0])
    visitor.goto(f"{opened.path}?{opened.query}")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_role("heading", name="The bag is torn")).to_be_visible()
    expect(visitor.locator(".turn")).to_have_text(
        [re.compile("Half of it"), re.compile("new bag"), re.compile("By mail")]
    )
    look(visitor, "portal-conversation")

    # What she begins to write is there again after the page was closed, and is sent once.
    visitor.get_by_label("Your message").fill("It is here, and whole.")
    visitor.reload()
    expect(visitor.get_by_label("Your message")).to_have_value("It is here, and whole.")
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_text("Your message has arrived.")).to_be_visible()
    expect(visitor.get_by_label("Your message")).to_have_value("")
    visitor.get_by_role("button", name="Mark it as solved").click()
    expect(visitor.get_by_text("This is solved.")).to_be_visible()
    sized(visitor, NARROWEST, "dark")
    check_access(visitor)
    check_width(visitor)
    visitor.get_by_role("button", name="Sign out").click()
    expect(visitor.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert visitor.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('portal:')).length") == 0

"""A day at the desk, two agents at once: mail comes in, a rule sorts it, both see it, one answers, it goes on.

Mail comes and goes by real servers where they are installed (`post_office`).
"""

import re
from email.message import EmailMessage
from typing import Any

from playwright.sync_api import Browser, Page, expect

from regulars.accounts.models import Agent
from regulars.desk.actions import episodes, indexing, rules, sorting_out
from regulars.desk.models import Conversation, Message
from regulars.kernel import tail
from regulars.kernel.actors import SYSTEM
from tests.desk.cast import make_agent
from tests.desk.post import HELP, mail
from tests.stories import post_office
from tests.stories.browser import check_access
from tests.stories.post_office import PostOffice
from tests.stories.test_conversation_story import page_of, reply_box

LATE = {"field": "subject", "is": "contains", "value": "torn"}


def read_the_log() -> None:
    """What the worker does with every fact, done now."""
    for consumer in (sorting_out.CONSUMER, indexing.CONSUMER, episodes.CONSUMER):
        tail.catch_up(consumer)


def comes_in(post: PostOffice, text: str, *, to: str = HELP, **told: Any) -> None:
    post.comes_in(mail(text, to=to, **told), to=to)
    read_the_log()


def leaves(post: PostOffice) -> EmailMessage:
    """The ten seconds are over: what was written goes to the mail server, and arrives."""
    sent = post.leaves()
    read_the_log()
    return sent


def is_live(page: Page) -> None:
    expect(page.locator("live-stream[data-state=live]")).to_have_count(1)


def test_a_day_at_the_desk(signed_in: Page, ines: Any, browser: Browser, address: str) -> None:
    with post_office.opened() as post:
        _live_the_day(signed_in, page_of(make_agent("Bo"), browser, address), post)


def _live_the_day(ines: Page, bo: Page, post: PostOffice) -> None:
    rules.write("Torn bags", triggers=["started"], tree=LATE, done=[{"deed": "label", "value": "torn bags"}], by=SYSTEM)
    for page in (ines, bo):
        page.goto("/inbox/?view=all")
        is_live(page)

    # Ada writes; both lists show it by themselves, sorted already.
    comes_in(post, "Half of it was in the box.", subject="The bag is torn", id="ada-1@example.com")
    for page in (ines, bo):
        expect(page.locator(".inbox-row")).to_have_count(1)
        expect(page.locator(".inbox-row")).to_contain_text("torn bags")

    # Ines opens it by keyboard and leaves Bo a note; Bo, who has it open too, reads it as it is written.
    ines.keyboard.press("j")
    ines.keyboard.press("Enter")
    expect(ines.locator("#subject")).to_have_text("The bag is torn")
    looked_at = bo.locator(".inbox-row .present")
    expect(looked_at).to_have_attribute("title", re.compile("^Ines.* is looking at it$"))
    bo.reload()
    is_live(bo)
    expect(looked_at).to_be_visible()
    bo.locator(".row-link").first.click()
    expect(ines.locator("live-presence")).to_contain_text("Bo")
    ines.keyboard.press("n")
    expect(ines.get_by_label("Note to colleagues")).to_be_focused()
    ines.keyboard.type("The third one this week from this roast.")
    ines.keyboard.press("Control+Enter")
    expect(bo.locator(".turn.note")).to_contain_text("The third one this week")
    expect(ines.locator("#lines > :last-child")).to_be_focused()

    # Both begin to answer. Ines is quicker; Bo's is stopped, keeps its words, and is amended.
    reply_box(bo).fill("Could you send us a picture?")
    expect(ines.locator("live-presence")).to_contain_text("Bo is writing")
    expect(ines.locator(".inbox-row .present")).to_have_attribute("title", re.compile("^Bo.* is writing$"))
    ines.keyboard.press("Escape")
    ines.keyboard.press("r")
    expect(reply_box(ines)).to_be_focused()
    ines.keyboard.type("Dear Ada, a new bag leaves today.")
    _offline(bo)
    ines.keyboard.press("Control+Enter")
    expect(ines.locator("#undo-send")).to_be_visible()
    _online(bo)
    bo.get_by_role("button", name="Send Ctrl").click()
    expect(bo.locator("[data-unseen]")).to_contain_text("a new bag leaves today")
    expect(reply_box(bo)).to_have_value("Could you send us a picture?")
    check_access(bo)
    assert not Message.objects.filter(author_id=Agent.objects.get(name="Bo").pk, kind="message").exists()
    bo.get_by_role("button", name="Change mine").click()
    reply_box(bo).fill("")

    # The answer leaves once, and Ada's answer to it comes back to the same conversation, before both.
    sent = leaves(post)
    assert (sent["To"], sent["In-Reply-To"]) == ("Ada Moreno <ada@example.com>", "<ada-1@example.com>")
    assert "a new bag leaves today" in sent.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # the mail has text
    (back,) = sent["Reply-To"].addresses
    told = {"subject": sent["Subject"], "answers": sent["Message-ID"].strip("<>")}
    comes_in(post, "Wonderful, thank you!", to=back.addr_spec, **told)
    for page in (ines, bo):
        expect(page.locator(".turn").last).to_contain_text("Wonderful, thank you!")
    held = Conversation.objects.get()
    assert (held.status, held.assignee) == (Conversation.OPEN, Agent.objects.get(name="Ines Prado"))

    # Bo settles it by one key; it leaves both lists. Ines finds it again by what was said.
    bo.locator("#subject").click()
    bo.keyboard.press("e")
    for page in (ines, bo):
        expect(page.locator(".inbox-row")).to_have_count(0)
    read_the_log()
    ines.keyboard.press("Escape")
    ines.keyboard.press("/")
    ines.keyboard.type("wonderfull")
    ines.keyboard.press("Enter")
    expect(ines.locator(".inbox-row")).to_contain_text("The bag is torn")

    # In the evening the numbers know of it, and lead back to it.
    ines.goto("/numbers/conversations/?measure=first")
    expect(ines.locator(".numbers tbody tr")).to_have_count(1)
    expect(ines.locator(".numbers tbody")).to_contain_text("The bag is torn")


def _offline(page: Page) -> None:
    page.context.set_offline(True)


def _online(page: Page) -> None:
    page.context.set_offline(False)

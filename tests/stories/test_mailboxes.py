"""A mailbox on a real server is connected: a wrong password is said, what would come is foreseen, then it comes."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from regulars.channels.actions import fetching, understanding
from regulars.channels.models import Channel
from regulars.desk.models import Conversation
from tests.channels.email.conftest import imap_server, owner  # noqa: F401
from tests.channels.email.dovecot import PASSWORD, Dovecot
from tests.stories.browser import look
from tests.stories.openings import INSIDE
from tests.stories.proving import nothing_counted

__all__ = ["nothing_counted"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_trouble_and_dead_letters_look_well(signed_in: Page) -> None:
    for name in ("settings:channels", "settings:dead_letters"):
        place: Any = INSIDE[name]
        signed_in.goto(place())
        look(signed_in, name.replace(":", "-"))
    signed_in.goto("/")
    expect(signed_in.get_by_role("alert")).to_contain_text("No mail comes through “Care”")


def test_a_mailbox_is_connected_foreseen_and_begun(
    signed_in: Page,
    imap_server: Dovecot,  # noqa: F811
    owner: str,  # noqa: F811
) -> None:
    with imap_server.client(owner) as client:
        client.append("INBOX", b"From: ada@example.com\r\nSubject: Where is it?\r\n\r\nHello")
    page = signed_in
    page.goto("/settings/channels/")
    expect(page.get_by_role("heading", name="No mailbox yet")).to_be_visible()
    page.get_by_role("link", name="Add a mailbox").click()
    page.get_by_label("Name", exact=True).fill("Help")
    page.get_by_label("Address", exact=True).fill("help@shop.example")
    page.get_by_label("IMAP server").fill("127.0.0.1")
    incoming = page.get_by_role("region", name="How mail comes in")
    incoming.get_by_label("Encryption").select_option("none")
    incoming.get_by_label("Port").fill(str(imap_server.port))
    incoming.get_by_label("User").fill(owner)
    incoming.get_by_label("Password").fill("wrong")
    page.get_by_label("How it goes out").select_option("installation")
    page.get_by_role("button", name="Try and add").click()
    expect(page.get_by_role("alert")).to_contain_text("refused the sign-in")
    look(page, "settings-mailbox-refused")
    incoming.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Try and add").click()
    expect(page.get_by_text("There is 1 mail in “INBOX”.")).to_be_visible()
    look(page, "settings-mailbox-foreseen")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("“Help” works.")).to_be_visible()
    channel = Channel.objects.get()
    assert fetching.fetch(channel.pk) == 1
    understanding.drain(channel.pk)
    assert Conversation.objects.get().subject == "Where is it?"
    page.goto("/settings/channels/")
    expect(page.get_by_text("1 of 1")).to_be_visible()

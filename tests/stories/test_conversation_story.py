"""Working in a conversation, in a real browser: reading, answering, being two at once, losing nothing."""

import struct
import zlib
from typing import Any

from playwright.sync_api import Page, expect

from regulars.desk.actions import assignments, labels, messages
from regulars.desk.actions.messages import File, Written
from regulars.desk.models import Conversation
from regulars.kernel import files
from regulars.kernel.actors import Actor
from tests.customers.cast import make_customer, record
from tests.desk.cast import ask, make_agent, make_mailbox
from tests.stories.browser import LOOKS, look


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
    for number, total in ((20318, "39.80"), (20144, "52.10")):
        record(ada.pk, "Order Completed", order_id=str(number), total=total, currency="EUR")
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
    signed_in.screenshot(path=LOOKS / "conversation-wide.png")
    look(signed_in, "conversation")

"""Mails written to run, load, cover or lead away, read in a real browser wherever their words are shown."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Request, expect

from regulars.customers.actions import exports
from regulars.customers.portal import links
from regulars.desk.actions import messages
from regulars.desk.actions.messages import File, Written
from regulars.desk.models import Conversation, Message
from regulars.kernel import files
from regulars.kernel.actors import Actor
from tests.customers.cast import make_customer
from tests.desk.beside import ask_carrier
from tests.desk.cast import ask, make_agent, make_mailbox
from tests.stories.attacks import ATTACKS, EVIL
from tests.stories.test_conversation_story import reply_box

pytestmark = pytest.mark.django_db(transaction=True)

KEPT = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"
# What swallows what follows stands at the end of the attacks, and so at the end of a mail.
MAILS = ["".join(ATTACKS[first::14]) for first in range(14)]
SHORT = [each[:400] for each in ATTACKS]
CONTROLS = "#do-reply, #do-note, #do-ask, .rail a, main button, main summary, main textarea, main a"
# What of the page's own controls lies under something that is neither in it nor around it.
COVERED = """(controls) => [...document.querySelectorAll(controls)].filter((one) => {
  if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
  one.scrollIntoView({ block: "center" });
  const at = one.getClientRects()[0];
  if (!at || !at.width || !at.height) return false;
  const hit = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2);
  return hit && !one.contains(hit) && !hit.contains(one);
}).map((one) => one.outerHTML.slice(0, 200))"""


def written(ines: Any) -> Conversation:
    """Ada sends every attack as a mail, and writes it into every field that takes words."""
    ada = make_customer(SHORT[0], email="ada@example.com", external=SHORT[1])
    by = Actor("customer", ada.pk, SHORT[2])
    held = ask(ada.pk, make_mailbox(), "\n".join(SHORT), subject=f"Matter {SHORT[3]}")
    for attack in MAILS:
        text = attack[:600].replace("\x00", "")
        paper = File(files.store(attack.encode()), f"{text[:60]}.html", "text/html", len(attack))
        said = Written(text=text, html=attack.replace("\x00", ""), quoted=text, signature=text, files=[paper])
        messages.receive(held.pk, said, by=by)
    messages.note(held.pk, Written(text="\n\n".join(SHORT)), by=ines.actor)
    answer = messages.reply(held.pk, Written(text="\n\n".join(SHORT)), by=ines.actor)
    Message.objects.filter(pk=answer.pk).update(state="sent")
    ask_carrier(held, ines, text="\n\n".join(SHORT))
    return held


def watched(page: Page, address: str) -> list[str]:
    """What a page does that it must not: scripts of others, questions to other machines, boxes, leaving."""
    seen: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            seen.append(request.url)

    page.context.expose_function("ran", lambda *_: seen.append("ran"))
    page.context.on("request", asked)
    page.context.on("dialog", lambda dialog: seen.append(dialog.message))
    page.context.route(f"{EVIL}/**", lambda route: route.fulfill(body="elsewhere", content_type="text/html"))
    return seen


def looked_at(page: Page, place: str) -> None:
    """The page is the one, stays so, and nothing lies over what it offers; every mail in it is shown as it was sent."""
    page.goto(place)
    page.evaluate("document.querySelectorAll('details.as-sent, details.folded').forEach((one) => { one.open = true; })")
    page.evaluate("document.querySelectorAll('iframe').forEach((one) => { one.loading = 'eager'; })")
    for frame in page.frames:
        frame.wait_for_load_state()
    assert page.evaluate("location.pathname + location.search") == place
    assert page.evaluate(COVERED, CONTROLS) == [], place


def led_away(page: Page) -> Page:
    """Where the honest link of a mail leads: a page beside, which is not told where it was opened from."""
    frame = next(each for each in page.frames[1:] if each.get_by_role("link", name="The way out").count())
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="The way out").click()
    opened.value.wait_for_load_state()
    return opened.value


def test_no_mail_runs_loads_covers_or_leads_away(signed_in: Page, ines: Any, address: str) -> None:
    page, held = signed_in, written(ines)
    seen = watched(page, address)
    looked_at(page, reverse("desk:conversation", args=[held.pk]))
    assert len(page.frames) == len(MAILS) + 1, "each in its frame"
    beside = led_away(page)
    assert (beside.url, beside.evaluate("[window.opener, document.referrer]")) == (seen.pop(), [None, ""])
    beside.close()
    for place in ("/inbox/?view=all", "/inbox/?view=all&q=Matter", "/customers/", f"/customers/{held.customer_id}/"):
        looked_at(page, place)
    who = links.known("ada@example.com")
    made = links.make(who, request="story") if who else None
    assert made
    page.goto(f"/portal/link/{made.token}/")
    page.locator("form button").first.click()
    expect(page.locator("h1").first).to_be_visible()
    looked_at(page, "/portal/conversations/")
    looked_at(page, f"/portal/conversations/{held.pk}/")
    export = b"".join(exports.export(held.customer_id, by=ines.actor).parts)
    page = page.context.new_page()
    page.set_content(zipfile.ZipFile(io.BytesIO(export)).read("customer.html").decode())
    assert seen == []


def test_nothing_stays_in_the_browser_after_signing_out_and_a_session_that_ended_forgets_nothing(
    signed_in: Page, ines: Any, sign_in: Callable[[Any], Page]
) -> None:
    page, mailbox = signed_in, make_mailbox()
    ada = make_customer("Ada Moreno", email="ada@example.com")
    for subject in ("A torn bag", "A lost parcel"):
        ask(ada.pk, mailbox, f"{subject}, and nobody else may know.", subject=subject)
    page.route("**/drafts/", lambda route: route.fulfill(status=429))
    page.goto("/inbox/?view=all")
    for subject in ("A torn bag", "A lost parcel"):
        page.locator(".row-link", has_text=subject).click()
        expect(page.locator("#subject")).to_have_text(subject)
    reply_box(page).fill("We keep this between us.")
    expect(page.get_by_text("Kept in this browser")).to_be_visible()
    sign_in(make_agent("Ann", role="analyst"))
    page.go_back()
    expect(page.get_by_text("Ask an owner or a manager")).to_be_visible()
    expect(page.get_by_text("nobody else may know")).to_have_count(0)
    page.context.clear_cookies()
    page.goto("/inbox/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "We keep this between us." in page.evaluate(KEPT)
    sign_in(ines).goto("/settings/")
    page.locator("#sign-out").dispatch_event("click")
    expect(page.locator("left-behind:defined")).to_have_count(1)
    kept = page.evaluate(KEPT)
    assert [word for word in ("between us", "nobody else", "Ada", "torn") if word in kept] == []

"""The pages of a conversation: who may open them, what they cost, and that nothing from outside runs in them."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.channels.actions import suppression
from regulars.customers.models import Customer
from regulars.desk import formatting
from regulars.desk.actions import links, merging, messages
from regulars.desk.actions.messages import File, Written
from regulars.desk.models import Attachment, Conversation, Draft, Link, Merge, Message, Step, Watch
from regulars.desk.selectors import correspondence
from regulars.kernel import clock, files, page_settings
from regulars.kernel.actors import SYSTEM, Actor
from regulars.web.desk import addresses, attachments, mails, mentions, standing
from tests.desk.cast import ask, make_agent
from tests.desk.conftest import ada, bo, ines, mailbox, musa, question

__all__ = ["ada", "bo", "ines", "mailbox", "musa", "question"]
pytestmark = pytest.mark.django_db

HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}
QUERIES_OF_A_CONVERSATION = 10


def client_of(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def page(ines: Agent) -> Client:
    return client_of(ines)


def said(conversation: Conversation, **fields: Any) -> Message:
    """The customer writes again."""
    return messages.receive(conversation.pk, Written(**fields), by=Actor("customer", conversation.customer_id))


def test_a_conversation_costs_the_same_however_long(page: Client, question: Conversation) -> None:
    address = reverse("desk:conversation", args=[question.pk])
    page.get(address, **HTMX)
    with CaptureQueriesContext(connection) as short:
        page.get(address, **HTMX)
    for number in range(35):
        said(question, text=f"more {number}")
    with CaptureQueriesContext(connection) as long:
        page.get(address, **HTMX)
    assert len(long) == len(short) == QUERIES_OF_A_CONVERSATION


def everything(question: Conversation, ines: Agent) -> dict[str, tuple[str, dict[str, Any] | None]]:
    """Every address of a conversation, with what is posted to it; None where it is opened."""
    file = File(files.store(b"secret"), "x.txt", "text/plain", 6)
    message = said(question, text="secret words", html="<p>secret words</p>", files=[file])
    sent = messages.reply(question.pk, Written(text="queued"), by=ines.actor)
    other = ask(question.customer_id, question.channel, "Another")
    merge = merging.merge(question.pk, other.pk, by=SYSTEM)
    step = Step.objects.create(
        conversation=question, at=question.created_at, actor="system", verb="split",
        details={"split_from": question.pk, "moved": {str(message.pk): question.pk}},
    )  # fmt: skip
    link = links.put(question.pk, ask(question.customer_id, question.channel, "Third").pk, by=SYSTEM)
    pk, attachment = question.pk, Attachment.objects.get()
    return {
        "conversation": (reverse("desk:conversation", args=[pk]), None),
        "earlier": (reverse("desk:earlier", args=[pk]), None),
        "details": (reverse("desk:details", args=[pk]), None),
        "merge": (reverse("desk:merge", args=[pk]), None),
        "merge with": (reverse("desk:merge", args=[pk]), {"with": link.other_id}),
        "link": (reverse("desk:link", args=[pk]), {"with": link.other_id}),
        "split": (reverse("desk:split", args=[message.pk]), None),
        "split it": (reverse("desk:split", args=[message.pk]), {"subject": "x"}),
        "news": (reverse("desk:news", args=[pk]), None),
        "macros": (reverse("desk:macros", args=[pk]), None),
        "mail": (reverse("desk:mail", args=[message.pk]), None),
        "file": (reverse("desk:file", args=[attachment.pk]), None),
        "replies": (reverse("desk:replies", args=[pk]), {"text": "hello"}),
        "notes": (reverse("desk:notes", args=[pk]), {"text": "hello"}),
        "drafts": (reverse("desk:drafts", args=[pk]), {"text": "hello"}),
        "files": (reverse("desk:files", args=[pk]), {"upload": SimpleUploadedFile("a.txt", b"a")}),
        "resolution": (reverse("desk:resolution", args=[pk]), {}),
        "resolution_removal": (reverse("desk:resolution_removal", args=[pk]), {}),
        "snooze": (reverse("desk:snooze", args=[pk]), {"until": "2099-01-01T09:00"}),
        "turn": (reverse("desk:turn", args=[pk]), {"status": "waiting"}),
        "assignment": (reverse("desk:assignment", args=[pk]), {"agent": ines.pk}),
        "team": (reverse("desk:team", args=[pk]), {"team": ""}),
        "priority": (reverse("desk:priority", args=[pk]), {"priority": 1}),
        "labels": (reverse("desk:labels", args=[pk]), {"label": "x"}),
        "label_removal": (reverse("desk:label_removal", args=[pk]), {"label": 1}),
        "kind": (reverse("desk:kind", args=[pk]), {"kind": "account"}),
        "subject": (reverse("desk:subject", args=[pk]), {"subject": "x"}),
        "fields": (reverse("desk:fields", args=[pk]), {"field": "x", "value": "y"}),
        "spam": (reverse("desk:spam", args=[pk]), {}),
        "spam_removal": (reverse("desk:spam_removal", args=[pk]), {}),
        "watch": (reverse("desk:watch", args=[pk]), {}),
        "watch_removal": (reverse("desk:watch_removal", args=[pk]), {}),
        "reply_undo": (reverse("desk:reply_undo", args=[sent.pk]), {}),
        "reply_again": (reverse("desk:reply_again", args=[sent.pk]), {}),
        "merge_undo": (reverse("desk:merge_undo", args=[merge.pk]), {}),
        "split_undo": (reverse("desk:split_undo", args=[step.pk]), {}),
        "link_removal": (reverse("desk:link_removal", args=[pk]), {"link": link.pk}),
    }


def state() -> list[Any]:
    """Everything the desk keeps, to see that nothing of it changed."""
    models = (Conversation, Message, Step, Draft, Merge, Link, Attachment)
    return [list(model.objects.order_by("pk").values()) for model in models]


def open_(client: Client, address: str, posted: dict[str, Any] | None) -> Any:
    return client.get(address) if posted is None else client.post(address, posted)


def test_nobody_an_analyst_and_another_team_see_and_change_nothing(question: Conversation, ines: Agent) -> None:
    closed = teams.create("Fraud", by=SYSTEM, is_open=False)
    every = everything(question, ines)
    Conversation.objects.update(team_id=closed.pk, assignee_id=None)
    before = state()
    askers = {
        "nobody": (Client(), {302}),
        "an analyst": (client_of(make_agent("Ana", role="analyst")), {403}),
        "another team": (client_of(make_agent("Otto")), {404}),
    }
    for who, (client, wanted) in askers.items():
        for name, (address, posted) in every.items():
            answer = open_(client, address, posted)
            assert answer.status_code in wanted, f"{name} as {who}: {answer.status_code}"
            if wanted != {302}:
                assert b"secret" not in answer.content, f"{name} as {who}"
    assert state() == before


def test_every_address_answers_whoever_may(page: Client, question: Conversation, ines: Agent) -> None:
    for name, (address, posted) in everything(question, ines).items():
        answer = open_(page, address, posted)
        refused = {
            "resolution_removal": {302, 409},
            "reply_again": {409},
            "split_undo": {409},
            "link": {302, 422},
        }
        assert answer.status_code in refused.get(name, {200, 204, 302}), f"{name}: {answer.status_code}"


def test_a_merged_number_leads_to_the_one_that_is_shown(page: Client, question: Conversation) -> None:
    other = ask(question.customer_id, question.channel, "Another")
    merging.merge(question.pk, other.pk, by=SYSTEM)
    assert page.get(reverse("desk:conversation", args=[other.pk]))["Location"] == f"/inbox/conversations/{question.pk}/"


def test_a_form_sent_twice_is_one_message(page: Client, question: Conversation) -> None:
    form = {"text": "Dear **Ada**", "key": "k-1", "to": "Ada <ada@example.com>", "seen": "999999999"}
    address = reverse("desk:replies", args=[question.pk])
    assert [page.post(address, form, **HTMX).status_code for _time in (1, 2)] == [200, 200]
    sent = Message.objects.get(author_kind="agent")
    assert (sent.text, sent.html) == ("Dear **Ada**", "<p>Dear <strong>Ada</strong></p>")
    assert sent.recipients == {"to": [{"name": "Ada", "address": "ada@example.com"}]}


QUERIES_OF_A_SENT_REPLY = 24


@pytest.mark.parametrize(("form", "text"), [("replies", "Dear Ada"), ("notes", "She is annoyed")])
def test_a_page_that_says_what_it_shows_gets_only_what_sending_changed(
    page: Client, question: Conversation, form: str, text: str
) -> None:
    said(question, text="Are you there?")
    seen = {"seen": Message.objects.latest("pk").pk, "after": Message.objects.latest("pk").pk}
    sent = {"text": text, "step": Step.objects.latest("pk").pk, **seen}
    address = reverse(f"desk:{form}", args=[question.pk])
    with CaptureQueriesContext(connection) as asked:
        answer = page.post(address, sent, **HTMX)
    drawn, newest = answer.content.decode(), Message.objects.latest("pk")
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#composer", "outerHTML")
    assert drawn.count('class="turn') == 1 and f'id="message-{newest.pk}"' in drawn and "Are you there?" not in drawn
    assert f'data-after="{newest.pk}"' in drawn and f'name="seen" value="{newest.pk}"' in drawn
    assert 'id="standing"' in drawn and 'id="card"' not in drawn and f"{text}</textarea>" not in drawn
    assert form == "notes" or len(asked) <= QUERIES_OF_A_SENT_REPLY, [one["sql"][:80] for one in asked]
    whole = page.post(address, {"text": "More"}, **HTMX)  # of a page that does not say
    assert "HX-Retarget" not in whole and 'id="card"' in whole.content.decode()


def test_a_reply_to_what_was_merged_meanwhile_brings_the_one_that_is_shown(
    page: Client, question: Conversation
) -> None:
    other = ask(question.customer_id, question.channel, "Another")
    merging.merge(question.pk, other.pk, by=SYSTEM)
    answer = page.post(reverse("desk:replies", args=[other.pk]), {"text": "Both?", "after": 1, "step": 1}, **HTMX)
    assert "HX-Retarget" not in answer and f"/conversations/{question.pk}/replies/" in answer.content.decode()


def test_a_draft_does_not_come_back_after_its_form_was_sent(page: Client, question: Conversation) -> None:
    form = {"text": "Dear Ada", "key": "k-1", "seen": "999999999"}
    page.post(reverse("desk:replies", args=[question.pk]), form, **HTMX)
    assert page.post(reverse("desk:drafts", args=[question.pk]), form).status_code == 204
    assert Draft.objects.count() == 0


def test_an_unseen_note_stops_the_reply_and_is_shown(page: Client, question: Conversation, bo: Agent) -> None:
    seen = Message.objects.get().pk
    messages.note(question.pk, Written(text="Do not answer yet."), by=bo.actor)
    address = reverse("desk:replies", args=[question.pk])
    stopped = page.post(address, {"text": "Dear Ada", "seen": seen}, **HTMX)
    assert stopped.status_code == 409
    assert "Do not answer yet." in stopped.content.decode()
    assert not Message.objects.filter(author_kind="agent", kind="message").exists()
    whole = page.post(address, {"text": "Dear Ada", "seen": seen})
    assert whole.status_code == 409
    assert "Dear Ada</textarea>" in whole.content.decode()
    newest = Message.objects.latest("pk").pk
    assert page.post(address, {"text": "Dear Ada", "seen": [seen, newest]}, **HTMX).status_code == 200
    assert Message.objects.get(author_kind="agent", kind="message").text == "Dear Ada"


def test_a_refused_reply_keeps_what_was_typed(page: Client, question: Conversation) -> None:
    address = reverse("desk:replies", args=[question.pk])
    answer = page.post(address, {"text": "Half a page", "to": "nonsense"})
    assert answer.status_code == 422
    assert "Half a page</textarea>" in answer.content.decode()
    assert "“nonsense” is no e-mail address" in answer.content.decode()
    assert Message.objects.count() == 1


def test_nobody_hangs_a_file_they_do_not_hold_on_a_message(page: Client, question: Conversation, bo: Agent) -> None:
    said(question, text="see", files=[File(files.store(b"secret"), "x.txt", "text/plain", 6)])
    digest = Attachment.objects.get().digest
    for seal in (digest, signing.dumps([bo.pk, f'{{"digest": "{digest}"}}'], salt=attachments.SALT), "nonsense"):
        answer = page.post(reverse("desk:replies", args=[question.pk]), {"text": "x", "file": seal}, **HTMX)
        assert answer.status_code == 422
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("..", "file"),
        ("x" * 300 + ".pdf", "x" * 130 + ".pdf"),
    ],
)
def test_names_of_files_lose_their_tricks(page: Client, question: Conversation, name: str, tidy: str) -> None:
    assert attachments.tidy_name(name) == tidy
    said(question, text="see", files=[File(files.store(b"<svg onload=alert(1)>"), name, "image/svg+xml", 21)])
    answer = page.get(reverse("desk:file", args=[Attachment.objects.get().pk]) + "?seen")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_picture_is_shown_and_an_upload_is_measured(page: Client, question: Conversation) -> None:
    said(question, text="see", files=[File(files.store(b"\x89PNG"), "x.png", "image/png", 4)])
    answer = page.get(reverse("desk:file", args=[Attachment.objects.get().pk]) + "?seen")
    assert answer["Content-Disposition"] == 'inline; filename="x.png"'
    large = SimpleUploadedFile("large.bin", b"0" * (attachments.LARGEST + 1))
    assert page.post(reverse("desk:files", args=[question.pk]), {"upload": large}, **HTMX).status_code == 422


def test_a_mails_own_look_has_an_origin_of_its_own_and_asks_nobody(page: Client, question: Conversation) -> None:
    html = (
        "<script>alert(1)</script><p onclick=alert(1)>Hi</p><img src='https://tracker.example/x'>"
        "<img src='cid:logo'><a href='https://shop.example'>shop</a><form action='https://evil.example'></form>"
    )
    file = File(files.store(b"\x89PNG"), "logo.png", "image/png", 4, content_id="logo", is_inline=True)
    message = said(question, text="Hi", html=html, files=[file])
    answer = page.get(reverse("desk:mail", args=[message.pk]))
    shown, policy = answer.content.decode(), answer["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "https: " not in policy.partition("img-src")[2].partition(";")[0].replace("http://testserver", "")
    for bad in ("<script", "onclick", "tracker.example", "<form", "evil.example"):
        assert bad not in shown
    assert 'rel="noopener noreferrer nofollow"' in shown
    inline = re.search(r'src="http://testserver(/inbox/inline/[^"]+)"', shown)
    assert inline
    assert Client().get(inline[1]).status_code == 200
    assert Client().get(inline[1] + "x").status_code == 404
    asked = page.get(reverse("desk:mail", args=[message.pk]) + "?pictures")
    assert "tracker.example" in asked.content.decode()
    assert " https: http:" in asked["Content-Security-Policy"]


def test_an_inline_address_ends_with_the_right_to_see(page: Client, question: Conversation, ines: Agent) -> None:
    file = File(files.store(b"\x89PNG"), "logo.png", "image/png", 4, content_id="logo", is_inline=True)
    said(question, text="Hi", html="<img src='cid:logo'>", files=[file])
    token = signing.dumps([Attachment.objects.get().pk, ines.pk], salt=mails.SALT)
    assert Client().get(reverse("desk:inline", args=[token])).status_code == 200
    closed = teams.create("Fraud", by=SYSTEM, is_open=False)
    Conversation.objects.update(team_id=closed.pk)
    assert Client().get(reverse("desk:inline", args=[token])).status_code == 404


class Read(HTMLParser):
    """What a browser would make of a page: its tags, the names of their attributes, and where they lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.leads: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}
        values = [(value or "").strip() for name, value in attrs if name in ("href", "src")]
        self.leads |= {value.partition(":")[0].lower() for value in values}


RUNNING = {"script", "svg", "iframe", "object", "embed", "form", "meta", "link", "base", "style", "math", "template"}
OURS = {"p", "br", "strong", "em", "code", "pre", "a", "ul", "ol", "li", "blockquote", "span", "div"}


def test_known_attacks_come_out_as_words(page: Client, question: Conversation, shared_data: Path) -> None:
    payloads = (shared_data / "robustness" / "xss" / "xss-payload-list.txt").read_text(errors="replace").splitlines()
    assert len(payloads) > 1000
    for place in range(0, len(payloads), 200):
        html = "<hr>".join(payloads[place : place + 200])
        message = said(question, text=html, html=html)
        frame = Read(page.get(reverse("desk:mail", args=[message.pk])).content.decode().partition("<body>")[2])
        assert frame.tags & RUNNING == set()
        assert not [name for name in frame.attributes if name.startswith("on") or name in ("srcdoc", "formaction")]
        assert frame.leads <= {"http", "https", "mailto", "data", ""}
    note = Read(str(formatting.as_html("\n".join(payloads))) + str(formatting.linked("\n".join(payloads))))
    assert note.tags <= OURS
    assert note.attributes <= {"href", "rel", "target"}
    assert note.leads <= {"http", "https", "mailto"}


def test_a_note_names_colleagues(page: Client, question: Conversation, ines: Agent, bo: Agent) -> None:
    page.post(reverse("desk:notes", args=[question.pk]), {"text": "@Bo and @nobody, mail bo@Bo.example"}, **HTMX)
    note = Message.objects.get(kind="note")
    assert [mention.agent_id for mention in note.mentions.all()] == [bo.pk]  # type: ignore[attr-defined]
    thread = page.get(reverse("desk:conversation", args=[question.pk]), **HTMX).content.decode()
    assert thread.count('<span class="mention">@Bo</span>') == 1


def test_two_of_one_first_name_are_told_apart() -> None:
    agents = {1: "Ines Prado", 2: "Ines Kern", 3: "Bo"}
    assert mentions.found_in("@Ines look, @ines kern too, @BO", agents) == [2, 3]


def test_addresses_are_read_as_they_are_typed() -> None:
    assert addresses.parse('"Moreno, Ada" <ada@example.com>; bo@example.com, ada@example.com') == [
        {"name": "Moreno, Ada", "address": "ada@example.com"},
        {"name": "", "address": "bo@example.com"},
    ]
    assert addresses.written(addresses.parse('"Moreno, Ada" <ada@example.com>')) == '"Moreno, Ada" <ada@example.com>'


def test_an_agent_writes_first_once(page: Client, ada: Customer, mailbox: Any, ines: Agent) -> None:
    address = reverse("desk:start")
    assert "ada@example.com" in page.get(address, {"customer": ada.pk}).content.decode()
    form = {
        "customer": ada.pk,
        "channel": mailbox.pk,
        "to": "ada@example.com",
        "subject": "Your bag",
        "text": "Hi",
        "key": "k",
    }
    assert [page.post(address, form).status_code for _time in (1, 2)] == [302, 302]
    begun = Conversation.objects.get()
    assert (begun.subject, begun.status, begun.assignee_id, begun.waiting_since) == (
        "Your bag",
        "waiting",
        ines.pk,
        None,
    )
    assert Message.objects.get().state == "queued"


def test_writing_first_without_an_address_keeps_the_text(page: Client, ada: Customer, mailbox: Any) -> None:
    form = {"customer": ada.pk, "channel": mailbox.pk, "to": "", "subject": "Your bag", "text": "Half a page"}
    answer = page.post(reverse("desk:start"), form)
    assert answer.status_code == 422
    assert "Half a page</textarea>" in answer.content.decode()
    assert Conversation.objects.count() == 0


def test_a_reply_for_later_waits_for_its_time(page: Client, question: Conversation) -> None:
    address = reverse("desk:replies", args=[question.pk])
    past = {"text": "Hi", "later": "1", "due_at": "2020-01-01T09:00", "seen": 10**9}
    assert page.post(address, past, **HTMX).status_code == 422
    assert page.post(address, {**past, "due_at": "nonsense"}, **HTMX).status_code == 422
    assert not Message.objects.filter(author_kind="agent").exists()
    page_settings.change("time_zone", "Europe/Madrid", by=SYSTEM)
    assert page.post(address, {**past, "due_at": "2099-07-01T09:00"}, **HTMX).status_code == 200
    assert Message.objects.get(author_kind="agent").due_at == datetime(2099, 7, 1, 7, tzinfo=UTC)


def test_a_reply_puts_aside_as_chosen(page: Client, question: Conversation) -> None:
    form = {"text": "Hi", "seen": 10**9, "then": "snoozed@2099-07-01T09:00:00+02:00"}
    assert page.post(reverse("desk:replies", args=[question.pk]), form, **HTMX).status_code == 200
    found = Conversation.objects.get()
    assert (found.status, found.snoozed_until) == ("snoozed", datetime(2099, 7, 1, 7, tzinfo=UTC))


def test_times_to_put_aside_are_mornings_of_the_company(db: None) -> None:
    page_settings.change("time_zone", "Europe/Madrid", by=SYSTEM)
    with clock.frozen(datetime(2026, 11, 20, 10, 12, tzinfo=UTC)):  # a Friday
        offered = [(name, at.strftime("%a %d %H:%M")) for name, at in standing.later()]
    assert offered == [
        ("Later today", "Fri 20 14:00"),
        ("Tomorrow morning", "Sat 21 09:00"),
        ("On Monday", "Mon 23 09:00"),
        ("In a week", "Fri 27 09:00"),
    ]
    with clock.frozen(datetime(2026, 11, 22, 21, 0, tzinfo=UTC)):  # a Sunday night
        assert [name for name, _at in standing.later()] == ["Tomorrow morning", "In a week"]


def test_news_are_what_came_since(page: Client, question: Conversation, bo: Agent) -> None:
    last, step = Message.objects.get().pk, Step.objects.latest("pk").pk
    messages.note(question.pk, Written(text="Only this is new."), by=bo.actor)
    address = reverse("desk:news", args=[question.pk])
    news = page.get(address, {"after": last, "step": step}).content.decode()
    assert "Only this is new." in news
    assert "Where is my order?</" not in news.partition("<header")[0]
    assert "textarea" not in news
    assert f'data-after="{Message.objects.latest("pk").pk}"' in news


def test_a_picture_in_the_thread_is_a_small_one(page: Client, question: Conversation) -> None:
    drawn = BytesIO()
    Image.effect_noise((800, 600), 60).save(drawn, "PNG")
    said(question, text="see", files=[File(files.store(drawn.getvalue()), "x.png", "image/png", drawn.tell())])
    address = reverse("desk:file", args=[Attachment.objects.get().pk])
    assert f'src="{address}?small"' in page.get(reverse("desk:conversation", args=[question.pk])).content.decode()
    answer = page.get(f"{address}?small")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert len(b"".join(answer.streaming_content)) < 30_000 < drawn.tell()
    Attachment.objects.update(type="image/svg+xml")
    assert page.get(f"{address}?small")["Content-Type"] == "application/octet-stream"


def test_an_address_that_gets_no_mail_is_named_before_one_writes(page: Client, question: Conversation) -> None:
    url = reverse("desk:conversation", args=[question.pk])
    (who,) = correspondence.reply_to(question)
    assert "gets no mail" not in page.get(url).content.decode()
    suppression.suppress(who["address"], reason="550 no such user")
    assert f"{who['address']} gets no mail: 550 no such user" in page.get(url).content.decode()


def test_a_page_shows_who_watches_and_lets_one_add_and_remove_a_colleague(
    client: Client, question: Conversation, ines: Agent, bo: Agent
) -> None:
    client.force_login(ines)
    details = reverse("desk:details", args=[question.pk])
    assert "Let Bo watch it no more" not in client.get(details).content.decode()
    added = client.post(reverse("desk:watch", args=[question.pk]), {"agent": bo.pk})
    assert added["Location"] == f"{details}#watchers"
    assert list(Watch.objects.values_list("agent", flat=True)) == [bo.pk]
    shown = client.get(details)
    assert "Let Bo watch it no more" in shown.content.decode()
    assert [agent.pk for agent in shown.context["not_watching"]] == [ines.pk]
    client.post(reverse("desk:watch_removal", args=[question.pk]), {"agent": bo.pk})
    assert not Watch.objects.exists()

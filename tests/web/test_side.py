"""The pages of side conversations: what they show, what they cost, and to whom they open."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.desk.actions import assignments, messages
from regulars.desk.actions.messages import File, Written
from regulars.desk.models import Conversation, Draft, SideFile, SideMessage
from regulars.kernel import clock, files
from regulars.kernel.actors import SYSTEM, Actor
from tests.customers.cast import make_customer
from tests.desk.beside import CARRIER, address_of, ask_carrier
from tests.desk.cast import make_agent
from tests.desk.conftest import ada, bo, ines, mailbox, question
from tests.desk.post import deliver, mail

__all__ = ["ada", "bo", "ines", "mailbox", "question"]
pytestmark = pytest.mark.django_db

HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


def client_of(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def page(ines: Agent) -> Client:
    return client_of(ines)


def cost(page: Client, question: Conversation) -> int:
    with CaptureQueriesContext(connection) as asked:
        page.get(reverse("desk:conversation", args=[question.pk]), **HTMX)
    return len(asked)


def test_a_conversation_costs_one_query_more_with_side_conversations_and_none_without(
    page: Client, question: Conversation, ines: Agent
) -> None:
    cost(page, question)
    without = cost(page, question)
    for number in range(3):
        ask_carrier(question, ines, f"Parcel {number}?")
    Draft.objects.all().delete()
    assert cost(page, question) == without + 1


def test_asking_quotes_and_attaches_what_was_chosen_and_never_a_note(
    page: Client, question: Conversation, ines: Agent
) -> None:
    photo = File(files.store(b"torn"), "torn.jpg", "image/jpeg", 4)
    by = Actor("customer", question.customer_id, "Ada")
    said = messages.receive(question.pk, Written(text="It is torn.\nSee:", files=[photo]), by=by)
    note = messages.note(question.pk, Written(text="A difficult customer."), by=ines.actor)
    shown = page.get(reverse("desk:sides", args=[question.pk]), **HTMX)
    assert "difficult" not in shown.content.decode()
    seal = shown.context["side_panel"]["attachable"][0]["seal"]
    form = {
        "to": "Parcel Express <depot@carrier.example>", "subject": "Claim", "text": "Please look.", "key": "k",
        "quote": [said.pk, note.pk], "file": [seal],
    }  # fmt: skip
    answer = page.post(reverse("desk:sides", args=[question.pk]), form, **HTMX)
    sent = SideMessage.objects.get()
    assert answer.status_code == 200 and "reply-sent" in answer["HX-Trigger-After-Settle"]
    assert sent.text.startswith("Please look.\n\nAda wrote on ") and sent.text.endswith(":\n> It is torn.\n> See:")
    assert SideFile.objects.get().digest == photo.digest
    page.post(reverse("desk:sides", args=[question.pk]), form, **HTMX)
    assert SideMessage.objects.count() == 1


def test_opening_it_reads_it_and_the_row_says_so_until_then(
    page: Client, question: Conversation, ines: Agent, mailbox: Channel
) -> None:
    asked = ask_carrier(question, ines)
    deliver(mail("In <b>Leipzig</b>.", author=CARRIER, to=address_of(asked)), mailbox)
    inbox = {"path": reverse("desk:inbox"), "data": {"view": "all"}}
    assert "Answer beside" in page.get(**inbox).content.decode()
    opened = page.get(reverse("desk:side", args=[asked.side_id])).content.decode()
    assert "In &lt;b&gt;Leipzig&lt;/b&gt;." in opened and "Where is my order?" in opened
    assert "Answer beside" not in page.get(**inbox).content.decode()


def test_drafts_are_kept_and_gone_when_sent(page: Client, question: Conversation) -> None:
    form = {"to": "depot@carrier.example", "subject": "Claim", "text": "Half a thou", "key": "one"}
    page.post(reverse("desk:side_new_draft", args=[question.pk]), form, **HTMX)
    shown = page.get(reverse("desk:sides", args=[question.pk]), **HTMX).context["side_panel"]["form"]
    assert (shown["text"], shown["to"], shown["subject"]) == ("Half a thou", "depot@carrier.example", "Claim")
    page.post(reverse("desk:sides", args=[question.pk]), form, **HTMX)
    page.post(reverse("desk:side_new_draft", args=[question.pk]), form, **HTMX)
    assert not Draft.objects.exists()


def test_taking_it_back_brings_the_form_with_its_text(page: Client, question: Conversation) -> None:
    form = {"to": "depot@carrier.example", "subject": "Claim", "text": "Too quick", "key": "one"}
    page.post(reverse("desk:sides", args=[question.pk]), form, **HTMX)
    back = page.post(reverse("desk:side_undo", args=[SideMessage.objects.get().pk]), **HTMX)
    assert back.context["side_panel"]["form"]["text"] == "Too quick" and back.context["sides"] == []


def test_a_refusal_without_scripts_keeps_what_was_typed(page: Client, question: Conversation) -> None:
    form = {"to": "ada@example.com", "subject": "Claim", "text": "My text", "key": "one"}
    answer = page.post(reverse("desk:sides", args=[question.pk]), form)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "This is the customer of this conversation" in shown and "My text" in shown
    assert not SideMessage.objects.exists()


def test_nobody_of_another_team_gets_anywhere(page: Client, question: Conversation, ines: Agent) -> None:
    file = File(files.store(b"x"), "x.txt", "text/plain", 1)
    asked = ask_carrier(question, ines, files=(file,))
    closed = teams.create("Orders", by=SYSTEM, agent_ids=[make_agent("Eva").pk], is_open=False)
    assignments.to_team(question.pk, closed.pk, by=SYSTEM)
    form = {"to": "x@carrier.example", "text": "Let me in", "key": "k"}
    side, message = [asked.side_id], [asked.pk]
    for name, args, posted in (
        ("sides", [question.pk], None), ("sides", [question.pk], form), ("side_new_draft", [question.pk], form),
        ("side", side, None), ("side_lines", side, None), ("side_messages", side, form), ("side_draft", side, form),
        ("side_closing", side, {}), ("side_closing_removal", side, {}), ("side_undo", message, {}),
        ("side_again", message, {}), ("side_mail", message, None), ("side_file", [SideFile.objects.get().pk], None),
    ):  # fmt: skip
        address = reverse(f"desk:{name}", args=args)
        answer = page.get(address, **HTMX) if posted is None else page.post(address, posted, **HTMX)
        assert answer.status_code == 404, name
    assert SideMessage.objects.count() == 1 and not Draft.objects.exists()


def test_an_answer_is_seen_as_it_was_sent_in_the_frame_that_belongs_to_nobody(
    page: Client, question: Conversation, ines: Agent
) -> None:
    asked = ask_carrier(question, ines)
    html = "<script>alert(1)</script><b>Left</b> <img src='cid:map'><img src='https://tracker.example/x'>"
    said = SideMessage.objects.create(side_id=asked.side_id, author_kind="outside", html=html, at=clock.now())
    file = {"digest": files.store(b"\x89PNG"), "name": "map.png", "type": "image/png", "size": 4}
    SideFile.objects.create(message=said, content_id="map", is_inline=True, **file)
    address = reverse("desk:side_mail", args=[said.pk])
    assert address in page.get(reverse("desk:side", args=[asked.side_id]), **HTMX).content.decode()
    answer = page.get(address)
    shown, policy = answer.content.decode(), answer["Content-Security-Policy"]
    assert "<b>Left</b>" in shown and "<script" not in shown and "tracker.example" not in shown
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';")
    inline = re.search(r'src="http://testserver(/inbox/inline/[^"]+)"', shown)
    assert inline and Client().get(inline[1]).status_code == 200
    assert "tracker.example" in page.get(f"{address}?pictures").content.decode()
    closed = teams.create("Fraud", by=SYSTEM, is_open=False)
    Conversation.objects.update(team_id=closed.pk, assignee=None)
    assert (Client().get(inline[1]).status_code, page.get(address).status_code) == (404, 404)


def test_who_answers_beside_is_nobodys_customer(question: Conversation, ines: Agent, mailbox: Channel) -> None:
    asked = ask_carrier(question, ines)
    made_here = make_customer("Zoe").pk
    deliver(mail("Hello.", author=CARRIER, to=address_of(asked)), mailbox)
    assert type(question.customer).objects.latest("pk").pk == made_here

"""Writing first keeps what is typed: per agent and whom they write to, until it is sent or thrown away."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.actions import erasures, merges
from regulars.customers.models import Customer
from regulars.desk.actions import first_drafts
from regulars.desk.actions.files import sweep
from regulars.desk.models import Conversation, FirstDraft, Message
from regulars.desk.selectors.first_drafts import Whom
from regulars.kernel import files
from tests.customers.cast import INES
from tests.desk.cast import make_agent
from tests.desk.conftest import ada, bo, ines, mailbox, musa
from tests.web.test_conversation import HTMX, client_of, page

__all__ = ["ada", "bo", "ines", "mailbox", "musa", "page"]
pytestmark = pytest.mark.django_db

KEEP, THROW_AWAY, START = map(reverse, ("desk:start_draft", "desk:start_draft_removal", "desk:start"))


def form(ada: Customer, mailbox: Channel, **said: Any) -> dict[str, Any]:
    typed = {"to": "ada@example.com", "subject": "Your bag", "text": "Dear Ada", "kind": "account", "key": "k-1"}
    return {"customer": ada.pk, "channel": mailbox.pk, **typed, **said}


def shown(page: Client, **query: Any) -> str:
    return page.get(START, query).content.decode()


def test_what_was_typed_stands_in_the_form_again_with_its_files(page: Client, ada: Customer, mailbox: Channel) -> None:
    hung = page.post(reverse("desk:start_files"), {"upload": SimpleUploadedFile("bag.txt", b"torn")}).content.decode()
    seal = hung.partition('name="file" value="')[2].partition('"')[0]
    typed = form(ada, mailbox, file=seal, to="ada@example.com, half@", cc="bo@example.com")
    assert page.post(KEEP, typed, **HTMX).status_code == 204
    again = shown(page, customer=ada.pk)
    assert "Dear Ada</textarea>" in again and 'value="Your bag"' in again and "bag.txt" in again
    assert 'value="ada@example.com, half@"' in again and 'value="bo@example.com"' in again
    assert 'value="account" checked' in again
    digest = FirstDraft.objects.get().attachments[0]["digest"]
    assert sweep([digest]) == 0 and files.path(digest).read_bytes() == b"torn"
    begun = page.get(START).content.decode()
    assert "Begun, not sent" in begun and f"?customer={ada.pk}" in begun and "Your bag" in begun


def test_only_who_wrote_it_reads_it(page: Client, ada: Customer, mailbox: Channel, bo: Agent) -> None:
    page.post(KEEP, form(ada, mailbox))
    other = client_of(bo)
    assert "Dear Ada" not in shown(other, customer=ada.pk) and "Begun, not sent" not in shown(other)
    other.post(THROW_AWAY, {"customer": ada.pk})
    assert FirstDraft.objects.count() == 1
    analyst = client_of(make_agent("Nia", role="analyst"))
    assert analyst.post(KEEP, form(ada, mailbox)).status_code == 403


def test_it_ends_when_it_is_sent_and_is_not_kept_too_late(page: Client, ada: Customer, mailbox: Channel) -> None:
    page.post(KEEP, form(ada, mailbox))
    sent = page.post(START, form(ada, mailbox), **HTMX)
    assert sent["HX-Redirect"] == reverse("desk:conversation", args=[Conversation.objects.get().pk])
    assert page.post(KEEP, form(ada, mailbox)).status_code == 204
    assert (FirstDraft.objects.count(), Message.objects.count()) == (0, 1)


def test_what_is_refused_is_still_kept(page: Client, ada: Customer, mailbox: Channel) -> None:
    page.post(KEEP, form(ada, mailbox))
    assert page.post(START, form(ada, mailbox, to=""), **HTMX).status_code == 422
    assert FirstDraft.objects.get().text == "Dear Ada" and not Conversation.objects.exists()


def test_to_an_address_nobody_has_yet_it_ends_with_the_customer_it_made(page: Client, mailbox: Channel) -> None:
    typed = {"address": "Eva@Example.com", "to": "eva@example.com", "subject": "Hi", "text": "Dear Eva", "key": "k"}
    page.post(KEEP, typed)
    assert FirstDraft.objects.get().address == "eva@example.com"
    assert "Dear Eva</textarea>" in shown(page, address="eva@example.com")
    assert page.post(START, {**typed, "channel": mailbox.pk}).status_code == 302
    assert FirstDraft.objects.count() == 0


def test_two_who_turn_out_to_be_one_have_one(ada: Customer, musa: Customer, ines: Agent) -> None:
    for customer, text in ((musa, "Dear Musa"), (ada, "Dear Ada")):
        first_drafts.save(Whom(customer.pk), by=ines.actor, text=text, said={}, attachments=[])
    merges.merge(ada.pk, musa.pk, by=INES)
    first_drafts.save(Whom(musa.pk), by=ines.actor, text="Dear both", said={"no": "field"}, attachments=[])
    kept = FirstDraft.objects.get()
    assert (kept.customer_id, kept.text, kept.said) == (ada.pk, "Dear both", {})


def test_what_is_emptied_or_thrown_away_is_gone(page: Client, ada: Customer, mailbox: Channel) -> None:
    page.post(KEEP, form(ada, mailbox))
    page.post(KEEP, form(ada, mailbox, text=" ", subject=""))
    assert FirstDraft.objects.count() == 0
    page.post(KEEP, form(ada, mailbox, text=""))
    assert FirstDraft.objects.count() == 1
    assert page.post(THROW_AWAY, {"customer": ada.pk}).status_code == 302
    assert FirstDraft.objects.count() == 0
    assert page.post(KEEP, {"text": "to nobody"}, **HTMX).status_code == 422


def test_an_erased_address_leaves_what_is_written_to_others(ada: Customer, musa: Customer, ines: Agent) -> None:
    said = {"to": "musa@example.com", "cc": "Ada Moreno <ADA@example.com>; bo@example.com"}
    first_drafts.save(Whom(musa.pk), by=ines.actor, text="Dear Musa", said=said, attachments=[])
    first_drafts.save(Whom(None, "ada@example.com"), by=ines.actor, text="Dear Ada", said={}, attachments=[])
    erasures.erase(ada.pk, by=INES)
    kept = FirstDraft.objects.get()
    assert (kept.text, kept.said) == ("Dear Musa", {"to": "musa@example.com", "cc": "bo@example.com"})

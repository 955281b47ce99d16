"""Customers sign in by a mailed link, read their own conversations and nothing else, and continue them."""

import re
from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.accounts import tokens
from regulars.accounts.models import Agent
from regulars.channels.actions import carrying, suppression
from regulars.channels.email.out.outcomes import Outcome
from regulars.channels.events import DeliverySettled
from regulars.channels.models import Channel, Delivery
from regulars.customers.actions import erasures, merges
from regulars.customers.models import Customer, Identity, PortalLink, PortalSession
from regulars.customers.portal import links, sessions
from regulars.desk import handlers, tasks
from regulars.desk.actions import letting_go, merging, messages, portal_links, spam, states
from regulars.desk.actions.messages import File, Written
from regulars.desk.models import Attachment, Conversation, Message, Step
from regulars.desk.selectors import portal
from regulars.kernel import clock, files, page_settings
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import NoRoom
from tests.customers.cast import INES, make_customer
from tests.desk.cast import ask
from tests.desk.conftest import ada, ines, mailbox, musa, question
from tests.jobs_waiting import arguments_of

__all__ = ["ada", "ines", "mailbox", "musa", "question"]

pytestmark = pytest.mark.django_db
Enter = Callable[[Customer], Client]


@pytest.fixture
def box(mailbox: Channel) -> Channel:
    page_settings.change("portal_mailbox", str(mailbox.pk), by=SYSTEM)
    return mailbox


@pytest.fixture
def enter() -> Enter:
    def entered(customer: Customer) -> Client:
        client = Client()
        client.post(f"/portal/link/{link_of(customer.email)}/")
        return client

    return entered


def link_of(address: str) -> str:
    who = links.known(address)
    made = links.make(who, request=f"test {PortalLink.objects.count()}") if who else None
    assert made is not None
    return made.token


def mailed() -> str:
    """The token in the mail that waits to leave."""
    found = re.search(r"/portal/link/([\w-]+)/", Delivery.objects.get().letter["text"])
    assert found is not None
    return found[1]


def say(conversation: Conversation, text: str, *, by: Agent, **said: object) -> Message:
    """An agent's answer that left."""
    message = messages.reply(conversation.pk, Written(text=text, **said), by=by.actor)  # type: ignore[arg-type]
    Message.objects.filter(pk=message.pk).update(due_at=message.created_at)
    letting_go.let_go(message.pk)
    return message


def read_by(customer: Customer, conversation: Conversation) -> list[str]:
    found = portal.conversation(conversation.pk, customer_id=customer.pk)
    return [turn.message.text for turn in portal.thread(found, customer_id=customer.pk).turns]


# Signing in


def test_whoever_asks_reads_the_same_and_the_same_is_done(client: Client, box: Channel, ada: Customer) -> None:
    asked = [client.post("/portal/", {"email": address}) for address in ("ada@example.com", "nobody@example.com")]
    assert [(one.status_code, one["Location"], one.content) for one in asked] == [(302, "/portal/sent/", b"")] * 2
    known, unknown = arguments_of("desk.mail_portal_link")
    assert (known["customer_id"], unknown["customer_id"], unknown["identity_id"]) == (ada.pk, 0, 0)
    assert known.keys() == unknown.keys() and "ada@example.com" not in str(known)


def test_the_same_questions_are_asked_whether_the_address_is_known_or_not(box: Channel, ada: Customer) -> None:
    counts = []
    for address in ("ada@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as asked:
            portal_links.ask(address, language="en")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_link_signs_in_once_and_proves_the_address(client: Client, box: Channel, ada: Customer) -> None:
    Identity.objects.filter(value="ada@example.com").update(verified_at=None)
    client.post("/portal/", {"email": " Ada@example.com"})
    [said] = arguments_of("desk.mail_portal_link")
    tasks.mail_portal_link(**said)
    tasks.mail_portal_link(**said)
    delivery, token = Delivery.objects.get(), mailed()
    assert delivery.channel_id == box.pk and delivery.letter["to"][0]["address"] == "ada@example.com"
    assert bytes(PortalLink.objects.get().digest) == tokens.digest(token)
    shown = client.get(f"/portal/link/{token}/")
    assert shown.status_code == 200 and "regulars_portal" not in shown.cookies, "mail scanners open links too"
    answer = client.post(f"/portal/link/{token}/")
    cookie = answer.cookies["regulars_portal"]
    assert answer["Location"] == "/portal/conversations/"
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Lax", "/", 1_209_600)
    assert Identity.objects.get(value="ada@example.com").verified_at is not None
    assert Client().post(f"/portal/link/{token}/").status_code == 410
    assert PortalSession.objects.count() == 1


def test_over_https_the_cookie_is_held_to_this_host(client: Client, ada: Customer, settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    answer = client.post(f"/portal/link/{link_of(ada.email)}/", secure=True, headers={"referer": "https://testserver/"})
    cookie = answer.cookies["__Host-regulars_portal"]
    assert cookie["secure"] and cookie["path"] == "/" and not cookie["domain"]


def test_a_link_is_over_after_half_an_hour(ada: Customer) -> None:
    token = link_of(ada.email)
    PortalLink.objects.update(expires_at=clock.now())
    for answer in (Client().get(f"/portal/link/{token}/"), Client().post(f"/portal/link/{token}/")):
        assert answer.status_code == 410 and "half hour is over" in answer.content.decode()
    assert not PortalSession.objects.exists()


def test_the_words_of_the_mail_are_forgotten_once_it_left(box: Channel, client: Client, ada: Customer) -> None:
    client.post("/portal/", {"email": ada.email})
    tasks.mail_portal_link(**arguments_of("desk.mail_portal_link")[0])
    delivery = Delivery.objects.get()
    assert delivery.letter["is_wanted"] and delivery.letter["is_automatic"]
    handlers.forget_what_was_secret(DeliverySettled(delivery_id=delivery.pk, about=delivery.about, state="sent"))
    delivery.refresh_from_db()
    assert (delivery.letter["text"], delivery.letter["html"]) == ("", "")


def test_without_a_mailbox_nobody_signs_in_and_the_page_says_so(client: Client, ada: Customer) -> None:
    assert "not set up here" in client.get("/portal/").content.decode()
    client.post("/portal/", {"email": ada.email})
    assert arguments_of("desk.mail_portal_link") == []


def test_links_are_asked_for_three_times_in_ten_minutes(client: Client, box: Channel, ada: Customer) -> None:
    codes = [client.post("/portal/", {"email": ada.email}) for _ in range(4)]
    assert [answer.status_code for answer in codes] == [302, 302, 302, 429]
    assert codes[-1]["Retry-After"] == "600" and len(arguments_of("desk.mail_portal_link")) == 3


def test_a_session_ends_here_or_everywhere_and_after_a_fortnight(ada: Customer, enter: Enter) -> None:
    here, there, late = enter(ada), enter(ada), link_of(ada.email)
    here.post("/portal/leave/")
    assert here.get("/portal/conversations/").status_code == 302
    assert there.get("/portal/conversations/").status_code == 200
    third = enter(ada)
    third.post("/portal/leave/everywhere/")
    assert there.get("/portal/conversations/")["Location"] == "/portal/"
    assert Client().post(f"/portal/link/{late}/").status_code == 410
    fourth = enter(ada)
    PortalSession.objects.update(expires_at=clock.now())
    assert fourth.get("/portal/conversations/").status_code == 302


def test_a_cookie_that_was_touched_is_nobodys(ada: Customer, enter: Enter) -> None:
    client = enter(ada)
    client.cookies["regulars_portal"] = client.cookies["regulars_portal"].value[:-1] + "!"
    assert client.get("/portal/conversations/").status_code == 302


def test_an_agents_session_and_a_customers_never_mix(ines: Agent, ada: Customer, enter: Enter) -> None:
    agent, customer = Client(), enter(ada)
    agent.force_login(ines)
    assert agent.get("/portal/conversations/")["Location"] == "/portal/"
    assert customer.get("/inbox/")["Location"].startswith("/account/login/")
    assert customer.get("/settings/")["Location"].startswith("/account/login/")


def test_the_way_on_leads_to_a_conversation_and_nowhere_else(question: Conversation, ada: Customer) -> None:
    asked = Client().get(f"/portal/conversations/{question.pk}/")
    assert asked["Location"] == f"/portal/?conversation={question.pk}"
    answer = Client().post(f"/portal/link/{link_of(ada.email)}/", {"conversation": str(question.pk)})
    assert answer["Location"] == f"/portal/conversations/{question.pk}/"
    for elsewhere in ("//evil.example", "https://evil.example", "1/../../x", "²"):
        answer = Client().post(f"/portal/link/{link_of(ada.email)}/", {"conversation": elsewhere, "next": elsewhere})
        assert answer["Location"] == "/portal/conversations/"


# Reading


def test_what_is_between_colleagues_is_never_read(
    question: Conversation, ada: Customer, ines: Agent, enter: Enter
) -> None:
    digest = files.store(b"secret")
    note = messages.note(
        question.pk,
        Written(text="She is difficult", files=[File(digest, "secret.txt", "text/plain", 6)]),
        by=ines.actor,
    )
    say(question, "It is on its way.", by=ines)
    queued = messages.reply(question.pk, Written(text="Not yet gone"), by=ines.actor)
    client = enter(ada)
    page = client.get(f"/portal/conversations/{question.pk}/").content.decode()
    listed = client.get("/portal/conversations/").content.decode()
    assert read_by(ada, question) == ["Where is my order?", "It is on its way."]
    assert "It is on its way." in page and "It is on its way." in listed
    for hidden in ("difficult", "secret.txt", "Not yet gone", "assigned"):
        assert hidden not in page and hidden not in listed
    assert client.get(f"/portal/files/{Attachment.objects.get().pk}/").status_code == 404
    assert [client.get(f"/portal/messages/{one.pk}/mail/").status_code for one in (note, queued)] == [404, 404]


def test_what_the_customer_opened_is_marked_as_read_once_and_agents_see_it(
    ada: Customer, question: Conversation, ines: Agent, enter: Enter
) -> None:
    page = Client()
    page.force_login(ines, backend="django.contrib.auth.backends.ModelBackend")

    def shown() -> str:
        return page.get(f"/inbox/conversations/{question.pk}/").content.decode()

    customer = enter(ada)
    customer.get(f"/portal/conversations/{question.pk}/")
    question.refresh_from_db()
    assert question.read_at is None, "there is nothing of ours yet"
    for text in ("It left yesterday.", "It is there tomorrow."):
        said = messages.reply(question.pk, Written(text=text), by=ines.actor)
        Message.objects.filter(pk=said.pk).update(state="sent")
        assert "opened it in the portal" not in shown()
    note = messages.note(question.pk, Written(text="She asked twice."), by=ines.actor)
    steps = Step.objects.count()
    customer.get(f"/portal/conversations/{question.pk}/")
    question.refresh_from_db()
    assert (question.read_message_id, question.read_at is not None) == (said.pk, True) and note.pk > said.pk
    first = question.read_at
    customer.get(f"/portal/conversations/{question.pk}/")
    question.refresh_from_db()
    assert (question.read_at, question.status, Step.objects.count()) == (first, "waiting", steps)
    assert shown().count("opened it in the portal") == 1
    assert shown().index("It is there tomorrow.") < shown().index("opened it in the portal")


def test_others_conversations_are_not_there(question: Conversation, musa: Customer, enter: Enter) -> None:
    digest = files.store(b"hers")
    messages.receive(
        question.pk,
        Written(text="My address", html="<p>My address</p>", files=[File(digest, "hers.txt", "text/plain", 4)]),
        by=Actor("customer", question.customer_id),
    )
    said, steps = Message.objects.count(), Step.objects.count()
    client = enter(musa)
    page = client.get(f"/portal/conversations/{question.pk}/")
    assert page.status_code == 404 and "it is not yours" in page.content.decode()
    assert client.post(f"/portal/conversations/{question.pk}/replies/", {"text": "hello"}).status_code == 404
    assert client.post(f"/portal/conversations/{question.pk}/solution/").status_code == 404
    assert client.get(f"/portal/files/{Attachment.objects.get().pk}/").status_code == 404
    assert client.get(f"/portal/messages/{Message.objects.latest('pk').pk}/mail/").status_code == 404
    assert "No conversations yet" in client.get("/portal/conversations/").content.decode()
    question.refresh_from_db()
    assert (Message.objects.count(), Step.objects.count(), question.status) == (said, steps, "open")


def test_spam_is_not_shown_not_even_its_files(question: Conversation, ada: Customer, enter: Enter) -> None:
    spam.mark(question.pk, by=SYSTEM)
    client = enter(ada)
    assert client.get(f"/portal/conversations/{question.pk}/").status_code == 404
    assert client.get(f"/portal/messages/{Message.objects.get().pk}/mail/").status_code == 404
    assert portal.lines(ada.pk) == []


def test_a_merged_conversation_leads_to_the_one_that_is_shown(
    question: Conversation, ada: Customer, mailbox: Channel, enter: Enter
) -> None:
    other = ask(ada.pk, mailbox, "And my invoice?")
    merging.merge(question.pk, other.pk, by=SYSTEM)
    client = enter(ada)
    assert client.get(f"/portal/conversations/{other.pk}/")["Location"] == f"/portal/conversations/{question.pk}/"
    assert read_by(ada, question) == ["Where is my order?", "And my invoice?"]
    assert [line.conversation.pk for line in portal.lines(ada.pk)] == [question.pk]


def test_of_two_customers_conversations_merged_each_reads_no_word_of_the_other(
    question: Conversation, ada: Customer, musa: Customer, mailbox: Channel, enter: Enter
) -> None:
    other = ask(musa.pk, mailbox, "Musa's secret")
    merging.merge(question.pk, other.pk, by=SYSTEM)
    assert read_by(ada, question) == ["Where is my order?"]
    client = enter(musa)
    for pk in (question.pk, other.pk):
        assert client.get(f"/portal/conversations/{pk}/").status_code == 404
    assert portal.lines(musa.pk) == []


def test_merged_customers_read_what_both_wrote(
    question: Conversation, ada: Customer, musa: Customer, mailbox: Channel, enter: Enter
) -> None:
    client = enter(musa)
    merges.merge(ada.pk, musa.pk, by=INES)
    ask(musa.pk, mailbox, "From my other address")
    assert {line.conversation.subject for line in portal.lines(ada.pk)} == {
        "Where is my order?",
        "From my other address",
    }
    assert client.get(f"/portal/conversations/{question.pk}/").status_code == 200


def test_who_is_erased_is_signed_out_and_leaves_no_link(ada: Customer, box: Channel, enter: Enter) -> None:
    client, token = enter(ada), link_of(ada.email)
    erasures.erase(ada.pk, by=SYSTEM)
    assert client.get("/portal/conversations/")["Location"] == "/portal/"
    assert Client().post(f"/portal/link/{token}/").status_code == 410
    assert not PortalLink.objects.exists() and not PortalSession.objects.exists()


def test_what_was_written_to_somebody_else_in_the_same_conversation_stays_theirs(
    question: Conversation, ada: Customer, ines: Agent
) -> None:
    to_supplier = {"to": [{"name": "Mill", "address": "mill@example.net"}]}
    say(question, "What did you send her?", by=ines, recipients=to_supplier)
    mill = make_customer("Mill", email="mill@example.net")
    for text, to in (("The wrong bag.", []), ("Dear Ada, sorry.", [{"name": "", "address": "ADA@example.com"}])):
        held = Conversation.objects.get(pk=question.pk)
        messages.take_in(
            held, Written(text=text, recipients={"from": to_supplier["to"], "to": to}), by=Actor("customer", mill.pk)
        )
    assert read_by(ada, question) == ["Where is my order?", "Dear Ada, sorry."]


def test_a_mail_is_shown_sanitised_in_its_sandbox(question: Conversation, ada: Customer, enter: Enter) -> None:
    message = messages.receive(
        question.pk, Written(text="Hello", html="<p>Hello</p><script>alert(1)</script><img src=https://x.example/p.png>"),
        by=Actor("customer", ada.pk),
    )  # fmt: skip
    page = enter(ada).get(f"/portal/messages/{message.pk}/mail/")
    assert "<script" not in page.content.decode() and "x.example" not in page.content.decode()
    policy = page["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups") and "default-src 'none'" in policy
    assert page["X-Frame-Options"] == "SAMEORIGIN"


def test_files_are_saved_and_never_run(question: Conversation, ada: Customer, enter: Enter) -> None:
    digest = files.store(b"<script>alert(1)</script>")
    messages.receive(
        question.pk, Written(text="Look", files=[File(digest, "a.html", "text/html", 25)]), by=Actor("customer", ada.pk)
    )
    answer = enter(ada).get(f"/portal/files/{Attachment.objects.get().pk}/?seen")
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"


def test_the_list_has_what_is_open_first_in_the_customers_words(
    question: Conversation, ada: Customer, ines: Agent, mailbox: Channel, enter: Enter
) -> None:
    solved = ask(ada.pk, mailbox, "An old matter")
    states.resolve(solved.pk, by=SYSTEM)
    answered = ask(ada.pk, mailbox, "A question")
    say(answered, "An answer", by=ines)
    messages.note(question.pk, Written(text="a note, later than all"), by=ines.actor)
    found = [(line.conversation.subject, line.state) for line in portal.lines(ada.pk)]
    assert found == [("A question", "answered"), ("Where is my order?", "asked"), ("An old matter", "solved")]
    page = enter(ada).get("/portal/conversations/").content.decode()
    assert [page.index(words) for words in ("We answered", "We will answer", "Solved")] == sorted(
        page.index(words) for words in ("We answered", "We will answer", "Solved")
    )


def test_a_long_conversation_is_read_page_by_page(
    question: Conversation, ada: Customer, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portal, "PAGE", 2)
    for text in ("second", "third", "fourth"):
        messages.receive(question.pk, Written(text=text), by=Actor("customer", ada.pk))
    client, pages = enter(ada), []
    place = f"/portal/conversations/{question.pk}/"
    while place:
        page = client.get(place).content.decode()
        pages.append(re.findall(r'plain-text">(.*?)</div>', page))
        further = re.search(r'href="(\?before=\d+)"', page)
        place = f"/portal/conversations/{question.pk}/{further[1]}" if further else ""
    assert pages == [["third", "fourth"], ["Where is my order?", "second"]]
    assert client.get(f"/portal/conversations/{question.pk}/?before=²").status_code == 200


def test_the_list_asks_the_same_few_questions_however_long_it_is(
    ada: Customer, mailbox: Channel, django_assert_max_num_queries: Callable
) -> None:
    for number in range(12):
        ask(ada.pk, mailbox, f"Question {number}")
    with django_assert_max_num_queries(9):
        assert len(portal.lines(ada.pk)) == 12


# Going on


def test_a_customer_goes_on_once_however_often_the_form_arrives(
    question: Conversation, ada: Customer, ines: Agent, enter: Enter
) -> None:
    say(question, "Which bag?", by=ines)
    client = enter(ada)
    said = {"text": "The blue one", "key": "k1", "files": [SimpleUploadedFile("bag.png", b"x", "image/png")]}
    for _ in range(2):
        said["files"][0].seek(0)
        answer = client.post(f"/portal/conversations/{question.pk}/replies/", said)
        assert answer["Location"] == f"/portal/conversations/{question.pk}/?sent#reply"
    message = Message.objects.latest("pk")
    assert (message.text, message.author_kind, message.author_id) == ("The blue one", "customer", ada.pk)
    assert message.recipients == {"from": [{"name": "Ada Moreno", "address": "ada@example.com"}]}
    assert Message.objects.filter(text="The blue one").count() == Attachment.objects.count() == 1
    question.refresh_from_db()
    assert question.status == "open" and question.waiting_since == message.at


def test_another_customers_key_meets_nobodys_message(
    question: Conversation, ada: Customer, musa: Customer, mailbox: Channel, enter: Enter
) -> None:
    other = ask(musa.pk, mailbox, "Musa asks")
    for customer, conversation in ((ada, question), (musa, other)):
        enter(customer).post(f"/portal/conversations/{conversation.pk}/replies/", {"text": "Hello", "key": "same"})
    assert Message.objects.filter(text="Hello").count() == 2


def test_nothing_is_sent_without_words_and_what_was_typed_stays(
    question: Conversation, ada: Customer, enter: Enter
) -> None:
    client = enter(ada)
    empty = client.post(f"/portal/conversations/{question.pk}/replies/", {"text": "  ", "key": "k"})
    assert empty.status_code == 422 and "Write something first." in empty.content.decode()
    uploads = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(6)]
    many = client.post(f"/portal/conversations/{question.pk}/replies/", {"text": "Kept", "key": "k", "files": uploads})
    assert many.status_code == 422 and "Kept</textarea>" in many.content.decode()
    assert Message.objects.count() == 1 and not list(files.stored())


def test_on_a_full_disk_a_message_stays_in_its_box(question: Conversation, ada: Customer, enter: Enter) -> None:
    said = {"text": "Kept", "key": "k", "files": [SimpleUploadedFile("a.txt", b"x")]}
    with patch("regulars.web.forms.sending.files.store", side_effect=NoRoom):
        answer = enter(ada).post(f"/portal/conversations/{question.pk}/replies/", said)
    assert answer.status_code == NoRoom.status and "Kept</textarea>" in answer.content.decode()
    assert Message.objects.count() == 1


def test_forged_posts_are_refused(question: Conversation, ada: Customer) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/portal/link/{link_of(ada.email)}/").status_code == 403
    strict.cookies["regulars_portal"] = _cookie(ada)
    assert strict.get(f"/portal/conversations/{question.pk}/").status_code == 200
    for place in ("replies", "solution"):
        assert strict.post(f"/portal/conversations/{question.pk}/{place}/", {"text": "x"}).status_code == 403
    assert Message.objects.count() == 1


def _cookie(customer: Customer) -> str:
    return Signer(salt="regulars.portal").sign(sessions.begin(customer.pk, address=customer.email))


def test_solved_is_solved_until_the_customer_writes_again(question: Conversation, ada: Customer, enter: Enter) -> None:
    client = enter(ada)
    for _ in range(2):
        client.post(f"/portal/conversations/{question.pk}/solution/")
    question.refresh_from_db()
    assert (question.status, question.resolved_by) == ("resolved", f"customer:{ada.pk}")
    assert Step.objects.filter(verb="resolved").count() == 1
    client.post(f"/portal/conversations/{question.pk}/replies/", {"text": "Not quite", "key": "k"})
    question.refresh_from_db()
    assert question.status == "open"
    assert Step.objects.filter(verb="reopened", actor=f"customer:{ada.pk}").count() == 1


def test_what_is_over_is_tidied_away(ada: Customer, enter: Enter) -> None:
    enter(ada)
    link_of(ada.email)
    assert sessions.tidy() == 0
    PortalLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    PortalSession.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert sessions.tidy() == 3


def test_a_suppressed_address_gets_no_link_and_a_capped_one_does(box: Channel, ada: Customer, client: Client) -> None:
    for number in range(6):
        Delivery.objects.create(
            channel=box, key=f"auto:{number}", customer_id=ada.pk, letter={"is_automatic": True}, state="sent",
            created_at=clock.now(), due_at=clock.now(), claimed_at=clock.now(),
        )  # fmt: skip
    client.post("/portal/", {"email": ada.email})
    tasks.mail_portal_link(**arguments_of("desk.mail_portal_link")[0])
    waiting = Delivery.objects.get(state="queued")
    suppression.suppress(ada.email, reason="no such mailbox")
    claimed = carrying.claim.__wrapped__(waiting.pk)  # type: ignore[attr-defined]  # the test's own transaction is around it
    assert claimed is not None
    outcome = carrying.hand_over(claimed)
    assert isinstance(outcome, Outcome) and outcome.state == "failed" and "refused mail before" in outcome.words

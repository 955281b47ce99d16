"""One answer is written for many, looked at, and sent as it was looked at."""

import html

import pytest
from django.test import Client

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.models import Message
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_agent, make_mailbox

pytestmark = pytest.mark.django_db
PAGE = "/inbox/bulk/answer/"


@pytest.fixture
def inbox(client: Client, ines: Agent) -> Client:
    client.force_login(ines)
    return client


@pytest.fixture
def ines(db: None) -> Agent:
    return make_agent("Ines")


@pytest.fixture
def ada(db: None) -> Customer:
    return make_customer("Ada Moreno", email="ada@example.com")


@pytest.fixture
def mailbox(db: None) -> Channel:
    return make_mailbox()


def test_what_is_sent_is_what_was_looked_at(inbox: Client, ada: Customer, mailbox: Channel) -> None:
    ids = [ask(ada.pk, mailbox).pk for _ in range(4)]
    led = inbox.post("/inbox/bulk/begin/", {"deed": "answer:", "ids": ids})
    chosen = ",".join(map(str, ids))
    assert led["Location"] == f"{PAGE}?macro=&ids={chosen.replace(',', '%2C')}"
    assert "See how it reads" in inbox.get(led["Location"]).content.decode()
    empty = inbox.post(PAGE, {"ids": chosen, "text": " ", "look": "1"})
    assert (empty.status_code, "There is nothing to send" in empty.content.decode()) == (422, True)
    text = "Dear {{customer.first_name}}, about {{order.number|your order}} & <b>more</b>."
    looked = inbox.post(PAGE, {"ids": chosen, "text": text, "look": "1"}).content.decode()
    assert looked.count("Dear Ada, about your order &amp; &lt;b&gt;more&lt;/b&gt;.") == 3
    assert "Send 4 answers" in looked and html.escape(text) in looked
    said = {"ids": chosen, "looked_at": looked.partition('name="looked_at" value="')[2].partition('"')[0]}
    changed = inbox.post(PAGE, {**said, "text": f"{text} Bye", "looked": text}).content.decode()
    assert "nothing was sent yet" in changed and "&lt;/b&gt;. Bye" in changed
    assert not Message.objects.filter(author_kind="agent").exists()
    sent = inbox.post(PAGE, {**said, "text": f"{text} Bye\r\n", "looked": f"{text} Bye"})
    assert sent.status_code == 302 and sent["Location"].startswith("/inbox/bulk/")
    assert set(Message.objects.filter(author_kind="agent").values_list("text", "state")) == {
        ("Dear Ada, about your order & <b>more</b>. Bye", "queued")
    }
    assert Message.objects.filter(author_kind="agent").count() == 4
    page = inbox.get(sent["Location"]).content.decode()
    assert "4 conversations" in page
    inbox.post(f"{sent['Location']}undo/")
    assert not Message.objects.filter(author_kind="agent", removed_at=None).exists()

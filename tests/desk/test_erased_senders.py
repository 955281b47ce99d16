"""Who was erased stays forgotten, though their mail still lies in a mailbox."""

import pytest

from regulars.channels.models import Channel, Incoming
from regulars.customers.actions import erasures
from regulars.customers.models import Customer
from regulars.desk.models import Conversation
from regulars.kernel.actors import SYSTEM
from tests.desk.post import counts, deliver, mail, placed

pytestmark = pytest.mark.django_db(transaction=True)


def test_mail_of_somebody_who_was_erased_is_not_kept(mailbox: Channel) -> None:
    raw = mail("My secret.")
    placed(raw, mailbox)
    deliver(raw, mailbox)  # dropped, as it came before: its bytes are gone already
    erasures.erase(Customer.objects.get().pk, by=SYSTEM)
    assert counts() == (0, 0)
    assert not any(b"secret" in bytes(row.raw) for row in Incoming.objects.all())
    again = deliver(raw, mailbox, envelope={"from": "ada@example.com"})
    assert (again.state, bytes(again.raw), again.envelope) == ("dropped", b"", {})
    assert again.trouble == "The sender was erased, and nothing more is kept of them."
    assert not Conversation.objects.exists() and not Customer.objects.exists()

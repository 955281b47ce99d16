"""What channels keep no longer than the settings say, and what goes with somebody who is erased."""

from datetime import timedelta

import pytest

from regulars.channels.actions import deliveries, pruning, suppression, understanding
from regulars.channels.letters import Letter
from regulars.channels.models import Delivery, Incoming, SuppressedAddress
from regulars.kernel import clock, people
from regulars.kernel.health import TROUBLES, Health
from tests.desk.cast import make_mailbox
from tests.desk.post import ADA, MUSA, mail, store

pytestmark = pytest.mark.django_db


def old(days: int) -> None:
    Incoming.objects.update(settled_at=clock.now() - timedelta(days=days))
    Delivery.objects.update(settled_at=clock.now() - timedelta(days=days))


def test_of_old_mail_the_bytes_go_and_it_is_known_that_it_was_here(monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = make_mailbox()
    placed, dead = store(mail("Hello"), mailbox, source_key="imap:1:7"), store(mail("Dead"), mailbox)
    understanding.drain(mailbox.pk)
    Incoming.objects.filter(pk=dead.pk).update(state=Incoming.DEAD)
    old(364)
    assert pruning.prune() == (0, 0)
    old(366)
    monkeypatch.setenv("REGULARS_RAW_MAIL_DAYS", "0")
    assert pruning.prune() == (0, 0)
    monkeypatch.delenv("REGULARS_RAW_MAIL_DAYS")
    monkeypatch.setattr(pruning, "AT_ONCE", 1)
    assert pruning.prune() == (1, 0) and pruning.prune() == (0, 0)
    placed.refresh_from_db()
    assert (bytes(placed.raw), placed.state) == (b"", "placed")
    assert bytes(Incoming.objects.get(pk=dead.pk).raw) == mail_of(dead)
    with pytest.raises(Incoming.DoesNotExist):
        store(mail("Hello"), mailbox, source_key="imap:1:7")


def mail_of(row: Incoming) -> bytes:
    return bytes(row.raw)


def test_old_deliveries_go_but_not_what_is_on_its_way() -> None:
    mailbox = make_mailbox()
    for number, state in enumerate(Delivery.STATES):
        letter = Letter(channel_id=mailbox.pk, to=[{"name": "", "address": "ada@example.com"}])
        row = deliveries.queue(letter, about=f"message:{number}")
        Delivery.objects.filter(pk=row.pk).update(state=state)
    old(366)
    assert pruning.prune() == (0, 4)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"queued", "claimed"}


def test_dead_letters_and_suppressed_addresses_of_somebody_erased_go_and_others_stay() -> None:
    mailbox = make_mailbox()
    folded = b"To:\r\n help@shop.example,\r\n\tAda Moreno <ADA@example.com>\r\nFrom: broken\r\n\r\nada@example.com"
    theirs = [store(mail("x", author=ADA), mailbox), store(folded, mailbox)]
    others = [store(mail("x", author=MUSA), mailbox), store(b"Subject: x\r\n\r\nFrom: ada@example.com", mailbox)]
    Incoming.objects.update(state=Incoming.DEAD)
    for address in ("ada@example.com", "musa@example.com"):
        suppression.suppress(address, reason="gone")
    assert pruning.forget_the_erased() == 0
    people.suppress([("email", "ada@example.com")])
    assert pruning.forget_the_erased() == len(theirs) + 1
    assert set(Incoming.objects.values_list("pk", flat=True)) == {each.pk for each in others}
    assert list(SuppressedAddress.objects.values_list("address", flat=True)) == ["musa@example.com"]


def test_a_mailbox_in_trouble_is_said_and_takes_no_process_out_of_service() -> None:
    assert {"channels", "sending"} <= TROUBLES.keys()
    troubled = Health(unwell={"channels": "channel 1 has not worked since yesterday"})
    assert (troubled.as_json()["status"], troubled.can_serve) == ("unwell", True)
    assert not Health(unwell={"worker": "no worker is running", "channels": "x"}).can_serve

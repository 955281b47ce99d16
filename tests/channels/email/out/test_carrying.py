"""Mail goes out once, or it is said that it did not, or that nobody knows."""

import errno
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from regulars.channels.actions import carrying, deliveries, setting_up, suppression
from regulars.channels.email import marks
from regulars.channels.errors import NotToBeSentAgain
from regulars.channels.letters import Enclosure, Letter
from regulars.channels.models import Channel, Delivery, SuppressedAddress
from regulars.channels.selectors import deliveries as out
from regulars.channels.selectors import standing
from regulars.kernel import clock, events, files
from regulars.kernel.actors import SYSTEM
from tests.channels.email.out.mail_server import DROP, HANG, TAKE_AND_DROP, TAKE_AND_HANG, MailServer

pytestmark = pytest.mark.django_db(transaction=True)


def put_down(channel: Channel, *, about: str = "message:1", **letter: object) -> Delivery:
    """A letter to Ada, ready to be carried."""
    given = {"to": [{"name": "Ada Moreno", "address": "ada@example.com"}], "subject": "Your order", "text": "Hi."}
    written = Letter(channel_id=channel.pk, **{"conversation_id": 7, **given, **letter})  # type: ignore[arg-type]
    return deliveries.queue(written, about=about)


def again(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def jobs_for(handler: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [handler])
        return cursor.fetchone()[0]


def test_a_mail_arrives_once_however_often_it_is_carried(sending: Channel, mail_server: MailServer) -> None:
    delivery = put_down(sending)
    assert put_down(sending).pk == delivery.pk
    assert [carrying.deliver(delivery.pk), carrying.deliver(delivery.pk)] == ["sent", None]
    assert len(mail_server.taken) == 1
    (mail,) = mail_server.mails
    assert mail["Message-ID"] == f"<{delivery.external_id}>"
    assert (again(delivery).state, again(delivery).trouble, again(delivery).attempts) == ("sent", "", 1)


def test_what_the_server_does_not_want_now_is_tried_again_later(sending: Channel, mail_server: MailServer) -> None:
    mail_server.at_end = ["451 4.7.1 come back later"]
    delivery = put_down(sending)
    before = clock.now()
    assert carrying.deliver(delivery.pk) == "queued"
    waits = again(delivery)
    assert waits.trouble == "451 4.7.1 come back later"
    assert timedelta(seconds=55) < waits.due_at - before < timedelta(seconds=70)
    assert carrying.deliver(delivery.pk) is None
    with clock.frozen(waits.due_at):
        assert carrying.deliver(delivery.pk) == "sent"
    assert len(mail_server.taken) == 1


def test_what_the_server_never_wants_fails_in_its_words(sending: Channel, mail_server: MailServer) -> None:
    mail_server.at_end = ["554 5.7.1 we know your kind"]
    delivery = put_down(sending)
    assert carrying.deliver(delivery.pk) == "failed"
    assert again(delivery).trouble == "554 5.7.1 we know your kind"
    assert mail_server.taken == []


def test_after_its_last_try_it_fails(sending: Channel, mail_server: MailServer) -> None:
    mail_server.at_mail = "450 busy"
    delivery = put_down(sending)
    Delivery.objects.update(attempts=len(carrying.BACK_OFF))
    assert carrying.deliver(delivery.pk) == "failed"
    assert again(delivery).trouble == "450 busy"


@pytest.mark.parametrize("broken", [HANG, DROP])
def test_a_server_that_breaks_before_it_has_the_mail_is_safe_to_try_again(
    sending: Channel, mail_server: MailServer, broken: str
) -> None:
    mail_server.at_recipient["ada@example.com"] = broken
    delivery = put_down(sending)
    assert carrying.deliver(delivery.pk) == "queued"
    mail_server.at_recipient.clear()
    with clock.frozen(again(delivery).due_at):
        assert carrying.deliver(delivery.pk) == "sent"
    assert len(mail_server.taken) == 1


@pytest.mark.parametrize("broken", [HANG, DROP, TAKE_AND_HANG, TAKE_AND_DROP])
def test_a_server_that_breaks_after_it_was_given_the_mail_leaves_it_unknown(
    sending: Channel, mail_server: MailServer, broken: str
) -> None:
    mail_server.at_end = [broken]
    delivery = put_down(sending)
    assert carrying.deliver(delivery.pk) == "unknown"
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert carrying.deliver(delivery.pk) is None
        assert out.left_behind() == []
    assert len(mail_server.taken) == (1 if broken.startswith("take") else 0)
    assert again(delivery).trouble in ("The mail server hung up.", "The mail server did not answer in time.")


def test_a_server_that_is_not_there_is_tried_again(sending: Channel) -> None:
    setting_up.change(
        sending.pk, by=SYSTEM, name="Help", address=sending.address, settings={**sending.settings, "smtp_port": 1}
    )
    delivery = put_down(sending)
    assert carrying.deliver(delivery.pk) == "queued"
    assert "refused" in again(delivery).trouble
    ill = Channel.objects.get(pk=sending.pk)
    assert ill.out_trouble == again(delivery).trouble
    assert ill.out_trouble_at
    setting_up.change(sending.pk, by=SYSTEM, name="Help", address=sending.address, settings=sending.settings)
    assert carrying.deliver(delivery.pk) == "sent"
    well = Channel.objects.get(pk=sending.pk)
    assert (well.out_trouble, well.out_trouble_at) == ("", None)


def test_a_channel_without_a_way_out_says_so(sending: Channel, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    setting_up.change(sending.pk, by=SYSTEM, name="Help", address=sending.address, settings={})
    delivery = put_down(sending)
    assert carrying.deliver(delivery.pk) == "failed"
    assert again(delivery).trouble.startswith("No mail server is set for this channel")


def test_one_refused_recipient_does_not_keep_it_from_the_others(sending: Channel, mail_server: MailServer) -> None:
    mail_server.at_recipient["musa@example.com"] = "550 5.1.1 no such person"
    delivery = put_down(sending, cc=[{"name": "", "address": "musa@example.com"}])
    assert carrying.deliver(delivery.pk) == "sent"
    assert again(delivery).trouble == "musa@example.com: 550 5.1.1 no such person"
    assert [to for to, _ in mail_server.taken] == [["ada@example.com"]]
    assert SuppressedAddress.objects.get().address == "musa@example.com"


def test_nobody_gets_it_while_somebody_is_to_be_tried_again_until_the_last_try(
    sending: Channel, mail_server: MailServer
) -> None:
    mail_server.at_recipient["musa@example.com"] = "450 4.2.1 not now"
    delivery = put_down(sending, cc=[{"name": "", "address": "musa@example.com"}])
    assert carrying.deliver(delivery.pk) == "queued"
    assert mail_server.taken == []
    Delivery.objects.update(attempts=len(carrying.BACK_OFF), due_at=clock.now())
    assert carrying.deliver(delivery.pk) == "sent"
    assert [to for to, _ in mail_server.taken] == [["ada@example.com"]]


def test_a_suppressed_address_gets_nothing_until_somebody_lifts_it(sending: Channel, mail_server: MailServer) -> None:
    suppression.suppress("Ada@Example.com", reason="550 5.1.1 no such user")
    delivery = put_down(sending)
    assert carrying.deliver(delivery.pk) == "failed"
    assert again(delivery).trouble == (
        "ada@example.com refused mail before, so nothing was sent there: 550 5.1.1 no such user"
    )
    assert mail_server.calls == 0
    assert suppression.lift("ada@example.com", by=SYSTEM)
    assert carrying.deliver(deliveries.retry("message:1").pk) == "sent"


def test_what_failed_is_sent_again_by_hand_as_a_delivery_of_its_own(sending: Channel, mail_server: MailServer) -> None:
    mail_server.at_end = [TAKE_AND_DROP]
    first = put_down(sending)
    with pytest.raises(NotToBeSentAgain):
        deliveries.retry("message:1")
    carrying.deliver(first.pk)
    second = deliveries.retry("message:1")
    assert (second.key, second.about, second.external_id) == ("message:1:2", "message:1", first.external_id)
    with pytest.raises(NotToBeSentAgain):
        deliveries.retry("message:1")
    assert carrying.deliver(second.pk) == "sent"
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == 1
    assert again(first).state == "unknown"


def test_a_crash_after_claiming_leaves_it_unknown_and_says_so(sending: Channel, mail_server: MailServer) -> None:
    delivery = put_down(sending)
    assert carrying.claim(delivery.pk) is not None
    assert out.claimed_before(carrying.CLAIM_HOLDS) == []
    assert not carrying.give_up(delivery.pk)
    with clock.frozen(clock.now() + carrying.CLAIM_HOLDS + timedelta(seconds=1)):
        assert out.claimed_before(carrying.CLAIM_HOLDS) == [delivery.pk]
        before = jobs_for("kernel.deliver")
        assert carrying.give_up(delivery.pk)
        assert not carrying.give_up(delivery.pk)
    assert again(delivery).state == "unknown"
    told = {id(handler) for handler in events._handlers["DeliverySettled"].values()}
    assert jobs_for("kernel.deliver") == before + len(told)
    assert mail_server.calls == 0


def test_news_that_comes_late_from_who_was_given_up_still_counts(sending: Channel, mail_server: MailServer) -> None:
    delivery = put_down(sending)
    claimed = carrying.claim(delivery.pk)
    assert claimed
    with clock.frozen(clock.now() + timedelta(hours=1)):
        carrying.give_up(delivery.pk)
    assert carrying.settle(claimed, carrying.hand_over(claimed)) == "sent"
    assert again(delivery).state == "sent"
    assert carrying.settle(claimed, carrying.Outcome(state="failed")) is None


def test_a_delivery_whose_job_was_lost_is_found(sending: Channel) -> None:
    delivery = put_down(sending)
    assert out.left_behind() == []
    with clock.frozen(clock.now() + timedelta(minutes=3)):
        assert out.left_behind() == [delivery.pk]
    assert deliveries.wake(delivery.pk)
    assert not deliveries.wake(delivery.pk)


def test_automatic_mail_to_one_person_has_an_end(sending: Channel, mail_server: MailServer) -> None:
    states = [
        carrying.deliver(put_down(sending, about=f"message:{number}", is_automatic=True).pk) for number in range(6)
    ]
    assert states == ["sent"] * 4 + [None, None]
    assert len(mail_server.taken) == 4
    troubles = Delivery.objects.filter(state="failed").values_list("trouble", flat=True)
    assert [words.startswith("Not sent: 4 automatic mails a day") for words in troubles] == [True, True]
    assert carrying.deliver(put_down(sending, about="message:9").pk) == "sent"
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        assert carrying.deliver(put_down(sending, about="message:10", is_automatic=True).pk) == "sent"


def test_a_channel_that_was_put_away_sends_nothing(sending: Channel, mail_server: MailServer) -> None:
    delivery = put_down(sending)
    setting_up.archive(sending.pk, by=SYSTEM)
    assert carrying.deliver(delivery.pk) is None
    assert (again(delivery).state, mail_server.calls) == ("failed", 0)


def test_a_paused_channel_keeps_its_mail_for_later(sending: Channel, mail_server: MailServer) -> None:
    Channel.objects.update(paused_at=clock.now())
    delivery = put_down(sending)
    assert carrying.deliver(delivery.pk) is None
    Channel.objects.update(paused_at=None)
    assert (again(delivery).state, again(delivery).attempts, mail_server.calls) == ("queued", 0, 0)
    with clock.frozen(again(delivery).due_at):
        assert carrying.deliver(delivery.pk) == "sent"


def test_a_letter_nobody_can_get_fails_and_says_to_whom(sending: Channel) -> None:
    delivery = put_down(sending, to=[{"name": "Ada", "address": "ada at example"}])
    assert carrying.deliver(delivery.pk) == "failed"
    assert again(delivery).trouble == "This is not an address mail can be sent to. (ada at example)"


def test_a_form_without_an_address_sends_under_the_installations(
    sending: Channel, mail_server: MailServer, settings: Any
) -> None:
    settings.DEFAULT_FROM_EMAIL = "shop@example.com"
    form = setting_up.create("form", "Contact form", by=SYSTEM, settings=sending.settings)
    assert carrying.deliver(put_down(form).pk) == "sent"
    (mail,) = mail_server.mails
    assert (mail["From"].addresses[0].addr_spec, mail["Reply-To"]) == ("shop@example.com", None)


def test_what_cannot_leave_is_said_where_people_look(sending: Channel) -> None:
    since = clock.now() - timedelta(hours=1)
    Channel.objects.update(out_trouble="535 wrong password", out_trouble_at=since)
    assert [(one.words, one.since) for one in standing.troubles()] == [("535 wrong password", since)]
    with connection.cursor() as cursor:
        cursor.execute(out.TROUBLED)
        assert cursor.fetchone()[0].startswith(f"channel {sending.pk} cannot send since ")
        put_down(sending)
        cursor.execute(out.WAITING)
        assert cursor.fetchone()[0] == 1


def test_what_belongs_to_no_conversation_has_an_id_that_names_none(sending: Channel, mail_server: MailServer) -> None:
    delivery = put_down(sending, about="report:1", conversation_id=None)
    assert carrying.deliver(delivery.pk) == "sent"
    (mail,) = mail_server.mails
    assert marks.conversation_of_message_id(mail["Message-ID"], channel_id=sending.pk) is None
    assert mail["Reply-To"] is None
    named = put_down(sending)
    assert marks.conversation_of_message_id(named.external_id, channel_id=sending.pk) == 7


def test_a_file_that_is_missing_is_named_and_once_it_is_back_the_same_mail_leaves(
    sending: Channel, mail_server: MailServer
) -> None:
    digest = files.store(b"%PDF of a label")
    files.path(digest).unlink()
    delivery = put_down(sending, enclosures=[Enclosure(digest, "label.pdf", "application/pdf")])
    assert carrying.deliver(delivery.pk) == "failed"
    assert again(delivery).trouble == (
        "The attached file “label.pdf” is missing on the server. Your text is kept here: write a new answer with the "
        "file attached, or have the file brought back from a backup and try again."
    )
    files.store(b"%PDF of a label")
    assert carrying.deliver(deliveries.retry("message:1").pk) == "sent"
    assert len(mail_server.taken) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (OperationalError("no connection"), "OperationalError"),
    ],
)
def test_what_the_house_is_at_fault_for_is_tried_again_by_itself(
    sending: Channel, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, fault: Exception, words: str
) -> None:
    def broken(_digest: str) -> bytes:
        raise fault

    delivery = put_down(sending, enclosures=[Enclosure("0" * 64, "label.pdf", "application/pdf")])
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(files, "read", broken)
        assert carrying.deliver(delivery.pk) == "queued"
    assert again(delivery).trouble == f"Something on the server kept this mail from being written ({words})"
    monkeypatch.setattr(files, "read", lambda _digest: b"%PDF")
    with clock.frozen(again(delivery).due_at):
        assert carrying.deliver(delivery.pk) == "sent"


@pytest.mark.parametrize(
    "spoilt", [{"to": ["nobody"]}, {"to": None}, {"unheard_of": 1}, {"is_automatic": True, "to": [7]}]
)
def test_a_letter_nobody_can_read_fails_instead_of_waiting_for_ever(
    sending: Channel, mail_server: MailServer, spoilt: dict[str, object]
) -> None:
    delivery = put_down(sending)
    Delivery.objects.update(letter={**delivery.letter, **spoilt})
    carrying.deliver(delivery.pk)
    assert again(delivery).state == "failed"
    assert again(delivery).trouble.startswith("This mail could not be written (")
    assert carrying.deliver(delivery.pk) is None
    second = deliveries.retry("message:1")
    Delivery.objects.filter(pk=second.pk).update(letter=delivery.letter)  # by a version that reads it
    assert carrying.deliver(second.pk) == "sent"
    assert len(mail_server.taken) == 1


def test_a_key_that_cannot_be_read_fails_and_says_what_to_do(sending: Channel, mail_server: MailServer) -> None:
    signs = {**sending.settings, "dkim_selector": "mail"}
    secret = {"dkim_key": "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"}
    setting_up.change(sending.pk, by=SYSTEM, name="Help", address=sending.address, settings=signs, secret=secret)
    assert carrying.deliver(put_down(sending).pk) == "failed"
    assert Delivery.objects.get().trouble.endswith("It was not sent; enter the key again.")
    Channel.objects.update(secrets=b"sealed by another house")
    assert carrying.deliver(deliveries.retry("message:1").pk) == "failed"
    assert Delivery.objects.latest("pk").trouble.endswith("Enter it again.")
    assert mail_server.calls == 0


def test_what_breaks_while_it_is_handed_over_is_unknown_at_once(
    sending: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise TypeError("a fault of ours")

    monkeypatch.setattr(carrying.handing, "hand_over", broken)
    delivery = put_down(sending)
    assert carrying.deliver(delivery.pk) == "unknown"
    assert again(delivery).trouble.startswith("Something broke while this was handed over (TypeError)")

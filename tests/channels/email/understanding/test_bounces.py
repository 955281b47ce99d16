"""Delivery reports: what they say of whom, and what is none."""

from __future__ import annotations

import pytest

from regulars.channels.email.understanding import Bounce, Mail

from .mails import part, read, read_several

DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example.org>"


def report(*fields: str, original: str = "Message-ID: <17@shop.example>\r\nSubject: Tea\r\n\r\n") -> Mail:
    status = "Reporting-MTA: dns; mx.example.org\r\n\r\n" + "\r\n".join(fields) + "\r\n"
    return read_several(
        part("It could not be delivered."),
        part(status, "Content-Type: message/delivery-status"),
        part(original, "Content-Type: text/rfc822-headers"),
        kind="report",
        From=DAEMON,
        To="support@shop.example",
    )


def test_a_report_says_whom_it_is_about_why_and_which_mail_it_was() -> None:
    mail = report(
        "Final-Recipient: rfc822; ada@example.org",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 no such user",
    )

    assert mail.bounces == (
        Bounce("ada@example.org", "5.1.1", True, "smtp; 550 5.1.1 no such user", "17@shop.example"),
    )
    assert mail.as_json()["bounce"] == {
        "recipient": "ada@example.org",
        "status": "5.1.1",
        "permanent": True,
        "diagnostic": "smtp; 550 5.1.1 no such user",
        "message_id": "17@shop.example",
    }


def test_a_delay_is_not_permanent() -> None:
    mail = report("Final-Recipient: rfc822; ada@example.org", "Action: delayed", "Status: 4.4.1")

    assert [(one.recipient, one.status, one.is_permanent) for one in mail.bounces] == [
        ("ada@example.org", "4.4.1", False)
    ]


def test_a_report_of_success_is_no_bounce_but_automatic() -> None:
    mail = report("Final-Recipient: rfc822; ada@example.org", "Action: delivered", "Status: 2.0.0")

    assert (mail.bounce, mail.automatic_reason) == (None, "report")


def test_a_report_of_several_names_each_once_and_only_those_who_failed() -> None:
    mail = report(
        "Final-Recipient: rfc822; ada@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n",
        "Final-Recipient: rfc822; ADA@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n",
        "Final-Recipient: rfc822; bo@example.org\r\nAction: delivered\r\nStatus: 2.0.0\r\n",
        "Final-Recipient: rfc822;musa@example.org\r\nAction: failed\r\nStatus: 5.2.2\r\n",
    )

    assert [(one.recipient, one.status) for one in mail.bounces] == [
        ("ada@example.org", "5.1.1"),
        ("musa@example.org", "5.2.2"),
    ]


def test_the_address_we_wrote_to_is_named_and_not_the_one_it_was_forwarded_to() -> None:
    mail = report(
        "Original-Recipient: rfc822; ada@example.org",
        "Final-Recipient: rfc822; ada@elsewhere.example",
        "Action: failed",
        "Status: 5.1.1",
    )

    assert [one.recipient for one in mail.bounces] == ["ada@example.org"]


def test_a_report_in_words_is_understood() -> None:
    words = (
        "Hi. This is the mail program at mx.example.org.\n"
        "I wasn't able to deliver your message to the following addresses.\n\n"
        "<ada@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\n"
        "Message-ID: <17@shop.example>\nTo: <someone@else.example>:\n"
    )

    mail = read(words, From=DAEMON, Subject="failure notice")

    assert [(one.recipient, one.status, one.is_permanent, one.message_id) for one in mail.bounces] == [
        ("ada@example.org", "5.1.1", True, "17@shop.example")
    ]


def test_a_warning_in_words_is_not_permanent() -> None:
    words = (
        "Your message has not yet been delivered to the following recipient:\n\n  ada@example.org\n\n"
        "Delivery attempts will continue. No action is required.\n"
    )

    mail = read(words, From=DAEMON, Subject="Warning: message delayed 4 hours")

    assert [(one.recipient, one.is_permanent) for one in mail.bounces] == [("ada@example.org", False)]


def test_a_report_in_german_is_understood() -> None:
    words = "Ihre Nachricht konnte nicht zugestellt werden an:\n\nada@example.org\n"

    assert [one.recipient for one in read(words, From=DAEMON, Subject="Unzustellbar: Tee").bounces] == [
        "ada@example.org"
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "Question"},
        {"Subject": "Mail could not be sent", "In_Reply_To": "<1@x>"},
        {"Subject": "Re: Undelivered parcel"},
        {"Subject": "Undelivered parcel"},
        {"From": "Postmaster of the shop next door <postmaster@example.org>", "Subject": "Question"},
        {"Return_Path": "<>", "Subject": "Holidays", "Auto_Submitted": "auto-replied"},
    ],
)
def test_a_customer_who_writes_about_an_undelivered_mail_reports_nothing(headers: dict[str, str]) -> None:
    words = "My mail to sales@shop.example could not be delivered: user unknown. Ask bo@example.org instead."

    assert read(words, **headers).bounces == ()


@pytest.mark.parametrize(
    ("sender", "subject", "words", "is_permanent"),
    [
        ("Mail Delivery Subsystem <mailer-daemon@mail.example>", "Delivery Status Notification (Failure)",
         "Your message wasn’t delivered to ada@example.org because the address couldn’t be found.", True),
        ("Outlook <postmaster@x.example>", "Undeliverable: Tea",
         "Delivery has failed to these recipients or groups:\n\nada@example.org\nThe address couldn't be found.", True),
        ("Outlook <postmaster@x.example>", "Nicht zustellbar: Tee",
         "Fehler bei der Nachrichtenzustellung an folgende Empfänger:\n\nada@example.org\n", True),
        ("postmaster@x.example", "Non remis : Thé",
         "Échec de la remise pour ces destinataires :\n\nada@example.org\n", True),
        ("Correo <postmaster@x.example>", "No se puede entregar: Té",
         "No se pudo entregar el mensaje a los siguientes destinatarios:\n\nada@example.org\n", True),
        (DAEMON, "Warning: could not send message for past 4 hours",
         "----- The following addresses had transient non-fatal errors -----\n<ada@example.org>\n\n"
         "Will keep trying until message is 5 days old\n", False),
        (DAEMON, "Delayed Mail (still being retried)",
         "Your message could not be delivered for 4 hours.\nIt will be retried until it is 5 days old.\n\n"
         "<ada@example.org>: Connection timed out\n", False),
    ],
)  # fmt: skip
def test_reports_of_many_servers_are_understood(sender: str, subject: str, words: str, is_permanent: bool) -> None:
    bounces = read(words, From=sender, To="support@shop.example", Subject=subject).bounces

    assert [(one.recipient, one.is_permanent) for one in bounces] == [("ada@example.org", is_permanent)]


def test_the_sender_of_our_mail_is_never_the_one_who_could_not_be_reached() -> None:
    words = "The message from support@shop.example could not be delivered.\nContact postmaster@mx.example.org.\n"

    mail = read(words, From=DAEMON, To="support@shop.example", Subject="Undelivered Mail Returned to Sender")

    assert [one.recipient for one in mail.bounces] == [None]

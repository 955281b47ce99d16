"""Mail that programs write is recognised by the first of many signs, and people's mail by having none."""

from __future__ import annotations

import pytest

from .mails import part, raw, read, read_several


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto-submitted"),
        ({"Auto_Submitted": "auto-generated (failure)"}, "auto-submitted"),
        ({"Auto_Submitted": "No"}, None),
        ({"X_Autoreply": "yes"}, "autoreply"),
        ({"X_Autorespond": "away"}, "autoreply"),
        ({"X_Autoreply": "no"}, None),
        ({"Precedence": "bulk"}, "precedence"),
        ({"Precedence": "junk"}, "precedence"),
        ({"Precedence": "list"}, "precedence"),
        ({"Precedence": "auto_reply"}, "precedence"),
        ({"Precedence": "first-class"}, None),
        ({"List_Id": "<news.example.org>"}, "list"),
        ({"List_Unsubscribe": "<mailto:x@example.org>"}, "list"),
        ({"X_Auto_Response_Suppress": "All"}, "x-auto-response-suppress"),
        ({"X_Auto_Response_Suppress": "None"}, None),
        ({"X_Loop": "x@example.org"}, "x-loop"),
        ({"Return_Path": "<>"}, "return-path"),
        ({"Return_Path": "<ada@example.org>"}, None),
        ({"From": "Mail Delivery <MAILER-DAEMON@example.org>"}, "mailer-daemon"),
        ({"From": "mailerdaemon@example.org"}, "mailer-daemon"),
        ({"From": "Ada <ada@daemon.example>"}, None),
        ({"X_Regulars_Loop": "abc"}, "own-loop"),
        ({}, None),
    ],
)
def test_a_sign_of_a_program_is_named(headers: dict[str, str], reason: str | None) -> None:
    mail = read(**headers)

    assert (mail.is_automatic, mail.automatic_reason) == (reason is not None, reason)


def test_a_report_is_automatic() -> None:
    assert read_several(part("x"), kind="report").automatic_reason == "report"


def test_a_return_path_inside_an_enclosed_mail_says_nothing_of_this_one() -> None:
    mail = read_several(part("See"), part(raw(Return_Path="<>", Precedence="bulk"), "Content-Type: message/rfc822"))

    assert mail.automatic_reason is None

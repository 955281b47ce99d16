"""Mail that is made to hurt: work stays bounded, what is left out is said.

The limits in seconds are ten times what it takes: they tell work that grows with the length from work that explodes.
"""

from __future__ import annotations

import base64
import time

import pytest

from regulars.channels.email.understanding import Mail, limits, understand

from .mails import part, raw, several


def timed(mail: bytes, *, seconds: float) -> Mail:
    began = time.process_time()
    answer = understand(mail)
    assert time.process_time() - began < seconds
    return answer


def test_a_hundred_thousand_recipients_are_all_named() -> None:
    to = ",\r\n ".join(f'"User, {number}" <user{number}@example.org>' for number in range(100_000))

    mail = timed(raw(To=to), seconds=20)

    assert len(mail.to) == 100_000
    assert (mail.to[-1].name, mail.to[-1].address) == ("User, 99999", "user99999@example.org")
    assert mail.notes == ()


def test_more_recipients_than_anybody_has_are_left_out_and_that_is_said() -> None:
    mail = timed(raw(To=",".join(f"u{number}@x.org" for number in range(130_000))), seconds=10)

    assert len(mail.to) == limits.MAX_ADDRESSES
    assert mail.notes == ("More than 120,000 recipients: the rest is left out.",)


def test_what_is_nested_too_deep_is_one_attachment() -> None:
    nested = b"From: ada@example.org\n"
    for level in range(1_000):
        nested += f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n".encode()

    mail = timed(nested + b"\nHello\n", seconds=2)

    assert mail.notes == ("Nested deeper than 100 levels: what is inside is kept as one attachment.",)
    assert [one.type for one in mail.attachments] == ["multipart/mixed"]
    assert b"Hello" in mail.attachments[0].content


def test_ten_thousand_parts_are_cut_at_a_thousand() -> None:
    body, kind = several(*(part(f"part {number}") for number in range(10_000)))

    mail = timed(raw(body, kind=kind), seconds=5)

    assert mail.notes == ("More than 1,000 parts: the rest is left out.",)
    assert "part 999" in mail.text
    assert "part 1000" not in mail.text


def test_a_thousand_messages_inside_each_other_are_one_attachment() -> None:
    mail = timed(raw(b"Content-Type: message/rfc822\r\n\r\n" * 1_000, kind="message/rfc822"), seconds=2)

    assert len(mail.attachments) == 1


def test_a_text_without_end_is_cut_and_that_is_said() -> None:
    mail = timed(raw("a line of words\n" * 1_000_000), seconds=20)

    assert len(mail.text) == limits.MAX_TEXT
    assert mail.notes == ("More than 1,000,000 characters of text: the rest is left out.",)


def test_a_large_file_is_taken_whole() -> None:
    content = bytes(range(256)) * 40_000
    body, kind = several(
        part("See the file."),
        part(base64.encodebytes(content), "Content-Type: application/pdf", "Content-Transfer-Encoding: base64"),
    )

    mail = timed(raw(body, kind=kind), seconds=10)

    assert mail.attachments[0].content == content


@pytest.mark.parametrize(
    "unit",
    ["<", "<a ", '<a href="', "<a '", "<!--", "&", "&#", "<blockquote>", "<script>", "<p>", "<a =\"x\" ='y' ", "</",
     "<title><", '="', "<table><tr><td>", '<a ="> ', "<a =\"'>"],
)  # fmt: skip
def test_no_html_takes_more_than_its_length(unit: str) -> None:
    timed(raw(unit * (300_000 // len(unit)), kind="text/html"), seconds=10)


@pytest.mark.parametrize(
    "unit",
    ["(", "(\\", '"', '"\\', "<", ",", ";", ":", "=?", "=?utf-8?q?", "=?utf-8?b?x?=", "(a)", "a@", "a:b;", "\\", "a=b;",
     " ", "*0*=", "a*1*=%41;", 'boundary="'],
)  # fmt: skip
def test_no_header_takes_more_than_its_length(unit: str) -> None:
    value = unit * (200_000 // len(unit))

    timed(
        raw(
            kind=f"text/plain; {value}",
            To=value,
            Subject=value,
            References=value,
            Date=value,
            Content_Disposition=value,
        ),
        seconds=20,
    )


@pytest.mark.parametrize(
    "unit",
    ["--x\n", "\n--", "begin 644 a\n", "On ", "On 2012 wrote:\n", "On 1/1/2012 10:15 x wrote:\na\n> b\n", "From: a\n",
     ">", "> \n", "_____\n", "-- \n", "<a@b>:\n", "wrote:\n\n", "Sent from my iPhone\n", "a@b.c ", "0.0.", ":\n", " \n",
     "-- \n> a\n", "From:\nTo:\nSubject:\n", "Sent from my iPhone\n> a\n"],
)  # fmt: skip
def test_no_text_takes_more_than_its_length(unit: str) -> None:
    body = unit * (200_000 // len(unit))

    timed(raw(body, From="MAILER-DAEMON@x.org", Subject="Undelivered"), seconds=20)

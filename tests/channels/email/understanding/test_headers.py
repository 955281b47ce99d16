"""Who, to whom, about what and when: headers as programs really write them."""

from __future__ import annotations

import pytest

from regulars.channels.email.understanding import understand

from .mails import raw, read


def people(text: str | bytes) -> list[tuple[str | None, str | None]]:
    line = text.encode() if isinstance(text, str) else text
    return [(one.name, one.address) for one in understand(b"To: " + line + b"\r\n\r\n").to]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ada@example.org", [(None, "ada@example.org")]),
        ("<ada@example.org>", [(None, "ada@example.org")]),
        ("Ada Lovelace <ada@example.org>", [("Ada Lovelace", "ada@example.org")]),
        ('"Lovelace, Ada" <ada@example.org>, musa@example.org', [("Lovelace, Ada", "ada@example.org"),
                                                                 (None, "musa@example.org")]),
        ("ada@example.org (Ada Lovelace)", [("Ada Lovelace", "ada@example.org")]),
        ("ada@example.org; musa@example.org", [(None, "ada@example.org"), (None, "musa@example.org")]),
        ("Ada Lovelace ada@example.org", [("Ada Lovelace", "ada@example.org")]),
        ("Ada <ada@example.org", [("Ada", "ada@example.org")]),
        ("'Ada' <ada@example.org>", [("Ada", "ada@example.org")]),
        ("<mailto:ada@example.org>", [(None, "ada@example.org")]),
        ("<@relay.example,@other.example:ada@example.org>", [(None, "ada@example.org")]),
        ("Undisclosed recipients:;", []),
        ("Friends: a@example.org, Musa <m@example.org>;", [(None, "a@example.org"), ("Musa", "m@example.org")]),
        ("Shop: news <ada@example.org>", [("Shop: news", "ada@example.org")]),
        ('"ada@home"@example.org', [(None, '"ada@home"@example.org')]),
        ("=?utf-8?q?J=C3=BCrgen?= <j@example.org>", [("Jürgen", "j@example.org")]),
        ('"=?utf-8?q?J=C3=BCrgen?=" <j@example.org>', [("Jürgen", "j@example.org")]),
        ("=?utf-8?q?Doe,_John?= <j@example.org>", [("Doe, John", "j@example.org")]),
        ("Jürgen <j@example.org>", [("Jürgen", "j@example.org")]),
        ("Jürgen <j@example.org>".encode("latin-1"), [("Jürgen", "j@example.org")]),
        ("Pete <pete(his account)@example.org>", [("Pete", "pete@example.org")]),
        ("<Undisclosed-Recipient:;@mail.example.org>", []),
        (",,, ,ada@example.org,,", [(None, "ada@example.org")]),
        ("", []),
    ],
)  # fmt: skip
def test_people_are_found_however_they_are_written(
    written: str | bytes, meant: list[tuple[str | None, str | None]]
) -> None:
    assert people(written) == meant


def test_a_header_for_each_recipient_names_them_all() -> None:
    mail = understand(b"To: a@example.org\nTo: b@example.org\n\n")

    assert [one.address for one in mail.to] == ["a@example.org", "b@example.org"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("=?utf-8?B?R3LDvMOfZQ==?=", "Grüße"),
        ("=?iso-8859-1?Q?Gr=FC=DFe?= aus Berlin", "Grüße aus Berlin"),
        ("=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9Fe?=", "Grüße"),  # a character cut in two
        ("=?utf-8?B?R3LDvM?= =?utf-8?B?OfZQ==?=", "Grüße"),  # base64 cut anywhere
        ("=?utf-8?q?one?=\r\n =?utf-8?q?_two?=", "one two"),
        ("one =?utf-8?q?two?= three", "one two three"),
        ("=?gb2312?B?xOO6w4FA?=", "你好丂"),  # a character only gb18030 has
        ("=?ks_c_5601-1987?B?sMvBpLW1?=", "검정도"),
        ("=?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
        ("=?utf-8*en?q?caf=C3=A9?=", "café"),
        ("=?unknown-9?q?caf=C3=A9?=", "café"),
        ("=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
        ("50=?", "50=?"),
        ("tab\tand \x07 bell", "tab and bell"),
        ("invoice \u202efdp.exe", "invoice fdp.exe"),
    ],
)
def test_a_subject_is_readable(written: str, meant: str) -> None:
    assert read(Subject=written).subject == meant


def test_a_subject_in_the_characters_of_the_body_needs_no_encoding() -> None:
    mail = understand("Subject: Привет\nContent-Type: text/plain; charset=koi8-r\n\nПривет".encode("koi8-r"))

    assert (mail.subject, mail.text) == ("Привет", "Привет")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Tue, 3 Mar 2026 10:15:00 +0100", "2026-03-03T10:15:00+01:00"),
        ("3 Mar 2026 10:15 -0500", "2026-03-03T10:15:00-05:00"),
        ("Tue, 3 Mar 2026 10:15:00 GMT (Greenwich)", "2026-03-03T10:15:00+00:00"),
        ("Tue, 3 Mar 2026 10:15:00", "2026-03-03T10:15:00+00:00"),
        ("2026-03-03T10:15:00Z", "2026-03-03T10:15:00+00:00"),
        ("Mon,  2 Apr 101 04:20:10 CST", "2001-04-02T04:20:10-06:00"),
        ("Tue, 3 Mar 2026 10:15:60 +0000", "2026-03-03T10:15:59+00:00"),
        ("Tue, 31 Feb 2026 10:15:00 +0000", None),
        ("Tue, 3 Mar 2026 10:15:00 +9900", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_keeps_its_offset_or_is_not_known(written: str, meant: str | None) -> None:
    assert read(Date=written).as_json()["date"] == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<a@x> <b@y>", ["a@x", "b@y"]),
        ("<a@x>\r\n <b\r\n @y>", ["a@x", "b@y"]),
        ("<a@x>, <b@y>", ["a@x", "b@y"]),
        ("a@x", ["a@x"]),
        ('Your message of "Tue" <a@x>', ["a@x"]),
        ("<a@x> <a@x>", ["a@x"]),
        ("your mail of yesterday", []),
    ],
)
def test_the_mails_this_one_answers_are_named_by_their_ids(written: str, meant: list[str]) -> None:
    answer = read(In_Reply_To=written, References=written).as_json()

    assert (answer["in_reply_to"], answer["references"]) == (meant, meant)


def test_the_message_id_has_no_brackets() -> None:
    assert read(Message_ID="<17@example.org>").message_id == "17@example.org"
    assert read(Message_ID="17@example.org").message_id == "17@example.org"
    assert read().message_id is None


def test_where_transport_delivered_is_kept_for_plus_addresses() -> None:
    mail = read(Delivered_To="support+x1@shop.example", X_Original_To="Support <support@shop.example>")

    assert mail.delivered_to == ("support+x1@shop.example", "support@shop.example")


def test_lines_that_are_no_headers_are_stepped_over_where_headers_follow() -> None:
    mail = understand(b"From: ada@example.org\nthis is no header\nSubject: Tea\n\nHello")

    assert (mail.subject, mail.text) == ("Tea", "Hello")


def test_a_line_of_spaces_inside_a_folded_header_does_not_end_the_headers() -> None:
    mail = understand(b"Subject: Re: Tea\r\n \r\n\tand coffee\r\nTo: ada@example.org\r\n\r\nHello")

    assert (mail.subject, mail.to[0].address, mail.text) == ("Re: Tea and coffee", "ada@example.org", "Hello")


def test_a_line_of_spaces_before_the_text_ends_the_headers() -> None:
    mail = understand(b"Subject: Tea\r\n \r\nHello\r\nthere")

    assert (mail.subject, mail.text) == ("Tea", "Hello\nthere")


def test_a_mail_without_headers_is_its_text() -> None:
    assert understand(b"Hello, where is my order?\nAda\n").text == "Hello, where is my order?\nAda\n"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "\r\r\n"])
def test_any_line_end_ends_a_line(ends: str) -> None:
    mail = understand(ends.join(["From: ada@example.org", "Subject: Tea", "", "One", "Two"]).encode())

    assert (mail.subject, mail.text) == ("Tea", "One\nTwo")


def test_the_line_of_an_mbox_and_a_mark_of_utf_8_are_no_headers() -> None:
    assert understand(b"From ada@example.org Tue Mar  3 10:15:00 2026\nSubject: Tea\n\nHello").subject == "Tea"
    assert understand(b"\xef\xbb\xbf" + raw(Subject="Tea")).subject == "Tea"
    assert understand(raw(Subject="Tea").decode().encode("utf-16")).subject == "Tea"

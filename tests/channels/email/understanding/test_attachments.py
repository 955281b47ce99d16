"""What is not the text: names that are safe, pictures in their place, messages inside messages."""

from __future__ import annotations

import pytest

from .mails import part, read, read_several

PICTURE = ("Content-Type: image/png", "Content-Transfer-Encoding: base64")
PNG = "iVBORw0KGgo="


def names(*headers: str) -> str:
    return read_several(part("Hello"), part("x", *headers)).attachments[0].name


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (["Content-Disposition: attachment; filename=report.pdf"], "report.pdf"),
        (['Content-Type: application/pdf; name="report 1.pdf"'], "report 1.pdf"),
        (["Content-Disposition: attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf"], "Grüße.pdf"),
        (["Content-Disposition: attachment; filename*0=\"long \"; filename*1=\"name.pdf\""], "long name.pdf"),
        (["Content-Disposition: attachment; filename*0*=utf-8''Gr%C3%BC; filename*1*=%C3%9Fe.pdf"], "Grüße.pdf"),
        (["Content-Disposition: attachment; filename*1*=%C3%9Fe.pdf; filename*0*=utf-8''Gr%C3%BC"], "Grüße.pdf"),
        (['Content-Disposition: attachment; filename="=?utf-8?q?Gr=C3=BC=C3=9Fe=2Epdf?="'], "Grüße.pdf"),
        (["Content-Disposition: attachment; filename=\"a.pdf\"; filename*=utf-8''b.pdf"], "b.pdf"),
        (['Content-Disposition: attachment; filename="../../etc/passwd"'], "passwd"),
        (['Content-Disposition: attachment; filename="C:\\\\Temp\\\\a.txt"'], "a.txt"),
        (['Content-Disposition: attachment; filename="a\\"b.txt"'], "a_b.txt"),
        (['Content-Disposition: attachment; filename="con.txt"'], "_con.txt"),
        (["Content-Disposition: attachment; filename*=utf-8''photo%E2%80%AEgnp.exe"], "photognp.exe"),
        (["Content-Disposition: attachment; filename*=utf-8''a%00b%0Ac.txt"], "ab c.txt"),
        (['Content-Disposition: attachment; filename=".."'], "text-1.txt"),
        (["Content-Disposition: attachment"], "text-1.txt"),
        (["Content-Type: application/pdf"], "attachment-1.pdf"),
        (["Content-Type: image/jpeg"], "image-1.jpg"),
        (["Content-Type: text/calendar"], "invitation.ics"),
        (["Content-Type: application/ms-tnef; name=winmail.dat"], "winmail.dat"),
        (["Content-Type: nonsense"], "text-1.txt"),
    ],
)  # fmt: skip
def test_an_attachment_has_a_name_that_is_safe(headers: list[str], name: str) -> None:
    if not any("attachment" in header or "/" in header for header in headers):
        headers = [*headers, "Content-Disposition: attachment"]
    assert names(*headers) == name


def test_a_name_without_end_is_cut_and_keeps_its_ending() -> None:
    name = names(f"Content-Disposition: attachment; filename={'ü' * 5_000}.pdf")

    assert name.endswith("ü.pdf")
    assert len(name.encode()) <= 180


def test_a_picture_the_html_shows_is_inline_without_any_disposition() -> None:
    mail = read_several(
        part('<p>See <img src="cid:p1@x"></p>', "Content-Type: text/html"),
        part(PNG, *PICTURE, "Content-ID: <p1@x>"),
        part(PNG, *PICTURE, "Content-ID: <p2@x>"),
        kind="related",
    )

    assert [(one.name, one.is_inline, one.content_id) for one in mail.attachments] == [
        ("image-1.png", True, "p1@x"),
        ("image-2.png", False, "p2@x"),
    ]


def test_a_picture_nothing_shows_is_listed_even_if_it_calls_itself_inline() -> None:
    mail = read_several(part("Hello"), part(PNG, *PICTURE, 'Content-Disposition: inline; filename="a.png"'))

    assert [(one.name, one.type, one.size, one.is_inline) for one in mail.attachments] == [
        ("a.png", "image/png", 8, False)
    ]


def test_a_text_with_a_name_after_the_first_part_is_a_file() -> None:
    mail = read_several(
        part("Hello", "Content-Type: text/plain"), part("a;b", "Content-Type: text/plain; name=list.csv")
    )

    assert (mail.text, [one.name for one in mail.attachments]) == ("Hello", ["list.csv"])


def test_a_message_inside_is_one_attachment_named_by_its_subject() -> None:
    inside = "Subject: =?utf-8?q?Caf=C3=A9/Tea?=\r\n\r\nInner words"

    mail = read_several(part("Outer words"), part(inside, "Content-Type: message/rfc822"))

    assert mail.text == "Outer words"
    assert [(one.name, one.type, one.content) for one in mail.attachments] == [
        ("Café-Tea.eml", "message/rfc822", inside.encode())
    ]


def test_a_message_inside_may_have_the_parts_it_likes() -> None:
    inside = 'Subject: In\r\nContent-Type: multipart/mixed; boundary="in"\r\n\r\n--in\r\n\r\nx\r\n--in--\r\n'

    mail = read_several(part("Outer"), part(inside, "Content-Type: message/rfc822"), part("After"))

    assert (mail.text, len(mail.attachments)) == ("Outer\nAfter", 1)


def test_a_mail_that_is_only_a_file_has_no_text() -> None:
    mail = read(b"%PDF", kind="application/pdf; name=a.pdf")

    assert (mail.text, mail.html, mail.attachments[0].content) == ("", None, b"%PDF")


def test_a_uuencoded_file_in_the_text_is_taken_out_of_it() -> None:
    mail = read("Before\n\nbegin 644 cat.txt\n#0V%T\n`\nend\nAfter\n", kind="text/plain")

    assert mail.text == "Before\n\nAfter\n"
    assert [(one.name, one.content) for one in mail.attachments] == [("cat.txt", b"Cat")]


def test_words_that_look_like_a_uuencoded_file_stay_words() -> None:
    words = "begin 644 cat.txt\nthis is how it starts, and then\nend\n"

    mail = read(words, kind="text/plain")

    assert (mail.text, mail.attachments) == (words, ())

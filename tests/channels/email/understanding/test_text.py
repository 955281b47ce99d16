"""The text: character sets, transfer encodings, flowed lines, faces of one text, HTML made readable."""

from __future__ import annotations

import base64
import quopri

import pytest

from regulars.channels.email.understanding.html_text import readable

from .mails import part, read, read_several


@pytest.mark.parametrize(
    ("label", "codec", "words"),
    [
        ("utf-8", "utf-8", "Grüße"),
        ("iso-8859-1", "utf-8", "Grüße"),  # a wrong label
        ("us-ascii", "latin-1", "Grüße"),
        ("utf-8", "cp1252", "Grüße für 5 €"),
        ("iso-8859-1", "cp1252", "“5 €”"),
        ("gb2312", "gb18030", "你好丂"),
        ("ks_c_5601-1987", "cp949", "안녕 똠"),
        ("iso-2022-jp", "iso-2022-jp", "こんにちは"),
        ("us-ascii", "iso-2022-jp", "こんにちは"),
        ("shift_jis", "cp932", "①こんにちは"),
        ("big5", "big5", "你好"),
        ("koi8-r", "koi8-r", "Привет"),
        ("windows-1251", "cp1251", "Привет"),
        ("utf-7", "utf-7", "Grüße"),
        ("unicode-1-1-utf-7", "utf-7", "Grüße"),
        ("utf-16", "utf-16", "Grüße"),
        ("nonsense-1", "utf-8", "Grüße"),
        ("nonsense-1", "cp1252", "Grüße"),
        ("rot13", "utf-8", "Grüße"),
        ("zlib", "utf-8", "Grüße"),
        ("unicode_escape", "ascii", "\\u00fc"),
        ("../../etc/passwd", "utf-8", "Grüße"),
        ("", "utf-8", "Grüße"),
    ],
)
def test_words_are_read_in_the_characters_they_are_written_in(label: str, codec: str, words: str) -> None:
    body = base64.encodebytes(words.encode(codec))

    mail = read(body, kind=f'text/plain; charset="{label}"', Content_Transfer_Encoding="base64")

    assert mail.text == words


def test_nothing_is_kept_that_a_database_refuses() -> None:
    assert read(b"a\x00b", kind="text/plain").text == "ab"
    assert read("+2AE-x", kind="text/plain; charset=utf-7").text.encode() == b"\xef\xbf\xbdx"


@pytest.mark.parametrize(
    ("encoding", "body", "meant"),
    [
        ("base64", b"SGVsbG8=", "Hello"),
        ("base64", b"SGVs\r\nbG8=\r\n", "Hello"),
        ("base64", b"SGVsbG8", "Hello"),
        ("base64", b"SGVsbG8sIHdvcmxkI", "Hello, world"),  # cut off
        ("base64", b"SG!Vs bG8=", "Hello"),
        ("base64", b"SGVsbG8=\nIHdvcmxk\n", "Hello world"),  # encoded in two pieces
        ("base64", b"SGVsbG8h\n_______________\nmailing list\n", "Hello!"),
        ("base64", b"SGVsbG8= and words", "Hello"),
        ("BASE64", b"SGVsbG8=", "Hello"),
        ("quoted-printable", b"Gr=C3=BC=C3=9Fe=\r\n aus Berlin", "Grüße aus Berlin"),
        ("quoted-printable", b"100% =ZZ =4 =", "100% =ZZ =4 "),
        ("nonsense", b"Hello", "Hello"),
    ],
)
def test_a_broken_encoding_gives_what_can_be_read(encoding: str, body: bytes, meant: str) -> None:
    assert read(body, Content_Transfer_Encoding=encoding).text == meant


def test_flowed_lines_are_put_together_and_quotes_keep_their_marks() -> None:
    flowed = "One long \nline.\n> quoted \n> words\n>> deeper\n stuffed\n-- \nAda"

    mail = read(flowed, kind="text/plain; charset=utf-8; format=flowed")

    assert mail.text == "One long line.\n> quoted words\n>> deeper\nstuffed\n-- \nAda"


def test_flowed_lines_without_spaces_between_words_lose_the_one_that_was_put_in() -> None:
    assert read("你 \n好", kind="text/plain; charset=utf-8; format=flowed; delsp=yes").text == "你好"


def test_two_faces_of_one_text_are_text_and_html() -> None:
    mail = read_several(
        part("Hello Ada", "Content-Type: text/plain"),
        part("<p>Hello <b>Ada</b></p>", "Content-Type: text/html"),
        kind="alternative",
    )

    assert (mail.text, mail.html, mail.attachments) == ("Hello Ada", "<p>Hello <b>Ada</b></p>", ())


def test_html_alone_is_read_as_text() -> None:
    mail = read("<style>p{}</style><p>Hello&nbsp;<b>Ada</b>,</p><ul><li>one<li>two</ul>x<br>y", kind="text/html")

    assert mail.text == "Hello Ada,\n\n- one\n- two\n\nx\ny"


def test_an_empty_plain_face_does_not_hide_the_html() -> None:
    mail = read_several(
        part(" \r\n", "Content-Type: text/plain"), part("<p>Hello</p>", "Content-Type: text/html"), kind="alternative"
    )

    assert mail.text == "Hello"


def test_html_says_its_characters_itself_where_the_part_does_not() -> None:
    body = '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>Привет</p>'.encode("koi8-r")

    assert read(body, kind="text/html").text == "Привет"


def test_text_after_the_html_is_kept_in_both_faces() -> None:
    mail = read_several(part("<p>Hello</p>", "Content-Type: text/html"), part("1 < 2", "Content-Type: text/plain"))

    assert mail.text == "Hello\n1 < 2"
    assert mail.html == "<p>Hello</p>\n<pre>1 &lt; 2</pre>"


def test_a_multipart_without_its_delimiter_is_shown_as_it_is() -> None:
    assert read("just words", kind='multipart/mixed; boundary="never"').text == "just words"
    assert read("--edge1\r\n\r\nHello\r\n", kind="multipart/mixed").text == "--edge1\n\nHello\n"


def test_a_boundary_that_was_not_declared_is_found_in_the_body() -> None:
    body = "A preamble.\r\n--edge1\r\nContent-Type: text/plain\r\n\r\nHello\r\n--edge1--"

    assert read(body, kind="multipart/mixed").text == "Hello"


def test_a_boundary_used_twice_belongs_to_the_inner_multipart_until_that_ends() -> None:
    inner = "--x\r\nContent-Type: text/plain\r\n\r\none\r\n--x\r\nContent-Type: text/plain\r\n\r\ntwo\r\n--x--\r\n"
    body = f"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n{inner}--x\r\n\r\nthree\r\n--x--"

    assert read(body, kind="multipart/mixed; boundary=x").text == "one\ntwo\nthree"


def test_a_multipart_that_never_ends_has_all_its_parts() -> None:
    body = "--x\r\n\r\none\r\n--x\r\n\r\ntwo"

    assert read(body, kind="multipart/mixed; boundary=x").text == "one\ntwo"


@pytest.mark.parametrize(
    ("html", "meant"),
    [
        ("a<!-- no -->b", "ab"),
        ("1 < 2 & 3 &gt; 2", "1 < 2 & 3 > 2"),
        ("<p title=it's>one</p><p>two</p>", "one\n\ntwo"),
        ('<a href="x>y">link</a>', "link"),
        ("<script>if (a<b) {}</script>after", "after"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<blockquote>one<blockquote>two</blockquote></blockquote>", "> one\n>\n> > two"),
        ("<table><tr><td>a<td>b</tr><tr><td>c</table>", "a  b\nc"),
        ("unclosed <b", "unclosed"),
        ("<img alt='☕' src=x>", "☕"),
        ("", ""),
    ],
)
def test_html_reads_as_people_see_it(html: str, meant: str) -> None:
    assert readable(html).text == meant


def test_quoted_printable_with_soft_breaks_inside_characters_is_whole() -> None:
    words = "Grüße aus München, " * 10

    mail = read(quopri.encodestring(words.encode()), Content_Transfer_Encoding="quoted-printable")

    assert mail.text == words

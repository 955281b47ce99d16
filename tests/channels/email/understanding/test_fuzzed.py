"""Whatever bytes come, an answer comes back that can be stored, as JSON and in a database."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.channels.email.understanding import understand
from regulars.channels.email.understanding.html_text import readable
from regulars.channels.email.understanding.quotes import fold
from regulars.channels.email.understanding.safe_html import safe_html

from .corpora import every_mail, needs_corpora

MAILS = every_mail()
NAMES = ["From", "To", "Subject", "Date", "Message-ID", "References", "Content-Type", "Content-Disposition",
         "Content-Transfer-Encoding", "Content-ID", "Return-Path", "Auto-Submitted", "X"]  # fmt: skip
PIECES = [
    "=?utf-8?q?", "=?utf-8?b?", "?=", "<", ">", "@", "a@b.c", '"', "(", ")", ";", ",", ":", "=", "*0*=", "boundary=x",
    "multipart/mixed", "multipart/alternative", "multipart/report", "message/rfc822", "message/delivery-status",
    "text/html", "text/plain", "charset=utf-16", "charset=utf-7", "base64", "quoted-printable", "x-uuencode",
    "--x", "--x--", "\r\n", "\n", "\r", " ", "\t", "format=flowed", "name=", "é", "\x00", "\udcff", "begin 644 a",
    "end",
]  # fmt: skip
slow = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def strings(value: Any) -> Iterator[str]:
    """Every string in an answer, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def holds(raw: bytes) -> None:
    mail = understand(raw)

    json.dumps(mail.as_json(), ensure_ascii=False).encode()  # refuses halves of characters
    assert "\x00" not in "".join(strings(mail.as_json()))
    for one in mail.attachments:
        assert one.name
        assert "/" not in one.name
        assert "\\" not in one.name
        assert len(one.name.encode()) < 255
    words = sorted(f"{mail.visible_text} {mail.quoted_text} {mail.signature}".split())
    assert words == sorted(mail.text.split())  # folded, never lost


@slow
@given(st.binary(max_size=2_000))
def test_bytes(raw: bytes) -> None:
    holds(raw)


soup = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@slow
@given(st.lists(st.tuples(st.sampled_from(NAMES), soup), max_size=12), soup)
def test_soups_of_headers(headers: list[tuple[str, str]], body: str) -> None:
    text = "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n" + body

    holds(text.encode("utf-8", "surrogateescape"))


@needs_corpora
@slow
@given(st.sampled_from(MAILS or [b""]), st.randoms(use_true_random=False))
def test_mails_that_were_damaged_on_their_way(raw: bytes, chance: random.Random) -> None:
    damaged = bytearray(raw[:60_000])
    for _ in range(chance.randint(1, 20)):
        at = chance.randrange(len(damaged) + 1)
        match chance.randrange(4):
            case 0:
                damaged[at : at + chance.randint(1, 30)] = b""
            case 1:
                damaged[at:at] = chance.choice(PIECES).encode("utf-8", "surrogateescape")
            case 2:
                damaged[at:at] = damaged[at : at + 200]
            case _:
                damaged[at : at + 1] = bytes([chance.randrange(256)])

    holds(bytes(damaged))


@needs_corpora
def test_every_mail_of_the_collections() -> None:
    for raw in MAILS:
        holds(raw)


@slow
@given(st.text(alphabet=st.sampled_from(list("<>/\"'=!-& abp\n")), max_size=300))
def test_html(html: str) -> None:
    readable(html)
    safe_html(html)


@slow
@given(st.lists(st.sampled_from(["> a", "", "b", "-- ", "On 3 Mar 2026 10:15, A <a@b.c> wrote:", "From: a", "To: b",
                                 "Subject: c", "Sent from my iPhone", "_____", "---- Forwarded message ----",
                                 "-----Original Message-----", "x mailing list"]), max_size=25))  # fmt: skip
def test_folding_loses_nothing_and_keeps_the_order_of_what_is_visible(lines: list[str]) -> None:
    seen = fold("\n".join(lines))

    assert sorted(f"{seen.visible} {seen.quoted} {seen.signature}".split()) == sorted(" ".join(lines).split())
    position = 0
    for line in seen.visible.split("\n"):
        if line:
            position = next(at for at in range(position, len(lines)) if lines[at].rstrip() == line) + 1

"""Mails as a shop gets them: threads of a few, quotes below, an HTML face, now and then a file. The same for a seed."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator

WORDS = (
    *("order", "parcel", "invoice", "Friday", "address", "refund", "colour", "size", "shop", "thanks", "please"),
    *("where", "when", "still", "broken", "blue", "shirt", "delivery", "number", "yesterday", "return", "again"),
    *("money", "help", "waiting", "item", "wrong"),
)
HEAD = """From: {name} <{address}>\r
To: help@shop.example\r
Subject: {subject}\r
Message-ID: <{id}@mail.example>\r
Date: Mon, 02 Mar 2026 12:{minute:02d}:{second:02d} +0000\r
{thread}MIME-Version: 1.0\r
"""
PARTS = """Content-Type: multipart/alternative; boundary="b{number}"\r
\r
--b{number}\r
Content-Type: text/plain; charset=utf-8\r
\r
{text}\r
--b{number}\r
Content-Type: text/html; charset=utf-8\r
\r
<p>{html}</p>\r
--b{number}--\r
"""
WITH_FILE = """Content-Type: multipart/mixed; boundary="m{number}"\r
\r
--m{number}\r
{body}\r
--m{number}\r
Content-Type: image/png; name="photo{number}.png"\r
Content-Disposition: attachment; filename="photo{number}.png"\r
Content-Transfer-Encoding: base64\r
\r
{file}\r
--m{number}--\r
"""


def sender(number: int) -> str:
    return f"customer{number}@mail.example"


def written(count: int, *, customers: int, seed: int) -> Iterator[tuple[str, bytes, bool]]:
    """Who sends, what, and whether it begins a conversation. Six in ten answer an earlier mail of their own."""
    chance = random.Random(seed)
    threads: dict[int, list[str]] = {}
    for number in range(count):
        who = chance.randrange(customers)
        path = threads.get(who, [])
        is_new = not path or len(path) > 8 or chance.random() < 0.4
        path = [] if is_new else path
        name = f"{seed}-{number}"
        thread = _thread(path)
        threads[who] = [*path, name]
        yield sender(who), _one(chance, number, who, name, thread, is_answer=bool(path)), is_new


def _thread(path: list[str]) -> str:
    if not path:
        return ""
    references = " ".join(f"<{one}@mail.example>" for one in path)
    return f"In-Reply-To: <{path[-1]}@mail.example>\r\nReferences: {references}\r\n"


def _one(chance: random.Random, number: int, who: int, name: str, thread: str, *, is_answer: bool) -> bytes:
    text = " ".join(chance.choices(WORDS, k=chance.randint(15, 120)))
    quote = " ".join(chance.choices(WORDS, k=60))
    quoted = f"\r\n\r\nOn Monday, Ines wrote:\r\n> {quote}\r\n> {quote}\r\n" if is_answer else ""
    head = HEAD.format(
        name=f"Customer {who}", address=sender(who), subject=f"{'Re: ' if is_answer else ''}Order {who}", id=name,
        minute=number // 60 % 60, second=number % 60, thread=thread,
    )  # fmt: skip
    body = PARTS.format(number=number, text=text + quoted, html=text)
    if number % 20 == 0:
        file = base64.encodebytes(chance.randbytes(20_000)).decode().replace("\n", "\r\n")
        body = WITH_FILE.format(number=number, body=body, file=file)
    return (head + body).encode()

"""Every mail anybody collected to break a parser, and mailing lists, poured through to conversations."""

import json
import mailbox as mailboxes
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars.channels.actions import incoming, understanding
from regulars.channels.actions.incoming import Came
from regulars.channels.models import Channel, Incoming
from regulars.desk.models import Attachment, Message
from tests.desk.post import counts, mail, placed

pytestmark = pytest.mark.django_db


def listed(shared: Path, *lists: str) -> Iterator[bytes]:
    """The files a list names."""
    for name in lists:
        folder = (shared / name).parent
        for line in (shared / name).read_text().splitlines():
            path = folder / json.loads(line)["file"]
            yield path.read_bytes()


def pour(raws: Iterator[bytes], channel: Channel) -> Counter[str]:
    """Store all, place all; how many ended how."""
    came = [Came(channel_id=channel.pk, raw=raw, source_key=f"test:{number}") for number, raw in enumerate(raws)]
    assert came
    incoming.store_all(came)
    understanding.drain(channel.pk)
    return Counter(Incoming.objects.values_list("state", flat=True))


@pytest.mark.parametrize(
    "names", [("mails/stalwart.jsonl", "mails/mime4j.jsonl", "mails/nocrash.jsonl"), ("bounces/flufl.jsonl",)]
)
def test_torture_and_bounces_find_a_place(names: tuple[str, ...], shared_data: Path, mailbox: Channel) -> None:
    ended = pour(listed(shared_data, *names), mailbox)
    assert set(ended) <= {"placed", "dropped"}
    assert ended["placed"] == Message.objects.count() and ended["placed"] > 100
    why = set(Incoming.objects.filter(state="dropped").values_list("trouble", flat=True))
    assert why <= {"The same mail came before."}


def test_a_mailing_list_becomes_its_threads(shared_data: Path, mailbox: Channel) -> None:
    folder = shared_data / "imports" / "mbox"
    boxes = [mailboxes.mbox(str(path)) for path in sorted(folder.iterdir())]
    ended = pour((bytes(box.get_bytes(key)) for box in boxes for key in box.keys()), mailbox)  # noqa: SIM118
    assert set(ended) <= {"placed", "dropped"} and ended["placed"] == Message.objects.count()
    conversations, messages = counts()
    assert messages > 100 and conversations < messages


BOMBS = {
    "a hundred thousand recipients": lambda: (
        b"From: a@example.com\r\nTo: "
        + b",\r\n ".join(b"p%d@example.com" % number for number in range(100_000))
        + b"\r\n\r\nHi"
    ),
    "ten thousand levels": lambda: (
        b"From: a@example.com\r\n"
        + b"".join(
            b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number)
            for number in range(10_000)
        )
    ),
    "five thousand parts": lambda: (
        b'From: a@example.com\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        + b"--b\r\nContent-Type: application/x-y\r\n\r\nx\r\n" * 5_000
    ),
    "a text of ten million letters": lambda: b"From: a@example.com\r\n\r\n" + b"words " * 1_700_000,
    "a Message-ID as long as a book": lambda: (
        b"From: a@example.com\r\nMessage-ID: <" + b"x" * 50_000 + b"@y>\r\n\r\nHi"
    ),
    "a subject as long as a book": lambda: b"From: a@example.com\r\nSubject: " + b"x" * 500_000 + b"\r\n\r\nHi",
    "ten thousand references": lambda: (
        b"From: a@example.com\r\nReferences: "
        + b" ".join(b"<%d@example.com>" % number for number in range(10_000))
        + b"\r\n\r\nHi"
    ),
    "nothing but null bytes": lambda: b"\x00" * 10_000,
    "null bytes everywhere": lambda: b"From: A\x00da <ada@exa\x00mple.com>\r\nSubject: \x00\r\n\r\n\x00Hi\x00",
    "no bytes at all": lambda: b"",
    "a name that climbs out": lambda: mail(files={"../../../etc/passwd": b"x", "a\\b\\..\\c.exe": b"y"}),
    "half a surrogate pair": lambda: b"From: a@example.com\r\nContent-Type: text/plain; charset=utf-16\r\n\r\n\xd8\x00",
    "an address of ten thousand letters": lambda: b"From: " + b"x" * 10_000 + b"@example.com\r\n\r\nHi",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_mail_bomb_finds_a_place_and_the_mail_after_it_too(name: str, mailbox: Channel) -> None:
    message = placed(BOMBS[name](), mailbox)
    assert len(json.dumps(message.recipients)) < 100_000
    assert not any("/" in file.name or ".." in file.name for file in Attachment.objects.filter(message=message))
    assert placed(mail("Hello"), mailbox).text.strip() == "Hello"

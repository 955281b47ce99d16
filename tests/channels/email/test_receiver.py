"""Mail servers hand mail over by SMTP and LMTP: stored before they hear yes, and only for mailboxes that are ours."""

import asyncio
import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from regulars.channels.actions import incoming
from regulars.channels.email import marks
from regulars.channels.email.receiver import door, serving
from regulars.channels.email.receiver.serving import Listen
from regulars.channels.models import Channel, Incoming
from tests.desk.cast import make_mailbox

RAW = b"From: ada@example.com\r\nSubject: Hello\r\n\r\nHello.\r\n"


@contextmanager
def listening(*, is_lmtp: bool = False) -> Iterator[int]:
    """A door in a thread of its own."""
    loop = asyncio.new_event_loop()
    ready: asyncio.Future[int] = loop.create_future()
    task = loop.create_task(serving.serve(Listen("127.0.0.1", 0, is_lmtp=is_lmtp), is_listening=ready))
    known: list[int] = []
    started = threading.Event()
    ready.add_done_callback(lambda done: (known.append(done.result()), started.set()))

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(10)
    yield known[0]
    loop.call_soon_threadsafe(task.cancel)
    thread.join(10)


@pytest.fixture
def mailbox(transactional_db: None) -> Channel:
    return make_mailbox()


@pytest.fixture
def port(mailbox: Channel) -> Iterator[int]:
    with listening() as port:
        yield port


def send(port: int, *to: str, raw: bytes = RAW, sender: str = "ada@example.com") -> dict[str, Any]:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        return client.sendmail(sender, list(to), raw)


def test_a_mail_is_stored_as_it_came_with_its_envelope(port: int, mailbox: Channel) -> None:
    send(port, "HELP@shop.example", sender="")
    row = Incoming.objects.get()
    assert (bytes(row.raw), row.channel_id, row.source_key[:5]) == (RAW, mailbox.pk, "smtp:")
    assert row.envelope["to"] == ["HELP@shop.example"] and row.envelope["from"] == ""
    mailbox.refresh_from_db()
    assert mailbox.worked_at is not None


def test_marked_addresses_are_ours_too(port: int, mailbox: Channel) -> None:
    marked = marks.plus_address(mailbox.address, channel_id=mailbox.pk, conversation_id=17)
    send(port, marked, "help+anything@shop.example")
    assert Incoming.objects.get().envelope["to"] == [marked, "help+anything@shop.example"]


def test_nobody_else_is_let_in(port: int) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(port, "someone@elsewhere.example")
    assert refused.value.recipients["someone@elsewhere.example"][0] == 550
    assert not Incoming.objects.exists()


def test_a_paused_mailbox_asks_to_come_again(mailbox: Channel) -> None:
    Channel.objects.update(paused_at=timezone.now())
    with listening() as port, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(port, "help@shop.example")
    assert refused.value.recipients["help@shop.example"][0] == 450


def test_one_mail_to_two_mailboxes_is_stored_for_each(mailbox: Channel) -> None:
    sales = make_mailbox("sales@shop.example")
    with listening() as port:
        send(port, "help@shop.example", "sales@shop.example")
    rows = list(Incoming.objects.order_by("channel_id"))
    assert [row.channel_id for row in rows] == [mailbox.pk, sales.pk]
    assert rows[0].source_key == rows[1].source_key


def test_a_database_that_is_away_means_later_and_never_yes(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    send(port, "help@shop.example")

    def away(came: object) -> list[int]:
        raise OperationalError("the database is away")

    monkeypatch.setattr(incoming, "store_all", away)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(port, "help@shop.example")
    assert refused.value.smtp_code == 451
    monkeypatch.undo()
    send(port, "help@shop.example")
    assert Incoming.objects.count() == 2


def test_with_the_database_away_from_the_start_nobody_is_refused_for_good(
    mailbox: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "_mailboxes", lambda: None)
    with listening() as port, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(port, "help@shop.example")
    assert refused.value.recipients["help@shop.example"][0] == 451


def test_a_mail_that_is_too_large_is_refused(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "LARGEST", 1_000)
    with pytest.raises((smtplib.SMTPDataError, smtplib.SMTPSenderRefused)) as refused:
        send(port, "help@shop.example", raw=RAW + b"x" * 2_000)
    assert refused.value.smtp_code == 552
    assert not Incoming.objects.exists()


def test_lines_longer_than_the_standard_allows_are_taken(port: int) -> None:
    raw = RAW + b"x" * 200_000 + b"\r\n"
    send(port, "help@shop.example", raw=raw)
    assert bytes(Incoming.objects.get().raw) == raw


def test_many_at_once_are_all_stored(port: int) -> None:
    def some() -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
            for _ in range(20):
                client.sendmail("ada@example.com", ["help@shop.example"], RAW)

    threads = [threading.Thread(target=some) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert Incoming.objects.count() == 160


def heard(made: socket.socket) -> bytes:
    """Everything that comes until the other side ends the line."""
    return b"".join(iter(lambda: made.recv(1000), b""))


def test_lines_that_say_nothing_keep_no_mail_out(mailbox: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "MOST_CONNECTIONS", 3)
    monkeypatch.setattr(serving, "QUIET_SECONDS", 0)
    with listening() as port, ExitStack() as stack:
        silent: list[socket.socket] = []
        for _ in range(3):
            silent.append(stack.enter_context(socket.create_connection(("127.0.0.1", port), 20)))
            assert silent[-1].recv(3) == b"220"
        send(port, "help@shop.example")
        assert b"421 4.4.2" in heard(silent[0])
    assert Incoming.objects.count() == 1


def test_while_everybody_is_busy_the_next_is_asked_to_come_again(
    mailbox: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "MOST_CONNECTIONS", 1)
    with listening() as port, socket.create_connection(("127.0.0.1", port), 20) as first:
        assert first.recv(3) == b"220"
        with socket.create_connection(("127.0.0.1", port), 20) as second:
            assert second.recv(1000).startswith(b"421 4.3.2")


def test_a_mail_may_come_slowly_as_long_as_it_comes(mailbox: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "IDLE_SECONDS", 0.5)
    with listening() as port, smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo("t")
        client.mail("a@t")
        client.rcpt("help@shop.example")
        client.putcmd("DATA")
        assert client.getreply()[0] == 354
        for _ in range(8):
            client.send(b"slowly, ")
            time.sleep(0.1)
        client.send(b"\r\n.\r\n")
        assert client.getreply()[0] == 250
    assert bytes(Incoming.objects.get().raw) == b"slowly, " * 8 + b"\r\n"


def test_lmtp_answers_for_each_recipient(mailbox: Channel) -> None:
    with listening(is_lmtp=True) as port, socket.create_connection(("127.0.0.1", port), 10) as line:
        talk = line.makefile("rwb")

        def said(words: bytes, answers: int = 1) -> list[bytes]:
            talk.write(words + b"\r\n")
            talk.flush()
            return [talk.readline()[:3] for _ in range(answers)]

        assert talk.readline().startswith(b"220")
        talk.write(b"LHLO mx\r\n")
        talk.flush()
        while not talk.readline().startswith(b"250 "):
            pass
        assert said(b"MAIL FROM:<ada@example.com>") == [b"250"]
        assert said(b"RCPT TO:<help@shop.example>") == [b"250"]
        assert said(b"RCPT TO:<help+x@shop.example>") == [b"250"]
        assert said(b"DATA") == [b"354"]
        assert said(RAW + b".", 2) == [b"250", b"250"]
    assert Incoming.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "listen"),
    [
        ("127.0.0.1:2525", Listen("127.0.0.1", 2525)),
        ("lmtp:127.0.0.1:2424", Listen("127.0.0.1", 2424, is_lmtp=True)),
        ("smtp:[::1]:25", Listen("::1", 25)),
    ],
)
def test_a_place_to_listen_is_read(text: str, listen: Listen) -> None:
    assert Listen.parse(text) == listen


@pytest.mark.parametrize("text", ["", "2525", "localhost:smtp", "127.0.0.1:99999"])
def test_what_is_no_place_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="is no place to listen"):
        Listen.parse(text)


def talk(port: int, *pieces: bytes) -> list[bytes]:
    """Say all of it over one line, each piece by itself, and hear what was answered."""
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in (b"HELO mx\r\nMAIL FROM:<ada@example.com>\r\nRCPT TO:<help@shop.example>\r\nDATA\r\n", *pieces):
            line.sendall(piece)
        line.sendall(b"QUIT\r\n")
        return [each[:3] for each in line.makefile("rb").read().splitlines()]


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ([b".\r\n"], b""),
        ([b"\r\n.\r\n"], b"\r\n"),
        ([b"One line\r\n.\r\n"], b"One line\r\n"),
        ([b"..stuffed\r\nnot.here\r\n...\r\n.\r\n"], b".stuffed\r\nnot.here\r\n..\r\n"),
        ([b"A\r\n", b".", b"\r", b"\n"], b"A\r\n"),
        ([b"A\r\n.\nB\n.\r\nC\r.\r\n\r\n.\r\n"], b"A\r\n\nB\n.\r\nC\r.\r\n\r\n"),
        ([b"A" * 600_000, b"\r\n..\r\n.\r\n"], b"A" * 600_000 + b"\r\n.\r\n"),
    ],
)
def test_content_ends_at_a_dot_between_whole_line_ends_and_nowhere_else(
    port: int, said: list[bytes], stored: bytes
) -> None:
    assert talk(port, *said) == [b"220", b"250", b"250", b"250", b"354", b"250", b"221"]
    assert bytes(Incoming.objects.get().raw) == stored


def test_after_a_mail_that_is_too_large_the_line_goes_on(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "LARGEST", 1_000)
    with listening() as small:
        said = talk(
            small,
            b"x" * 700_000 + b"\r\n.\r\n",
            b"MAIL FROM:<a@t>\r\nRCPT TO:<help@shop.example>\r\nDATA\r\n",
            RAW + b".\r\n",
        )
    assert said[4:] == [b"354", b"552", b"250", b"250", b"354", b"250", b"221"]
    assert bytes(Incoming.objects.get().raw) == RAW

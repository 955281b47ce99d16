"""Mail is understood in a process of its own: one that takes too long or brings it down stops nobody."""

import os
import signal
import threading
import time

import pytest

from regulars.channels.email.reading import NotUnderstood, Reader, child, lent
from regulars.channels.email.understanding import Mail

RAW = b"From: ada@example.com\r\nSubject: Hello\r\n\r\nHello.\r\n"


def test_a_mail_is_understood_and_the_process_stays_for_the_next() -> None:
    with lent() as reader:
        assert reader.understand(RAW).subject == "Hello"
        process = reader._process
    with lent() as again:
        assert isinstance(again.understand(RAW), Mail)
        assert again._process is process


def test_a_mail_that_takes_too_long_is_given_up_and_the_next_is_understood() -> None:
    reader = Reader()
    reader.understand(RAW)
    assert reader._process is not None
    os.kill(reader._process.pid, signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(NotUnderstood, match="took longer than 1 seconds"):
        reader.understand(RAW, limit_seconds=1)
    assert time.monotonic() - began < 5
    assert reader.understand(RAW).subject == "Hello"
    reader.close()


def test_a_mail_that_brings_the_process_down_is_said_and_the_next_is_understood() -> None:
    reader = Reader()
    reader.understand(RAW)
    assert reader._process is not None
    os.kill(reader._process.pid, signal.SIGSTOP)
    killer = threading.Timer(0.5, os.kill, [reader._process.pid, signal.SIGKILL])
    killer.start()
    with pytest.raises(NotUnderstood, match="brought the process down"):
        reader.understand(RAW, limit_seconds=20)
    assert reader.understand(RAW).subject == "Hello"
    reader.close()


def test_a_mail_larger_than_a_pipe_goes_through() -> None:
    with lent() as reader:
        text = b"word " * 100_000
        assert len(reader.understand(RAW + text).text) > 499_000


def test_a_fault_in_the_reading_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    from regulars.channels.email import understanding

    def fail(raw: bytes) -> Mail:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(understanding, "understand", fail)
    assert child._understood(RAW) == "It cannot be understood: ValueError: a fault of ours"

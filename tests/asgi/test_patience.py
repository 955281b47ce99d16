"""Whoever is slow, silent or without end keeps nobody else waiting."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
import uvicorn

from regulars.asgi import Receive, Scope, Send, patience
from regulars.asgi.pages import take_body
from regulars.asgi.patience import PatientProtocol

PATIENCE_SECONDS = 20
GET = b"GET / HTTP/1.1\r\nHost: t\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: t\r\n"


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    """Takes a body in as the pages do, and says how long it was; `/much` answers more than a line holds."""
    length = (await take_body(receive, limit=1_000_000)).seek(0, os.SEEK_END)
    body = b"x" * 20_000_000 if scope["path"] == "/much" else b"%d" % length
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server that is in a hurry."""
    for name, seconds in (("LOOK", 0.02), ("HEAD", 0.2), ("BODY", 0.2), ("READ", 0.2)):
        monkeypatch.setattr(patience, f"{name}_SECONDS", seconds)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(answering, http=PatientProtocol, lifespan="off", log_level="critical", ws="none",
                            timeout_keep_alive=PATIENCE_SECONDS)  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(PATIENCE_SECONDS)


def line(port: int, said: bytes = b"", *, host: str = "127.0.0.1") -> Any:
    """A connection from an address of this machine, on which something was said."""
    made = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS, source_address=(host, 0))
    made.sendall(said)
    return closing(made)


def heard(made: socket.socket) -> bytes:
    """Everything that comes until the other side ends the line."""
    pieces = []
    try:
        while piece := made.recv(65_536):
            pieces.append(piece)
    except ConnectionResetError:
        pass
    return b"".join(pieces)


def answered(made: socket.socket) -> bytes:
    """The body of an answer to something short, on a line that stays."""
    said = b""
    while not (said.count(b"\r\n\r\n") and said.partition(b"\r\n\r\n")[2]):
        piece = made.recv(1000)
        assert piece, "the line was ended"
        said += piece
    return said.partition(b"\r\n\r\n")[2]


def asked(port: int) -> bytes:
    with line(port, GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")) as made:
        return heard(made)


@pytest.mark.parametrize(
    "said",
    [b"", b"GET / HT", POST, POST + b"Content-Length: 9\r\n\r\nhalf",
     POST + b"Transfer-Encoding: chunked\r\n\r\n4\r\nha"],
)  # fmt: skip
def test_who_stops_half_way_is_left_alone(port: int, said: bytes) -> None:
    with line(port, said) as slow:
        assert b"200 OK" in asked(port)
        assert heard(slow) == b""


def test_who_goes_on_however_slowly_is_heard_to_the_end(port: int) -> None:
    with line(port, POST + b"Content-Length: 5\r\n\r\n") as slow:
        for _ in range(5):
            time.sleep(0.08)
            slow.sendall(b"x")
        assert answered(slow) == b"5"


def test_who_does_not_read_the_answer_is_left_alone(port: int) -> None:
    with line(port, GET.replace(b"/ ", b"/much ")) as slow:
        assert slow.recv(100).startswith(b"HTTP/1.1 200")
        assert asked(port).endswith(b"0")
        time.sleep(0.5)
        assert len(heard(slow)) < 20_000_000


@pytest.mark.parametrize(
    "endless",
    [b"GET /" + b"a" * 300_000, POST + b"X: " + b"a" * 300_000, POST + b"X: y\r\n" * 50_000,
     POST + b"Transfer-Encoding: chunked\r\n\r\n4;" + b"a" * 300_000,
     POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 50_000],
)  # fmt: skip
def test_what_stands_before_and_around_a_body_ends(port: int, endless: bytes) -> None:
    with line(port) as made:
        try:
            made.sendall(endless)
            said = heard(made)
        except (ConnectionResetError, BrokenPipeError):
            said = b""  # it was ended before everything was sent
        assert said == b"" or said.startswith(b"HTTP/1.1 431")
    assert b"200 OK" in asked(port)


def kept(stack: ExitStack, port: int, *, host: str) -> socket.socket:
    made = stack.enter_context(line(port, GET, host=host))
    assert answered(made) == b"0"
    return made


def test_whoever_has_the_most_lines_gives_one_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(PatientProtocol, "most_lines", 5)
    with ExitStack() as stack:
        alone, quiet = (kept(stack, port, host=f"127.0.0.{number}") for number in (2, 1))
        time.sleep(0.01)  # the server's clock counts in thousandths of a second
        for _ in range(3):
            kept(stack, port, host="127.0.0.1")
        assert b"200 OK" in asked(port)
        assert heard(quiet) == b"", "the one that was quiet the longest"
        alone.sendall(GET)
        assert answered(alone) == b"0", "one line is nobody's abuse"


def test_as_many_lines_as_there_are_file_numbers_for(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[tuple[int, int]] = []
    monkeypatch.setattr("resource.setrlimit", lambda _what, limits: kept.append(limits))
    for limits, lines in (((1024, 4096), 3840), ((1024, 10**6), 8000), ((1024, -1), 8000), ((100_000, 10**6), 8000)):
        monkeypatch.setattr("resource.getrlimit", lambda _what, limits=limits: limits)
        assert patience.make_room() == lines
    assert kept == [(4096, 4096), (8256, 10**6), (8256, -1)]

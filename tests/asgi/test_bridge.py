"""Django's WSGI side under ASGI: pages come back whole, streams in pieces, and nothing is made for nobody."""

import asyncio
import io
import threading
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from regulars.asgi import Message
from regulars.asgi.bridge import PIECE_BYTES, Bridge, environment, in_pieces


class Streaming:
    """An answer as Django streams it; notes how much was made and that it was closed."""

    streaming = True

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts, self.made, self.is_closed = parts, 0, False

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            self.made += 1
            yield part

    def close(self) -> None:
        self.is_closed = True


def scope(**changes: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "headers": [],
        **changes,
    }


def run(app: Any, *, leave_after: int | None = None) -> list[Message]:
    sent: list[Message] = []
    gone = asyncio.Event()

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if leave_after is not None and len(sent) >= leave_after:
            gone.set()
            await asyncio.sleep(0)

    async def answered() -> None:
        bridge = Bridge(app, threads=1)
        await bridge.answer(scope(), io.BytesIO(), receive, send)
        bridge.close()

    asyncio.run(answered())
    return sent


def test_a_page_comes_back_in_one_piece_from_a_thread_of_the_pool() -> None:
    names = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        names.append(threading.current_thread().name)
        start_response("201 Created", [("X-Kind", "page")])
        return [b"one ", b"two"]

    assert run(app) == [
        {"type": "http.response.start", "status": 201, "headers": [(b"x-kind", b"page")]},
        {"type": "http.response.body", "body": b"one two"},
    ]
    assert names == ["page_0"]


def test_a_stream_is_passed_on_in_larger_pieces_and_closed() -> None:
    answer = Streaming(b"x" * 10_000 for _ in range(20))

    def app(environ: dict[str, Any], start_response: Any) -> Streaming:
        start_response("200 OK", [])
        return answer

    head, *pieces = run(app)
    assert head["status"] == 200
    assert [len(piece["body"]) for piece in pieces] == [70_000, 70_000, 60_000, 0]
    assert answer.is_closed


def test_nothing_more_is_made_for_a_reader_who_has_left() -> None:
    answer = Streaming(b"x" * PIECE_BYTES for _ in range(1000))

    def app(environ: dict[str, Any], start_response: Any) -> Streaming:
        start_response("200 OK", [])
        return answer

    run(app, leave_after=3)
    assert answer.made < 10
    assert answer.is_closed


@given(st.lists(st.binary(max_size=100_000), max_size=20))
def test_pieces_are_the_same_bytes(parts: list[bytes]) -> None:
    pieces = list(in_pieces(parts))
    assert b"".join(pieces) == b"".join(parts)
    assert all(len(piece) >= PIECE_BYTES for piece in pieces[:-1])
    assert b"" not in pieces


def test_a_header_cannot_pass_itself_off_as_one_the_proxy_set() -> None:
    headers = [
        (b"x-forwarded-for", b"10.0.0.9"),
        (b"x_forwarded_for", b"127.0.0.1"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"accept", b"text/html"),
        (b"accept", b"*/*"),
        (b"content-type", b"text/plain"),
    ]
    environ = environment(scope(headers=headers, path="/ü/", client=("10.0.0.9", 1)), io.BytesIO())
    assert environ["HTTP_X_FORWARDED_FOR"] == "10.0.0.9"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_ACCEPT"] == "text/html,*/*"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/ü/"
    assert environ["REMOTE_ADDR"] == "10.0.0.9"

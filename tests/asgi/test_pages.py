"""What comes in before a page is asked: whole, bounded, and without holding a thread."""

import asyncio
import errno
import os
import tracemalloc
from collections.abc import Iterable
from typing import Any

import pytest

from regulars.asgi import Message
from regulars.asgi.observing import observed
from regulars.asgi.pages import IN_MEMORY_BYTES, Gone, Pages, TooLarge, take_body
from regulars.kernel.errors import NoRoom


def receiver(messages: Iterable[Message]) -> Any:
    waiting = iter(messages)

    async def receive() -> Message:
        return next(waiting)

    return receive


def parts(*bodies: bytes) -> list[Message]:
    last = len(bodies) - 1
    return [{"type": "http.request", "body": body, "more_body": at < last} for at, body in enumerate(bodies)]


def test_a_body_in_parts_is_whole_and_in_order() -> None:
    body = asyncio.run(take_body(receiver(parts(b"one ", b"", b"two")), limit=100))
    body.seek(0)
    assert body.read() == b"one two"


def test_a_large_body_goes_to_a_file_in_the_data_directory_and_never_into_memory() -> None:
    chunk = b"x" * 65_536
    count = 40 * 1024 * 1024 // len(chunk)
    tracemalloc.start()
    body = asyncio.run(take_body(receiver(parts(*[chunk] * count)), limit=2**30))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert body.seek(0, os.SEEK_END) == count * len(chunk)
    assert peak < 4 * IN_MEMORY_BYTES
    body.close()


@pytest.mark.parametrize("bodies", [[b"x" * 11], [b"x" * 6, b"x" * 5]])
def test_a_body_over_the_limit_is_refused(bodies: list[bytes]) -> None:
    with pytest.raises(TooLarge):
        asyncio.run(take_body(receiver(parts(*bodies)), limit=10))


def test_a_body_for_which_there_is_no_room_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_more: object) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    monkeypatch.setattr("tempfile.SpooledTemporaryFile", full)
    scope: Message = {"method": "POST", "path": "/settings/", "headers": []}
    asked = Pages(threads=1)
    asyncio.run(asked(scope, receiver(parts(b"half", b"more")), send))
    asked.close()
    assert (sent[0]["status"], sent[1]["body"]) == (507, f"{NoRoom()}\n".encode())


def test_a_client_that_leaves_before_the_end_is_let_go() -> None:
    with pytest.raises(Gone):
        asyncio.run(take_body(receiver([*parts(b"half", b"")[:1], {"type": "http.disconnect"}]), limit=10))


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [(b"from-a-proxy-123", True), (b"short", False), (b"two\tparts-of-it", False), (b"x" * 65, False)],
)
def test_the_request_id_of_a_proxy_is_kept_if_it_looks_like_one(given: bytes, is_kept: bool) -> None:
    sent: list[Message] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204})

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"x-request-id", given)]}
    asyncio.run(observed(app, "pages", scope, receiver([]), send))
    (answered,) = [value for name, value in sent[0]["headers"] if name == b"x-request-id"]
    assert (answered == given) is is_kept
    assert len(answered) == (len(given) if is_kept else 32)


@pytest.mark.parametrize("said", [[], [(b"x-content-type-options", b"nosniff")]])
def test_no_answer_of_any_door_is_taken_for_what_it_is_not(said: list[tuple[bytes, bytes]]) -> None:
    sent: list[Message] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": said})

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(observed(app, "tracking", scope, receiver([]), send))
    assert [value for name, value in sent[0]["headers"] if name == b"x-content-type-options"] == [b"nosniff"]

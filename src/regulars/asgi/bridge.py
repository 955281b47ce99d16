"""Runs a WSGI application in a fixed pool of threads, under ASGI.

A page goes to its thread and comes back whole: two switches between the event loop and the thread,
whatever its size. Only a streaming answer (an export, a large file) goes over piece by piece, and
stops being made when nobody reads it any more.
"""

import asyncio
import contextvars
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any

from regulars.asgi import Message, Receive, Scope, Send

PIECE_BYTES = 65_536
WHOLE_BYTES = 1024 * 1024

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
PLAIN_NAMES = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}


@dataclass
class Answer:
    """What a thread brings back: the head, and the body whole or as pieces still to be made."""

    head: Message = field(default_factory=dict)
    body: bytes = b""
    pieces: Iterable[bytes] | None = None

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        """Note the head, in ASGI's words."""
        self.head = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        }


class Bridge:
    """The pool, and the way into it."""

    def __init__(self, app: Wsgi, *, threads: int) -> None:
        self.app = app
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def answer(self, scope: Scope, body: IO[bytes], receive: Receive, send: Send) -> None:
        """Have the request answered by a thread and pass the answer on."""
        environ, answer = environment(scope, body), Answer()
        await self.in_thread(self._run, environ, answer)
        await send(answer.head)
        if answer.pieces is None:
            await send({"type": "http.response.body", "body": answer.body})
        else:
            await self._stream(answer.pieces, receive, send)

    def close(self) -> None:
        """Let the threads finish what they do, and end them."""
        self.threads.shutdown(wait=True, cancel_futures=True)

    def _run(self, environ: Environ, answer: Answer) -> None:
        made = self.app(environ, answer.start_response)
        if getattr(made, "streaming", False) and not _is_small(answer.head["headers"]):
            answer.pieces = made
            return
        try:
            answer.body = b"".join(made)
        finally:
            _close(made)

    async def _stream(self, made: Iterable[bytes], receive: Receive, send: Send) -> None:
        """One thread at a time makes the next piece; a reader that is slow is waited for without any."""
        pieces = in_pieces(made)
        leaving = asyncio.ensure_future(_left(receive))
        try:
            while not leaving.done() and (piece := await self.in_thread(next, pieces, b"")):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()
            await self.in_thread(_close, made)

    async def in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run a function in the pool, where it finds the thread's database connection."""
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, partial(context.run, function, *arguments))


def in_pieces(made: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, in pieces large enough to be worth a switch between threads."""
    waiting = bytearray()
    for part in made:
        waiting += part
        if len(waiting) >= PIECE_BYTES:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


def environment(scope: Scope, body: IO[bytes]) -> Environ:
    """A WSGI environment (PEP 3333) for an ASGI request.

    Headers whose names hold an underscore are left out: in an environment they would look like
    their namesakes with a hyphen, which a proxy vouches for.
    """
    server = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "asgi.scope": scope,
    }
    for name, value in scope["headers"]:
        if b"_" in name:
            continue
        key = PLAIN_NAMES.get(name) or f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
        text = value.decode("latin-1")
        between = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{between}{text}" if key in environ else text
    return environ


def _is_small(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether an answer says that it is small enough to be taken whole."""
    return any(name == b"content-length" and int(value) <= WHOLE_BYTES for name, value in headers)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _close(made: Any) -> None:
    if hasattr(made, "close"):
        made.close()

"""The pages: Django as a WSGI application in a fixed pool of threads.

Each thread keeps its own database connection, so there are never more connections than threads. A
request enters the pool only once its body has come in whole: somebody who sends slowly holds a file
on disk and no thread.
"""

import io
import tempfile
from typing import IO, Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import Error, close_old_connections

from regulars.accounts import sessions
from regulars.asgi import Receive, Scope, Send
from regulars.asgi.bridge import Bridge
from regulars.asgi.observing import ROUTE
from regulars.asgi.standing import answer
from regulars.kernel import files, settings_table
from regulars.kernel.errors import NoRoom
from regulars.web.mail_in import gate

IN_MEMORY_BYTES = 1024 * 1024
USUAL_LIMIT_BYTES = 12 * 1024 * 1024
FILES = ("/api/v1/files", "/files/")  # of messages: 25 MB each, see `desk.uploads`
FILE_LIMIT_BYTES = 26 * 1024 * 1024
UPLOADS = "/import/"
UPLOAD_LIMIT_BYTES = 4 * 1024**3


class TooLarge(Exception):
    """The body is larger than this address takes."""


class Gone(Exception):
    """The client went away before it had sent everything."""


class Pages:
    """The ASGI side: takes the body in, hands over to a thread."""

    def __init__(self, *, threads: int) -> None:
        self.bridge = Bridge(_Django(), threads=threads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST" and scope["path"].startswith(gate.PLACE):
            refused = await self.bridge.in_thread(_at_the_gate, scope)
            if refused is not None:
                await answer(send, refused.status, refused.words.encode(), wait_seconds=refused.seconds)
                return
        limit = await self._limit(scope)
        try:
            if _says_it_brings(scope) > limit:
                raise TooLarge
            body = await take_body(receive, limit=limit)
        except Gone:
            return
        except TooLarge:
            await answer(send, 413, f"This is larger than {limit // 1024**2} MB; nothing was kept.\n".encode())
            return
        except OSError as fault:
            if not files.is_full(fault):
                raise
            await answer(send, NoRoom.status, f"{NoRoom()}\n".encode())
            return
        with body:
            await self.bridge.answer(scope, body, receive, send)

    async def _limit(self, scope: Scope) -> int:
        """Large files are taken from somebody signed in; a stranger's would fill the disk before anybody asked."""
        if scope["method"] == "POST" and scope["path"].endswith(FILES):
            return FILE_LIMIT_BYTES
        if scope["path"].startswith(gate.PLACE):
            return gate.LARGEST
        if not scope["path"].startswith(UPLOADS) or scope["method"] != "POST":
            return USUAL_LIMIT_BYTES
        is_signed_in = await self.bridge.in_thread(sessions.is_signed_in, _cookies(scope))
        return UPLOAD_LIMIT_BYTES if is_signed_in else USUAL_LIMIT_BYTES

    def close(self) -> None:
        """Let the threads finish and end them."""
        self.bridge.close()


class _Django(WSGIHandler):
    """Django's own handler; it trusts the length of the body that came in, and leaves behind which page it served."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        body: IO[bytes] = environ["wsgi.input"]
        environ["CONTENT_LENGTH"] = str(body.seek(0, io.SEEK_END))
        body.seek(0)
        return super().__call__(environ, start_response)

    def get_response(self, request: Any) -> Any:
        scope = request.META[
            "asgi.scope"
        ]  # before the page: one that is resumed after a fresh proof has a META of its own
        response = super().get_response(request)
        match = request.resolver_match
        scope[ROUTE] = f"/{match.route}" if match else "(no such page)"
        return response


async def take_body(receive: Receive, *, limit: int) -> IO[bytes]:
    """The whole body, in memory while it is small, else in a file that goes when it is closed."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        return _in_memory(message.get("body", b""), limit=limit)
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES, dir=_spool())  # noqa: SIM115 - the caller closes it
    try:
        await _take_parts(body, message, receive, limit=limit)
    except BaseException:
        body.close()
        raise
    return body  # type: ignore[return-value]


async def _take_parts(body: Any, message: Any, receive: Receive, *, limit: int) -> None:
    while True:
        if message["type"] == "http.disconnect":
            raise Gone
        body.write(message.get("body", b""))
        if body.tell() > limit:
            raise TooLarge
        if not message.get("more_body"):
            return
        message = await receive()


def _in_memory(body: bytes, *, limit: int) -> IO[bytes]:
    if len(body) > limit:
        raise TooLarge
    return io.BytesIO(body)


def _at_the_gate(scope: Scope) -> gate.Refusal | None:
    """With the database away it lets everybody in as far as the page, which says when to come again."""
    close_old_connections()  # there was no request yet that would have noticed a database that restarted
    try:
        return gate.refusal(scope["path"], address=(scope.get("client") or ("",))[0])
    except Error:
        return None


def _says_it_brings(scope: Scope) -> int:
    """What the head says of the body's length, so that what is too large is not sent in vain."""
    said = dict(scope["headers"]).get(b"content-length", b"")
    return int(said) if said.isdigit() else 0


def _cookies(scope: Scope) -> str:
    return "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")


def _spool() -> str:
    folder = settings_table.data_directory() / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)

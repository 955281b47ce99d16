"""`/live`: the stream of an open page, bare ASGI, no thread and no database connection while it is quiet."""

import asyncio
from urllib.parse import parse_qs

from regulars.kernel.asgi import Receive, Scope, Send
from regulars.web.live import signing_in
from regulars.web.live.hub import Hub
from regulars.web.live.open_page import OpenPage, Stream

QUIET_SECONDS = 15.0
MOST_OF_AN_AGENT = 20
LONGEST_QUERY = 2_000


class Streams:
    """Answers `GET /live?list=…&conversation=…` for signed-in agents who may answer conversations."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await _refuse(send, 405)
            return
        signed_in = await self.hub.in_thread(
            signing_in.signed_in, _header(scope, b"cookie"), _header(scope, b"accept-language")
        )
        if signed_in is None:
            await _refuse(send, 204)  # tells the browser not to try again
            return
        page = _looking(scope, signed_in)
        if sum(stream.page.agent_id == page.agent_id for stream in self.hub.streams) >= MOST_OF_AN_AGENT:
            await _refuse(send, 429)
            return
        stream = Stream(page, signed_in.session_key)
        try:
            await self.hub.add(stream, last_seen=_last_seen(scope))
            await _tell(stream, receive, send)
        finally:
            self.hub.drop(stream)


async def _tell(stream: Stream, receive: Receive, send: Send) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/event-stream; charset=utf-8"),
                (b"cache-control", b"no-store"),
                (b"x-accel-buffering", b"no"),
            ],
        }
    )
    await _piece(send, b"retry: 2000\n\n")
    leaving = asyncio.ensure_future(_left(receive))
    try:
        while not leaving.done():
            piece = await _next(stream, leaving)
            if piece is None:
                break
            await _piece(send, piece)
        if not leaving.done():
            await send({"type": "http.response.body", "body": b""})
    finally:
        leaving.cancel()


async def _next(stream: Stream, leaving: asyncio.Future[None]) -> bytes | None:
    """The next events together, or a sign of life; None when the stream is to end or the page has gone."""
    coming = asyncio.ensure_future(stream.waiting.get())
    await asyncio.wait({coming, leaving}, timeout=QUIET_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    if not coming.done():
        coming.cancel()  # what comes now stays in the queue
        return None if leaving.done() else b": quiet\n\n"
    sent, body = coming.result(), b""
    while sent is not None:
        body += sent.encode()
        if stream.waiting.empty():
            return body
        sent = stream.waiting.get_nowait()
    if body:
        stream.waiting.put_nowait(None)
    return body or None


async def _piece(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"no-store")]})
    await send({"type": "http.response.body", "body": b""})


def _looking(scope: Scope, signed_in: signing_in.SignedIn) -> OpenPage:
    asked = parse_qs(scope["query_string"].decode("latin-1")[:LONGEST_QUERY])
    number = asked.get("conversation", [""])[0]
    return OpenPage(
        agent_id=signed_in.agent_id,
        query=asked.get("list", [""])[0],
        conversation_id=int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None,
        language=signed_in.language,
    )


def _last_seen(scope: Scope) -> int | None:
    """The number the page saw last: from the browser's own header when it connects again, else from the address."""
    asked = parse_qs(scope["query_string"].decode("latin-1")[:LONGEST_QUERY])
    text = _header(scope, b"last-event-id") or asked.get("since", [""])[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _header(scope: Scope, name: bytes) -> str:
    return "; ".join(value.decode("latin-1") for given, value in scope["headers"] if given == name)

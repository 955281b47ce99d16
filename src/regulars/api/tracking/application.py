"""The bare ASGI application on `/v1/…`: addresses, methods, and who waits for what."""

import asyncio
from typing import Any

from regulars.api.tracking import answers, bodies, doors
from regulars.api.tracking.calls import Call, LookUp
from regulars.api.tracking.project import settings_for
from regulars.api.tracking.refusals import Refusal, unavailable
from regulars.api.tracking.writing import Writers
from regulars.kernel import clock
from regulars.kernel.asgi import Receive, Scope, Send
from regulars.kernel.models import Source

TYPES = ("identify", "track", "page", "screen", "group", "alias", "batch")
PATHS: dict[str, str | None] = {
    f"/v1/{name}": None if kind == "batch" else kind for kind in TYPES for name in (kind, kind[0])
}
MOST_WAITING_BYTES = 128 * 1024 * 1024


class Tracking:
    """One process's tracking interface; its threads begin with `open`, or with the first call."""

    def __init__(self) -> None:
        self._writers: Writers | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/")
        method = scope["method"]
        try:
            if method == "OPTIONS":
                await answers.preflight(send)
            elif path in PATHS:
                if method != "POST":
                    raise Refusal(405, "method_not_allowed", "Send this with POST.")
                await answers.success(send, await self._take(PATHS[path], scope, receive))
            elif path.startswith("/v1/projects/") and path.endswith("/settings"):
                await self._settings(path.split("/")[3], scope, send)
            else:
                raise Refusal(404, "not_found", "There is no such address in the tracking interface.")
        except Refusal as refusal:
            await answers.refusal(send, refusal)

    async def _take(self, kind: str | None, scope: Scope, receive: Receive) -> list[dict[str, Any]]:
        received_at = clock.now()
        body = await bodies.read(receive, scope["headers"])
        if self._waiting_bytes > MOST_WAITING_BYTES:
            raise unavailable()
        headers = dict(scope["headers"])
        future: asyncio.Future[list[dict[str, Any]]] = asyncio.get_running_loop().create_future()
        call = Call(
            kind=kind,
            body=body,
            encoding=headers.get(b"content-encoding", b"").strip().lower(),
            key_text=doors.presented(headers),
            visitor_token=headers.get(b"x-visitor-token", b"").decode("latin-1"),
            address=scope["client"][0] if scope.get("client") else "",
            received_at=received_at,
            future=future,
        )
        self._waiting_bytes += len(body)
        try:
            self._working().take(call)
            return await future
        finally:
            self._waiting_bytes -= len(body)

    async def _settings(self, key_text: str, scope: Scope, send: Send) -> None:
        """What analytics.js asks before it sends; the same for every browser key, and nothing for others."""
        writers = self._working()
        is_known, key = writers.doors.remembered(key_text)
        if not is_known:
            look_up = LookUp(key_text, asyncio.get_running_loop().create_future())
            writers.take(look_up)
            key = await look_up.future
        if key is None or key.kind != Source.BROWSER:
            raise Refusal(404, "not_found", "There is no such browser key.")
        await answers.as_json(send, settings_for(key_text, scope), headers=[(b"cache-control", b"max-age=60")])

    def _working(self) -> Writers:
        """The threads of the loop that runs now; tests run several loops one after another."""
        loop = asyncio.get_running_loop()
        if self._writers is None or self._loop is not loop:
            self.close()
            self._writers, self._loop = Writers(), loop
        return self._writers

    def open(self) -> None:
        """Begin now, so that what was stored before a crash is settled whether or not anybody calls."""
        self._working()

    def close(self) -> None:
        """Finish what is queued and end the threads."""
        if self._writers is not None:
            self._writers.close()
        self._writers = self._loop = None

"""The same way to call the server, without holding up whatever else is done meanwhile (see `core`)."""

# pyright: strict

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import httpx

from regulars_client.core import Patience, S, encoded, headers_of, insist, own_headers, page_of, read, written


class AsyncCore:
    """A connection to one server with one key, for `await`: as patient as `Core`, and repeats make nothing twice."""

    def __init__(
        self,
        address: str,
        *,
        key: str,
        retries: int = 4,
        timeout_seconds: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=address.rstrip("/"), headers=own_headers(key), timeout=timeout_seconds, transport=transport
        )
        self._retries, self._sleep = retries, sleep

    async def close(self) -> None:
        """Let the connections go."""
        await self._http.aclose()

    async def one(self, shape: type[S], method: str, path: str, **sent: Any) -> S:
        """One thing, with its tag."""
        return read(shape, await self.send(method, path, **sent))

    async def every(self, shape: type[S], path: str, *, query: Mapping[str, Any]) -> AsyncIterator[S]:
        """Everything in a list, fetched a page at a time while it is looked through."""
        cursor: str | None = ""
        while cursor is not None:
            page = page_of(shape, await self.send("GET", path, query={**query, "cursor": cursor or None}))
            for one in page.items:
                yield one
            cursor = page.next

    async def content(self, path: str) -> bytes:
        """The bytes of a file."""
        return (await self.send("GET", path)).content

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | bytes | None = None,
        content_type: str = "application/json",
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> httpx.Response:
        """One call until it is answered; what the server refuses is raised by its name."""
        headers = headers_of(method, if_match, idempotency_key)
        if body is not None:
            headers["Content-Type"] = content_type
        request = self._http.build_request(
            method, path, params=written(query or {}), content=encoded(body), headers=headers
        )
        patience = Patience(self._retries)
        while True:
            try:
                answer = await self._http.send(request)
            except httpx.TransportError as silence:
                pause = patience.after_silence(request, silence)
            else:
                pause = patience.after(answer)
                if pause is None:
                    return insist(answer, was_silent=patience.was_silent)
            await self._sleep(pause)

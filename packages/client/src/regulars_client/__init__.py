"""The desk of Regulars from Python.

with Regulars("https://desk.example", key="api_…") as desk:
    for conversation in desk.conversations.list(status="open"):
        desk.messages.create(conversation.id, text="It leaves today.", then="resolved")
"""

# pyright: strict

from types import TracebackType
from typing import Self

from msgspec import UNSET

from regulars_client import errors, shapes
from regulars_client.async_calls import Groups as AsyncGroups
from regulars_client.async_core import AsyncCore
from regulars_client.calls import Groups
from regulars_client.core import Core
from regulars_client.errors import Changed, NotSigned, Refused, RegularsError, UnseenMessage
from regulars_client.webhooks import Notice, verify_webhook

__all__ = [
    "UNSET",
    "AsyncRegulars",
    "Changed",
    "NotSigned",
    "Notice",
    "Refused",
    "Regulars",
    "RegularsError",
    "UnseenMessage",
    "errors",
    "shapes",
    "verify_webhook",
]


class Regulars(Groups):
    """One server, with one key. Close it, or use it with `with`."""

    def __init__(self, address: str, *, key: str, retries: int = 4, timeout_seconds: float = 30.0) -> None:
        self._own = Core(address, key=key, retries=retries, timeout_seconds=timeout_seconds)
        super().__init__(self._own)

    def close(self) -> None:
        """Let the connections go."""
        self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncRegulars(AsyncGroups):
    """The same for `await`: `async with` it, `await` its calls, look through its lists with `async for`."""

    def __init__(self, address: str, *, key: str, retries: int = 4, timeout_seconds: float = 30.0) -> None:
        self._own = AsyncCore(address, key=key, retries=retries, timeout_seconds=timeout_seconds)
        super().__init__(self._own)

    async def close(self) -> None:
        """Let the connections go."""
        await self._own.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

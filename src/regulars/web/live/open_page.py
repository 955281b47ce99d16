"""What an open page looks at, and what a stream brings to it."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

MOST_WAITING = 200


@dataclass(frozen=True, slots=True)
class OpenPage:
    """One agent's page: which list (its address's query), which conversation is open, in which language."""

    agent_id: int
    query: str = ""
    conversation_id: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """One server-sent event. `number` is how far the log of changes has been told with it."""

    event: str
    content: dict[str, Any]
    number: int | None = None

    def encode(self) -> bytes:
        """As it goes over the wire."""
        head = f"id: {self.number}\n" if self.number is not None else ""
        return f"{head}event: {self.event}\ndata: {json.dumps(self.content, separators=(',', ':'))}\n\n".encode()


@dataclass(eq=False, slots=True)
class Stream:
    """One open page's stream. A page that reads too slowly is told to load itself again."""

    page: OpenPage
    session_key: str
    waiting: asyncio.Queue[Sent | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def bring(self, sent: Sent) -> None:
        """Queue an event; when there are too many, forget them all and ask for a fresh page."""
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            sent = Sent("reload", {}, sent.number)
        self.waiting.put_nowait(sent)

    def end(self) -> None:
        """Let the stream end; the page connects again by itself."""
        while self.waiting.full():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)

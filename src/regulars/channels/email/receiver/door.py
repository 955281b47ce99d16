"""What is said at the door: who is let in, and what each mail is answered."""

import asyncio
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import Error, connection

from regulars.channels.actions.incoming import Came
from regulars.channels.email.receiver.writing import Writer
from regulars.channels.selectors import addresses

log = structlog.get_logger(__name__)

MOST_RECIPIENTS = 100
LOOK_EVERY_SECONDS = 5.0

STORED = "250 2.0.0 Stored"
LATER = "451 4.3.0 It cannot be stored now, please send it again later"
NOBODY = "550 5.1.1 There is no such mailbox here"
PAUSED = "450 4.2.1 This mailbox is paused, please try again later"
TOO_MANY = "452 4.5.3 Too many recipients, please send the rest separately"


@dataclass(slots=True)
class Door:
    """Answers for every connection; `is_lmtp` gives one answer for each recipient, as LMTP wants it."""

    writer: Writer
    is_lmtp: bool = False
    _known: dict[str, int | None] = field(default_factory=dict)
    _looked_at: float = -1e9
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    async def handle_RCPT(  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Only for mailboxes that are ours, with whatever stands after a plus sign."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        if not await self._look():
            return LATER
        channel_id = self._channel(address)
        if channel_id is None:
            return PAUSED if self._is_known(address) else NOBODY
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Yes once it is stored for good, for each mailbox it is for."""
        raw = envelope.content or b""
        content = raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else raw
        came = self._came(session, envelope, content)
        is_stored = bool(came) and await self.writer.store(came)
        answer = STORED if is_stored else LATER
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self.is_lmtp else answer

    def close(self) -> None:
        """Give the connection back."""
        self._thread.submit(lambda: connection.close())  # the thread's own
        self._thread.shutdown()

    def _came(self, session: Session, envelope: Envelope, raw: bytes) -> list[Came]:
        """One for each channel, under one number of the whole transaction."""
        by_channel: dict[int, list[str]] = {}
        for address in envelope.rcpt_tos:
            channel_id = self._channel(address)
            if channel_id is not None:
                by_channel.setdefault(channel_id, []).append(_text(address))
        number = uuid.uuid4().hex
        peer = session.peer[0] if isinstance(session.peer, tuple) else ""
        said = {
            "from": _text((envelope.mail_from or "").strip("<>")),
            "helo": _text(session.host_name or ""),
            "peer": peer,
        }
        return [
            Came(channel_id=channel_id, raw=raw, source_key=f"smtp:{number}", envelope={**said, "to": to})
            for channel_id, to in by_channel.items()
        ]

    def _channel(self, address: str) -> int | None:
        return self._known.get(address.lower()) or self._known.get(addresses.plain(address))

    def _is_known(self, address: str) -> bool:
        return address.lower() in self._known or addresses.plain(address) in self._known

    async def _look(self) -> bool:
        """Know the mailboxes of a moment ago; with the database away, those known before."""
        if time.monotonic() - self._looked_at > LOOK_EVERY_SECONDS:
            loop = asyncio.get_running_loop()
            known = await loop.run_in_executor(self._thread, _mailboxes)
            if known is None and self._looked_at < 0:
                return False
            if known is not None:
                self._known, self._looked_at = known, time.monotonic()
        return True


def _mailboxes() -> dict[str, int | None] | None:
    try:
        return addresses.mailboxes()
    except Error as fault:
        log.warning("the mailboxes could not be looked up", fault=type(fault).__name__)
        connection.close()
        return None


def _text(said: str) -> str:
    return said.replace("\x00", "").encode("utf-8", "replace").decode()[:500]

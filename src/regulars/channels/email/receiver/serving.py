"""Listening for mail servers."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections import Counter
from dataclasses import dataclass

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

from regulars.channels.email.receiver import content as taking
from regulars.channels.email.receiver.door import Door
from regulars.channels.email.receiver.writing import Writer

LARGEST = 50 * 1024 * 1024
PIECE = 256 * 1024  # as much of a mail as the line holds before it is taken; lines may be longer
MOST_CONNECTIONS = 200
IDLE_SECONDS = 120
QUIET_SECONDS = 2  # a line on which nothing came for so long may have to give way, when there are too many


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen, and in which of the two ways."""

    host: str
    port: int
    is_lmtp: bool = False

    @classmethod
    def parse(cls, text: str) -> "Listen":
        """`127.0.0.1:2525`, `smtp:127.0.0.1:2525` or `lmtp:127.0.0.1:2424`."""
        kind, _, rest = text.strip().partition(":")
        place = rest if kind in ("smtp", "lmtp") else text.strip()
        host, _, port = place.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            raise ValueError(f"“{text}” is no place to listen. Write an address and a port, such as 127.0.0.1:2525.")
        return cls(host.strip("[]"), int(port), is_lmtp=kind == "lmtp")


class _Quick(SMTP):
    """Takes the content at once instead of line by line."""

    line_length_limit = PIECE
    heard_at = 0.0
    is_taking = is_storing = False

    def data_received(self, data: bytes) -> None:
        """Content may take as long as it likes, while something comes; commands are timed by aiosmtpd."""
        self.heard_at = self.loop.time()
        if self.is_taking:
            self._reset_timeout()
        super().data_received(data)

    async def smtp_DATA(self, arg: str) -> None:  # aiosmtpd's name
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        assert self.envelope is not None
        if arg or not self.envelope.rcpt_tos:
            await self.push("501 5.5.4 Say DATA alone" if arg else "503 5.5.1 Say for whom it is before")
            return
        await self.push("354 Go on, and end with a dot alone")
        self.is_taking = True
        try:
            content = await taking.take(self._reader, largest=self.data_size_limit or LARGEST)
        except taking.TooLarge:
            status = "552 5.3.4 It is too large"
            status = "\r\n".join([status] * (len(self.envelope.rcpt_tos) if isinstance(self, LMTP) else 1))
        except asyncio.CancelledError:
            self._writer.close()  # the line broke: whoever sent it never heard yes, and sends it again
            raise
        else:
            self.envelope.content = self.envelope.original_content = content
            self.is_storing = True
            status = await self._call_handler_hook("DATA")
        finally:
            self.is_taking = False
        self._set_post_data_state()
        await self.push(status)
        self.is_storing = False


class _Smtp(_Quick):
    pass


class _Lmtp(_Quick, LMTP):
    pass


async def serve(listen: Listen, *, is_listening: "asyncio.Future[int] | None" = None) -> None:
    """Accept mail until cancelled; what is being written then is written to its end."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd names addresses in its log
    loop, writer, lines = asyncio.get_running_loop(), Writer(), _Lines()
    door = Door(writer, is_lmtp=listen.is_lmtp)

    def protocol() -> asyncio.Protocol:
        kind = _Lmtp if listen.is_lmtp else _Smtp
        made = kind(
            door, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="regulars", ident="Regulars",
            timeout=IDLE_SECONDS, loop=loop,
        )  # fmt: skip
        return lines.kept(made)

    server = await loop.create_server(protocol, listen.host, listen.port, backlog=512, family=socket.AF_UNSPEC)
    writing = asyncio.create_task(writer.run())
    if is_listening is not None:
        is_listening.set_result(server.sockets[0].getsockname()[1])
    try:
        await writing
    finally:
        server.close()
        writing.cancel()
        writer.close()
        door.close()


class _Lines:
    """Keeps the number of connections, and with it the memory they may take, bounded.

    When there are too many, whoever has the most gives up the one that has been quiet the longest: a stranger who
    opens them all and says nothing keeps no mail out.
    """

    def __init__(self) -> None:
        self.open: dict[_Quick, asyncio.BaseTransport] = {}

    def kept(self, made: "_Quick") -> "_Quick":
        connected, lost = made.connection_made, made.connection_lost

        def connection_made(transport: asyncio.BaseTransport) -> None:
            if len(self.open) >= MOST_CONNECTIONS and not self._has_made_room():
                _refuse(transport, b"421 4.3.2 Too many connections, please try again later\r\n")
                return
            made.heard_at = made.loop.time()
            self.open[made] = transport
            connected(transport)

        def connection_lost(error: Exception | None) -> None:
            if made in self.open:
                del self.open[made]
                lost(error)

        made.connection_made, made.connection_lost = connection_made, connection_lost  # type: ignore[method-assign]
        return made

    def _has_made_room(self) -> bool:
        waiting = [each for each in self.open if not (each.is_storing or self.open[each].is_closing())]
        counts = Counter(map(self._host, self.open))
        gone = min(waiting, key=lambda each: (-counts[self._host(each)], each.heard_at), default=None)
        if gone is None or gone.loop.time() - gone.heard_at < QUIET_SECONDS:
            return False
        _refuse(self.open[gone], b"421 4.4.2 Too many connections, and this one was quiet\r\n")
        return True

    def _host(self, made: "_Quick") -> str:
        return str((self.open[made].get_extra_info("peername") or ("",))[0])


def _refuse(transport: asyncio.BaseTransport, words: bytes) -> None:
    if isinstance(transport, asyncio.WriteTransport):
        transport.write(words)
    transport.close()


def run(listen: Listen) -> None:
    """Accept mail until the process is asked to stop."""

    async def until_stopped() -> None:
        serving = asyncio.create_task(serve(listen))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, serving.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await serving

    asyncio.run(until_stopped())

"""A real SMTP server on loopback whose answers a test writes, and which counts what it took."""

import asyncio
import socket
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

TAKEN = "250 taken"
HANG, DROP, TAKE_AND_DROP, TAKE_AND_HANG = "hang", "drop", "take and drop", "take and hang"


@dataclass
class MailServer:
    """What it says at each step, and what it has: a script is one answer, or one for each call in turn."""

    at_mail: str = ""
    at_recipient: dict[str, str] = field(default_factory=dict)
    at_end: list[str] = field(default_factory=list)
    taken: list[tuple[list[str], bytes]] = field(default_factory=list)
    calls: int = 0
    port: int = 0
    password: str = ""
    token: str = ""
    pause_seconds: float = 0

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails that arrived."""
        return [message_from_bytes(raw, EmailMessage, policy=policy.default) for _, raw in self.taken]  # type: ignore[list-item]

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        self.calls += 1
        if self.at_mail:
            return await self._play(self.at_mail, server)
        envelope.mail_from = address
        envelope.mail_options = options
        return "250 ok"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = self.at_recipient.get(address, "")
        if answer:
            return await self._play(answer, server)
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        answer = self.at_end.pop(0) if self.at_end else TAKEN
        if answer.startswith(("250", "take")):
            self.taken.append((list(envelope.rcpt_tos), envelope.original_content))
        await asyncio.sleep(self.pause_seconds)
        return await self._play(answer.removeprefix("take and "), server)

    async def _play(self, answer: str, server: SMTP) -> str:
        if answer == HANG:
            await asyncio.sleep(30)
        if answer in (HANG, DROP):
            assert server.transport
            server.transport.abort()
            await asyncio.sleep(0)
        return answer

    def proves(self, server: SMTP, session: Any, envelope: Any, mechanism: str, proof: Any) -> AuthResult:
        is_right = isinstance(proof, LoginPassword) and proof.password.decode() == self.password
        return AuthResult(success=is_right, handled=False)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult | None:
        """As providers do it: a refused token is answered with a question first."""
        if b64decode(args[1]).decode() == f"user=help@shop.example\x01auth=Bearer {self.token}\x01\x01":
            return AuthResult(success=True)
        await server.challenge_auth("{}", encode_to_b64=True)
        return AuthResult(success=False, handled=False)


@contextmanager
def running(**options: Any) -> Iterator[MailServer]:
    """A mail server on a free port, ended with the block."""
    script = MailServer(port=_free_port())
    kwargs: dict[str, Any] = {"enable_SMTPUTF8": options.get("utf8", True), "ident": "Mail of a test"}
    if options.get("signs_in"):
        kwargs |= {"authenticator": script.proves, "auth_required": True, "auth_require_tls": False}
    if "starttls" in options:
        kwargs |= {"tls_context": options["starttls"], "require_starttls": True}
    ears = Controller(script, hostname="127.0.0.1", port=script.port, ssl_context=options.get("tls"), **kwargs)
    ears.start()
    try:
        yield script
    finally:
        ears.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]

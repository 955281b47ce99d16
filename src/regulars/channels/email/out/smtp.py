"""Handing a mail to a mail server, so that at each moment it is known whether the server may have it.

A server has a mail once it was sent the line that ends it. Whatever breaks before that line is safe to
try again; whatever breaks after it, before the server's answer, leaves nobody knowing.
"""

import contextlib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from regulars.channels.email.out.composing import Parcel
from regulars.channels.email.out.outcomes import Outcome, readable
from regulars.channels.email.out.servers import Server
from regulars.kernel.said import phrase as gettext

_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_PIECE = 65_536
_NO_SUCH = re.compile(r"\b5\.1\.(?:1|3|6|10)\b")


class _Refused(Exception):
    """The server said no before it had the mail."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def carry(parcel: Parcel, *, server: Server, is_last_try: bool = False) -> Outcome:
    """Hand a mail over and say what became of it; never raises for what a server or a network does.

    While some recipients are to be tried again later nobody gets it, so that nobody gets it twice;
    at the last try those who can get it do.
    """
    line = _Line(server)
    try:
        with line.open():
            outcome = _hand_over(line, parcel, is_last_try=is_last_try)
    except _Refused as refused:
        return refused.outcome
    except (OSError, smtplib.SMTPException, ValueError) as broken:
        is_sign_in = isinstance(broken, smtplib.SMTPAuthenticationError)
        return Outcome(state="later", words=_said(broken), is_channels=not line.is_open, is_sign_in=is_sign_in)
    return outcome


class _Line:
    """One connection, with an end to all patience: after it the connection is cut, whatever goes on."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.is_open = False  # whether the server let us in
        name, seconds = urlsplit(settings.PUBLIC_URL).hostname or "localhost", server.patience.connecting
        if server.security == "tls":
            context = ssl.create_default_context()
            self.client = smtplib.SMTP_SSL(local_hostname=name, timeout=seconds, context=context)
        else:
            self.client = smtplib.SMTP(local_hostname=name, timeout=seconds)
        # Connecting by the constructor could not be cut off: there is no object yet. This name is what TLS checks.
        self.client._host = server.host  # type: ignore[attr-defined]

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        alarm = threading.Timer(self.server.patience.altogether, self._cut)
        alarm.daemon = True
        alarm.start()
        try:
            self._connect()
            self.is_open = True
            yield
        finally:
            alarm.cancel()
            self._leave()

    def wait_at_most(self, seconds: float) -> None:
        if self.client.sock:
            self.client.sock.settimeout(seconds)

    def _connect(self) -> None:
        client, server = self.client, self.server
        code, said = client.connect(server.host, server.port)
        if code != 220:
            raise _Refused(Outcome(state="later", words=readable(said), is_channels=True))
        self.wait_at_most(server.patience.answer)
        client.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            client.starttls(context=ssl.create_default_context())
            client.ehlo_or_helo_if_needed()
        if server.user:
            self._sign_in()

    def _sign_in(self) -> None:
        client, server = self.client, self.server
        if not server.token:
            client.login(server.user, server.password)
            return
        proof = f"user={server.user}\x01auth=Bearer {server.token}\x01\x01"
        # A refused token is answered with a question that wants an empty answer before the refusal itself.
        client.auth("XOAUTH2", lambda challenge=None: proof if challenge is None else "", initial_response_ok=True)

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            if self.client.sock:
                self.client.sock.shutdown(socket.SHUT_RDWR)

    def _leave(self) -> None:
        """Say goodbye and do not wait for an answer: what matters is known already."""
        with contextlib.suppress(OSError, smtplib.SMTPException, ValueError):
            self.client.putcmd("quit")
        self.client.close()


def _hand_over(line: _Line, parcel: Parcel, *, is_last_try: bool) -> Outcome:
    client = line.client
    options = _options(client, parcel)
    _expect(*client.mail(parcel.sender, options))
    refused, no_such, words = _name_recipients(client, parcel, is_last_try=is_last_try)
    _expect(*client.docmd("DATA"), wanted=354)
    _send_body(client, parcel.raw)
    line.wait_at_most(line.server.patience.after_the_end)
    try:
        client.sock.sendall(b".\r\n")  # type: ignore[union-attr]
        code, said = client.getreply()
    except (OSError, smtplib.SMTPException, ValueError) as broken:
        return Outcome(state="unknown", words=_said(broken))
    if 200 <= code < 300:
        return Outcome(state="sent", words=words, refused=tuple(refused), no_such=tuple(no_such))
    if 400 <= code < 600:
        return Outcome(state="later" if code < 500 else "failed", words=_coded(code, said))
    return Outcome(state="unknown", words=_coded(code, said))


def _send_body(client: smtplib.SMTP, raw: bytes) -> None:
    """In pieces, so that a time limit is one of standing still, not of a large mail on a slow line."""
    body = _LEADING_DOT.sub(b"..", raw if raw.endswith(b"\r\n") else raw + b"\r\n")
    for start in range(0, len(body), _PIECE):
        client.sock.sendall(body[start : start + _PIECE])  # type: ignore[union-attr]


def _options(client: smtplib.SMTP, parcel: Parcel) -> list[str]:
    limit = int(client.esmtp_features.get("size") or 0) if client.does_esmtp else 0
    if limit and len(parcel.raw) > limit:
        sizes = {"size": f"{len(parcel.raw):,}", "limit": f"{limit:,}"}
        words = gettext("This mail has %(size)s bytes, and the mail server takes %(limit)s.") % sizes
        raise _Refused(Outcome(state="failed", words=words))
    options = [f"SIZE={len(parcel.raw)}"] if client.has_extn("size") else []
    if not parcel.needs_utf8:
        return options
    if not client.has_extn("smtputf8"):
        words = gettext("The mail server cannot carry an address with letters like these (SMTPUTF8).")
        raise _Refused(Outcome(state="failed", words=words))
    client.command_encoding = "utf-8"
    return [*options, "SMTPUTF8", "BODY=8BITMIME"]


def _name_recipients(client: smtplib.SMTP, parcel: Parcel, *, is_last_try: bool) -> tuple[list[str], list[str], str]:
    """Name everybody; go on only if somebody is taken and nobody is to be tried again."""
    refused: dict[str, tuple[int, bytes]] = {}
    for address in parcel.recipients:
        code, said = client.rcpt(address)
        if code == 421 or not 200 <= code < 600:
            _expect(code, said)
        if code >= 300:
            refused[address] = (code, said)
    no_such = [one for one, (code, said) in refused.items() if code >= 500 and _NO_SUCH.search(readable(said))]
    words = "; ".join(f"{one}: {_coded(*answer)}" for one, answer in refused.items())[:1000]
    is_for_later = any(code < 500 for code, _ in refused.values())
    if len(refused) == len(parcel.recipients) or (is_for_later and not is_last_try):
        state = "later" if is_for_later and not is_last_try else "failed"
        raise _Refused(Outcome(state=state, words=words, refused=tuple(refused), no_such=tuple(no_such)))
    return list(refused), no_such, words


def _expect(code: int, said: bytes, *, wanted: int = 250) -> None:
    if code != wanted and not (wanted == 250 and 200 <= code < 300):
        state = "failed" if 500 <= code < 600 else "later"
        raise _Refused(Outcome(state=state, words=_coded(code, said)))


def _coded(code: int, said: bytes) -> str:
    return f"{code} {readable(said)}".strip()


def _said(broken: Exception) -> str:
    """What broke, in words a person can hand to whoever runs the mail server."""
    if isinstance(broken, smtplib.SMTPResponseException):
        error = broken.smtp_error
        return _coded(broken.smtp_code, error if isinstance(error, bytes) else str(error).encode())
    if isinstance(broken, TimeoutError):
        return gettext("The mail server did not answer in time.")
    if isinstance(broken, smtplib.SMTPServerDisconnected):
        return gettext("The mail server hung up.")
    return readable(str(broken) or type(broken).__name__)

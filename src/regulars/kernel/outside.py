"""Calling addresses that somebody typed in: only on the internet, never into the house.

A name is looked up once, every address it has must be public, and the connection goes to an address
that was looked at, so that a name that changes in between leads nowhere else. Nobody is followed
elsewhere: an answer that redirects is an answer, except where a file is fetched (`download`), and there each place
is looked at as the first was. The operator may open hosts and networks inside (`REGULARS_REACHABLE_INSIDE`).
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.utils.translation import gettext

from regulars.kernel import settings_table
from regulars.kernel.errors import Invalid

LONGEST_URL = 2_000
MOST_READ = 4_096
MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PIECE = 1 << 16
_INSIDE_SIX = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))  # NAT64 leads to IPv4

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotOutside(Invalid):
    """This address is not on the internet, and whoever runs Regulars has not opened it (REGULARS_REACHABLE_INSIDE)."""


class NotAnAddress(Invalid):
    """Give a whole address that begins with https://, without a user name in it."""


class NoAnswer(Exception):
    """Nobody answered, or not in time; the text says why."""


class Unwelcome(NoAnswer):
    """Somebody answered, and not with the file."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class TooLarge(NoAnswer):
    """There is more of it than was asked for."""


class CutOff(NoAnswer):
    """The answer ended before it was whole."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status and the beginning of the body."""

    status: int
    body: bytes


def check(url: str) -> SplitResult:
    """An address as it may be kept; whether it leads outside is looked at when it is called."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotAnAddress from error
    is_plain = len(url) <= LONGEST_URL and url.isascii() and url.isprintable() and " " not in url
    if not host or not is_plain or "@" in parts.netloc or port == 0:
        raise NotAnAddress
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_opened(host, None)):
        raise NotAnAddress
    with contextlib.suppress(ValueError):  # a name is looked at when it is called: it may change until then
        if not _is_public(ipaddress.ip_address(host)) and not _is_opened(host, None):
            raise NotOutside
    return parts


def post(url: str, body: bytes, *, headers: dict[str, str], seconds: float, most: int = MOST_READ) -> Answer:
    """Send something there; raises `NotOutside`, or `NoAnswer` when there is none within the time."""
    return _call("POST", url, body, headers=headers, seconds=seconds, most=most)


def get(url: str, *, seconds: float, most: int = MOST_READ) -> Answer:
    """Fetch what is there, at most so much of it; raises as `post` does."""
    return _call("GET", url, None, headers={}, seconds=seconds, most=most)


def download(url: str, into: BinaryIO, *, seconds: float, silence: float, most: int) -> str:
    """Write a whole file, and return of what type it is said to be.

    It may take so many seconds in all, with no more silence than so many. Raises `NotOutside` and `NotAnAddress`, as a
    redirect may lead anywhere, and `NoAnswer`: `Unwelcome`, `TooLarge` and `CutOff` are such.
    """
    until = time.monotonic() + seconds
    for _place in range(MOST_REDIRECTS + 1):
        left = until - time.monotonic()
        if left <= 0:
            break
        elsewhere, kind = _fetched(_spelt(url), into, seconds=left, silence=min(silence, left), most=most)
        if not elsewhere:
            return kind
        url = urljoin(_spelt(url), elsewhere)
    raise NoAnswer(gettext("It was sent from one place to the next and never came to an end."))


def _fetched(url: str, into: BinaryIO, *, seconds: float, silence: float, most: int) -> tuple[str, str]:
    """Where it is instead, or of what type it is."""
    connection, place = _connection(check(url), silence)
    until = time.monotonic() + seconds
    with _ended_after(connection, seconds):
        try:
            connection.request("GET", place, headers={"User-Agent": "Regulars"})
            answer = connection.getresponse()
            if answer.status in _REDIRECTS and (elsewhere := answer.getheader("Location")):
                return elsewhere, ""
            if answer.status != http.client.OK:
                raise Unwelcome(answer.status)
            _write(answer, into, most=most, until=until)
        except http.client.IncompleteRead as cut:
            raise CutOff from cut
        except (OSError, http.client.HTTPException, ValueError) as fault:
            raise _silent(fault) from fault
        return "", answer.getheader("Content-Type") or ""


def _write(answer: http.client.HTTPResponse, into: BinaryIO, *, most: int, until: float) -> None:
    said = answer.length  # None where it ends with the connection, or comes in chunks
    if said is not None and said > most:
        raise TooLarge
    size = 0
    while piece := answer.read(_PIECE):
        size += len(piece)
        if size > most:
            raise TooLarge
        into.write(piece)
    if (said is not None and size < said) or time.monotonic() >= until:
        raise CutOff


def _spelt(url: str) -> str:
    """With what may not stand in an address written as it must be there; what is escaped already stays."""
    return quote(url.strip(), safe="%/:=&?~#+!$,;'@()*[]") if url.isprintable() else url


def _call(method: str, url: str, body: bytes | None, *, headers: dict[str, str], seconds: float, most: int) -> Answer:
    connection, place = _connection(check(url), seconds)
    with _ended_after(connection, seconds):
        try:
            connection.request(method, place, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(most))
        except (OSError, http.client.HTTPException, ValueError) as silence:
            raise _silent(silence) from silence


def _connection(parts: SplitResult, seconds: float) -> tuple["_Connection", str]:
    """One that leads outside and nowhere else, and what to ask for on it."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    place = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    is_encrypted = parts.scheme == "https"
    return _Connection(host, port, _reachable(host, port), is_encrypted=is_encrypted, seconds=seconds), place


def _silent(fault: Exception) -> NoAnswer:
    return NoAnswer(" ".join(str(fault).split())[:300] or type(fault).__name__)


def _reachable(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as silence:
        raise NoAnswer(gettext("There is no host called %(host)s.") % {"host": host}) from silence
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    for address in addresses:
        if not _is_public(ipaddress.ip_address(address)) and not _is_opened(host, address):
            raise NotOutside
    return addresses[0]


def _is_public(address: Address) -> bool:
    """Whether it is on the internet, whatever it is wrapped in."""
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in _INSIDE_SIX):
            return False
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast


def _is_opened(host: str, address: str | None) -> bool:
    for one in filter(None, (each.strip().lower() for each in settings_table.at_start("reachable_inside").split(","))):
        if one == host.lower():
            return True
        with contextlib.suppress(ValueError):
            if ipaddress.ip_address(address or host) in ipaddress.ip_network(one, strict=False):
                return True
    return False


class _Connection(http.client.HTTPConnection):
    """A connection to one address, under the name it was found by."""

    def __init__(self, host: str, port: int, address: str, *, is_encrypted: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self.address, self.is_encrypted = address, is_encrypted

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.is_encrypted:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


@contextlib.contextmanager
def _ended_after(connection: _Connection, seconds: float) -> Iterator[None]:
    """Cut the line when the time is over, whatever trickles in."""

    def cut() -> None:
        with contextlib.suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    alarm = threading.Timer(seconds, cut)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
        connection.close()

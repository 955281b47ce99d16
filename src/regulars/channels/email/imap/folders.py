"""A folder on a mail server: which mails it has, by the server's own numbers, and their bytes.

It is opened for reading only, and mails are peeked at: nothing is marked, moved or removed, so that
people who read the same mailbox elsewhere notice nothing, and what they read is fetched all the same.
"""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from regulars.channels.email.imap import troubles
from regulars.channels.email.imap.servers import Server
from regulars.kernel import clock


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail as the server has it; of one that is too large, the header alone."""

    uid: int
    raw: bytes = field(repr=False)
    received_at: datetime
    size: int
    is_whole: bool


class Folder:
    """An open folder."""

    def __init__(self, client: IMAPClient, server: Server) -> None:
        self._client, self._server = client, server
        try:
            chosen: dict[bytes, Any] = client.select_folder(server.folder, readonly=True)  # type: ignore[assignment]  # untyped
        except IMAPClientError as refusal:
            raise troubles.no_folder(server, self.names()) from refusal
        self.uidvalidity = int(chosen[b"UIDVALIDITY"])
        self.uid_next = int(chosen.get(b"UIDNEXT") or max(self.uids(), default=0) + 1)
        self.count = int(chosen.get(b"EXISTS") or 0)

    def names(self) -> list[str]:
        """Every folder there is."""
        return sorted(name for _, _, name in self._client.list_folders())

    def uids(self, *, after: int = 0, since: date | None = None) -> list[int]:
        """The numbers of the mails after one, or of those that came on a day or later, in order."""
        asked: list[Any] = ["UID", f"{after + 1}:*"]
        if since is not None:
            asked += ["SINCE", since]
        # "n:*" names the last mail even when its number is smaller.
        return sorted(uid for uid in self._client.search(asked) if uid > after)  # type: ignore[arg-type]  # lists are taken

    def batches(self, uids: Sequence[int], *, most: int, most_bytes: int) -> Iterator[list[tuple[int, int]]]:
        """Numbers and sizes, as many at once as fit."""
        for start in range(0, len(uids), 1_000):
            sizes: Any = self._client.fetch(uids[start : start + 1_000], ["RFC822.SIZE"])
            batch: list[tuple[int, int]] = []
            for uid in uids[start : start + 1_000]:
                if uid not in sizes:
                    continue  # it was moved away a moment ago
                size = int(sizes[uid].get(b"RFC822.SIZE", 0))
                if batch and (len(batch) >= most or sum(each for _, each in batch) + size > most_bytes):
                    yield batch
                    batch = []
                batch.append((uid, size))
            if batch:
                yield batch

    def fetch(self, batch: Sequence[tuple[int, int]], *, largest: int) -> list[Fetched]:
        """The mails of a batch, in their order."""
        whole = [uid for uid, size in batch if size <= largest]
        headers = [uid for uid, size in batch if size > largest]
        found = self._ask(whole, "BODY.PEEK[]", b"BODY[]") | self._ask(
            headers, "BODY.PEEK[HEADER]<0.1000000>", b"BODY[HEADER]<0>"
        )
        return [Fetched(uid, *found[uid], size=size, is_whole=size <= largest) for uid, size in batch if uid in found]

    def _ask(self, uids: list[int], what: str, name: bytes) -> dict[int, tuple[bytes, datetime]]:
        if not uids:
            return {}
        answer: dict[int, Any] = self._client.fetch(uids, [what, "INTERNALDATE"])  # type: ignore[assignment]  # untyped
        return {
            uid: (found[name], found.get(b"INTERNALDATE") or clock.now())
            for uid, found in answer.items()
            if uid in uids and found.get(name) is not None
        }


@contextmanager
def opened(server: Server) -> Iterator[Folder]:
    """Connect, sign in and open the folder; every fault on the way and while reading is a `Trouble`."""
    client = None
    try:
        client = connected(server)
        yield Folder(client, server)
    except (OSError, IMAPClientError, EOFError) as fault:
        raise troubles.said(fault, server) from fault
    finally:
        if client is not None:
            with suppress(Exception):  # it may be gone already
                client.logout()


def connected(server: Server) -> IMAPClient:
    """A connection that was let in."""
    timeout = SocketTimeout(connect=server.connecting_seconds, read=server.answer_seconds)
    context = ssl.create_default_context()
    client = IMAPClient(server.host, server.port, ssl=server.security == "tls", ssl_context=context, timeout=timeout)  # type: ignore[arg-type]  # both kinds of timeouts are taken
    client.normalise_times = False
    if server.security == "starttls":
        client.starttls(context)
    if server.token:
        client.oauth2_login(server.user, server.token)
    else:
        client.login(server.user, server.password)
    return client

"""A line that stays open to a folder, on which the server says by itself that mail came (IMAP IDLE, RFC 2177)."""

import time
from contextlib import suppress
from typing import Any

from imapclient.exceptions import IMAPClientError

from regulars.channels.email.imap import folders, troubles
from regulars.channels.email.imap.servers import Server

MOST_SILENCES = 3  # encrypted lines may be readable without a word, now and then
RENEW_SECONDS = 25 * 60  # servers may end a line that said nothing for 29 minutes


class Idle:
    """One such line. `is_offered` is false, and it is closed, where the server does not know how."""

    def __init__(self, server: Server) -> None:
        self._client: Any = None
        try:
            self._client = folders.connected(server)
            self.is_offered = bool(self._client.has_capability("IDLE"))
            if not self.is_offered:
                self.close()
                return
            self._client.select_folder(server.folder, readonly=True)
            self._begin()
        except (OSError, IMAPClientError, EOFError) as fault:
            self.close()
            raise troubles.said(fault, server) from fault

    def fileno(self) -> int:
        """For `select`: readable when the server said something."""
        return self._client.socket().fileno()

    def heard(self, *, is_readable: bool) -> bool:
        """Whether mail came since; renews the line in time. Raises `OSError` and its kin when it is gone.

        A line that ended is readable for ever and says nothing, which IMAPClient takes for silence.
        """
        came, was_silent = False, self._silences
        self._silences = self._silences + 1 if is_readable else 0
        if was_silent >= MOST_SILENCES:
            raise EOFError("the line ended")
        while said := self._client.idle_check(timeout=0):
            self._silences = 0
            came = came or any(len(one) > 1 and one[1] in (b"EXISTS", b"RECENT") for one in said)
            if any(len(one) > 0 and one[0] == b"BYE" for one in said):
                raise EOFError("the server said goodbye")
        if time.monotonic() - self._since > RENEW_SECONDS:
            self._client.idle_done()
            self._begin()
            came = True  # whatever came in between
        return came

    def close(self) -> None:
        """Hang up, without waiting for an answer."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # it may be gone already
                client.shutdown()

    def _begin(self) -> None:
        self._silences = 0
        self._client.idle()
        self._since = time.monotonic()

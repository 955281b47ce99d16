"""What keeps a mailbox from being read, as a person reads it."""

import socket
import ssl

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from regulars.channels.email.imap.servers import Server
from regulars.kernel.said import phrase as _
from regulars.kernel.said import shown

LONGEST_ANSWER = 300


class Trouble(Exception):
    """The mailbox cannot be read now. `is_refusal` when it will not be until somebody changes something.

    `is_sign_in` when the server did not let us in.
    """

    def __init__(self, words: str, *, is_refusal: bool = False, is_sign_in: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.is_refusal, self.is_sign_in = is_refusal, is_sign_in

    def __str__(self) -> str:
        """In the language of whoever reads it now; `words` are to be put down."""
        return shown(self.words)


def said(fault: Exception, server: Server) -> Trouble:
    """The trouble behind a fault."""
    where = {"host": server.host, "port": server.port, "user": server.user, "answer": _answer(fault)}
    if isinstance(fault, LoginError):
        words = _("%(host)s refused the sign-in of %(user)s: %(answer)s. Enter the password or the token again.")
        return Trouble(words % where, is_refusal=True, is_sign_in=True)
    if isinstance(fault, socket.gaierror):
        return Trouble(_("There is no mail server called %(host)s. Check its name.") % where, is_refusal=True)
    if isinstance(fault, ssl.SSLError):
        words = _("The connection to %(host)s is not safe, so nothing was sent: %(answer)s")
        return Trouble(words % where, is_refusal=True)
    if isinstance(fault, TimeoutError):
        return Trouble(_("%(host)s does not answer. It is tried again by itself.") % where)
    if isinstance(fault, ConnectionRefusedError):
        return Trouble(_("%(host)s does not accept connections on port %(port)s.") % where)
    if isinstance(fault, IMAPClientError) and not isinstance(fault, IMAPClientAbortError):
        return Trouble(_("%(host)s said: %(answer)s. It is tried again by itself.") % where)
    words = _("The connection to %(host)s was cut (%(answer)s). What came is kept; it goes on by itself.")
    return Trouble(words % where)


def no_folder(server: Server, folders: list[str]) -> Trouble:
    """The folder that is asked for is not there; those that are."""
    words = _("There is no folder “%(folder)s” on %(host)s. There are: %(folders)s.")
    named = ", ".join(folders[:30]) or "–"
    return Trouble(words % {"folder": server.folder, "host": server.host, "folders": named}, is_refusal=True)


def _answer(fault: Exception) -> str:
    words = fault.args[0] if fault.args else type(fault).__name__
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return " ".join((text or type(fault).__name__).replace("\x00", "").split())[:LONGEST_ANSWER].rstrip(".")

"""Mail servers that hang, refuse a token or talk nonsense: the trouble is said in words, and soon."""

import base64
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from regulars.channels.email import imap
from regulars.channels.email.imap import Server, Trouble

Talk = Callable[[socket.socket], None]


@contextmanager
def serving(talk: Talk) -> Iterator[int]:
    """A server that talks as it is told to, once."""
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            line, _ = door.accept()
            with line:
                talk(line)

    threading.Thread(target=serve, daemon=True).start()
    yield door.getsockname()[1]
    door.close()


def server(port: int, **said: object) -> Server:
    patience = {"connecting_seconds": 2, "answer_seconds": 2}
    return Server(**{"host": "127.0.0.1", "port": port, "security": "none", "user": "help@x", **patience, **said})  # type: ignore[arg-type]


def trouble(wanted: Server) -> Trouble:
    with pytest.raises(Trouble) as said, imap.opened(wanted):
        pass
    return said.value


def signs_in(got: list[bytes], *, answer: bytes) -> Talk:
    """Asks for the token, keeps it, and answers."""

    def talk(line: socket.socket) -> None:
        stream = line.makefile("rwb")

        def say(words: bytes) -> None:
            stream.write(words + b"\r\n")
            stream.flush()

        say(b"* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] ready")
        while asked := stream.readline():
            tag, _, rest = asked.strip().partition(b" ")
            if rest.startswith(b"AUTHENTICATE"):
                say(b"+ ")
                got.append(base64.b64decode(stream.readline()))
                say(tag + b" " + answer)
            elif rest.startswith(b"EXAMINE"):
                say(b"* 0 EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT 1] .")
                say(tag + b" OK [READ-ONLY] done")
            else:
                say(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2")
                say(tag + b" OK done")

    return talk


def test_a_token_is_given_as_xoauth2_wants_it() -> None:
    got: list[bytes] = []
    with serving(signs_in(got, answer=b"OK welcome")) as port, imap.opened(server(port, token="abc")) as folder:
        assert (folder.uidvalidity, folder.uid_next, folder.count) == (7, 1, 0)
    assert got == [b"user=help@x\x01auth=Bearer abc\x01\x01"]


def test_an_expired_token_is_said_and_waits_for_somebody() -> None:
    with serving(signs_in([], answer=b"NO [AUTHENTICATIONFAILED] Invalid credentials")) as port:
        said = trouble(server(port, token="old"))
    assert said.is_refusal and "refused the sign-in of help@x" in str(said) and "token again" in str(said)


def test_a_server_that_hangs_is_left_in_time() -> None:
    began = time.monotonic()
    with serving(lambda line: time.sleep(20)) as port:
        said = trouble(server(port))
    assert time.monotonic() - began < 10
    assert not said.is_refusal and "does not answer" in str(said)


def test_a_server_that_talks_nonsense_is_said() -> None:
    with serving(lambda line: line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        assert "127.0.0.1" in str(trouble(server(port)))


def test_a_port_where_nobody_listens_and_a_name_nobody_has() -> None:
    assert "does not accept connections on port 9" in str(trouble(server(9)))
    nowhere = trouble(server(143, host="mail.nowhere.invalid"))
    assert nowhere.is_refusal and "There is no mail server called mail.nowhere.invalid" in str(nowhere)


def test_a_server_without_encryption_where_it_is_wanted_gets_no_password() -> None:
    got: list[bytes] = []
    with serving(lambda line: got.append(line.recv(4096)) or line.sendall(b"* OK ready\r\n")) as port:
        said = trouble(server(port, security="tls", password="secret"))
    assert said.is_refusal and b"secret" not in b"".join(got)

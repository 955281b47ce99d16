"""A client that costs little: a kept connection, requests as bytes, answers read no further than needed."""

from __future__ import annotations

import re
import socket
from typing import Any, NamedTuple
from urllib.parse import urlencode

TOKEN = "b" * 32
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_AT_SERVER = re.compile(rb"\r\nserver-timing: *total;dur=([0-9.]+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


class Answer(NamedTuple):
    """What came back: how it ended, how many bytes, and how many seconds the server says it took."""

    status: int
    size: int
    at_server: float
    location: str = ""  # where a redirect leads


class Door:
    """One browser's connection, signed in."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie
        self.socket: socket.socket | None = None

    def ask(self, method: str, address: str, form: dict[str, Any], *, is_part: bool, into: str = "") -> Answer:
        """Ask, and read the whole answer; a connection the server has closed meanwhile is made anew."""
        request = self._request(method, address, form, is_part=is_part, into=into)
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        return self._answer(self.socket)

    def close(self) -> None:
        """Hang up."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def _request(self, method: str, address: str, form: dict[str, Any], *, is_part: bool, into: str) -> bytes:
        lines = [
            f"{method} {address} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept-Language: en",
            f"Cookie: sessionid={self.cookie}; csrftoken={TOKEN}",
        ]  # fmt: skip
        body = b""
        if is_part:
            lines.append("HX-Request: true")
        if into:
            lines.append(f"HX-Target: {into}")
        if method == "POST":
            body = urlencode({**form, "csrfmiddlewaretoken": TOKEN}).encode()
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _answer(self, connection: socket.socket) -> Answer:
        found = b""
        while (end := found.find(b"\r\n\r\n")) < 0:
            found += _more(connection)
        head, size = found[:end], len(found) - end - 4
        if length := _LENGTH.search(head):
            while size < int(length[1]):
                size += len(_more(connection))
        elif _CHUNKED.search(head):
            while not found.endswith(b"0\r\n\r\n"):
                found += _more(connection)
            size = len(found) - end - 4
        if b"\r\nconnection: close" in head.lower():
            self.close()
        said = _AT_SERVER.search(head)
        leads = _LOCATION.search(head)
        return Answer(int(head[9:12]), size, float(said[1]) / 1000 if said else 0.0, leads[1].decode() if leads else "")


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(262_144)
    if not part:
        raise ConnectionError("The server hung up in the middle of an answer.")
    return part

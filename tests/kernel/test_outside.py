"""Calls to addresses somebody typed in: on the internet only, and never for ever."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from regulars.kernel import outside
from regulars.kernel.outside import Answer, NoAnswer, NotAnAddress, NotOutside


class Ear(BaseHTTPRequestHandler):
    """Answers by the path."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/hang":
            time.sleep(3)
        if self.path == "/trickle":
            for letter in b"HTTP/1.1 200 OK and so on" * 4:
                self.wfile.write(bytes([letter]))
                time.sleep(0.2)
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        with suppress(OSError):  # whoever called may have left
            self.wfile.write(body * (1 if self.path == "/" else 10_000))

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_REACHABLE_INSIDE", "10.1.0.0/16, 127.0.0.1")


def post(url: str, *, seconds: float = 2) -> Answer:
    return outside.post(url, b"hello", headers={}, seconds=seconds)


def leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, 443)) for one in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: found)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255",
     "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::"],
)  # fmt: skip
def test_what_leads_into_the_house_is_not_called(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    leads_to(monkeypatch, address)
    monkeypatch.setattr(socket, "create_connection", lambda *args: pytest.fail("it was called"))
    with pytest.raises(NotOutside):
        post("https://shop.example/")


def test_one_address_inside_among_others_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "93.184.215.14", "10.0.0.1")
    with pytest.raises(NotOutside):
        post("https://shop.example/")


def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "93.184.215.14")
    called: list[object] = []

    def refuse(address: object, timeout: float) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(NoAnswer, match="nobody there"):
        post("https://shop.example/")
    assert called == [("93.184.215.14", 443)]


@pytest.mark.parametrize(
    "url",
    ["http://shop.example/", "ftp://shop.example/", "https://", "shop.example", "https://user@shop.example/",
     "https://shop.example/a b", "https://shöp.example/", "https://shop.example:99999/", "https://[::1/",
     "https://shop.example/\r\nX: y", "https://x/" + "y" * 2000],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(NotAnAddress):
        outside.check(url)


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://[::1]/", "https://10.2.0.1/"])
def test_a_number_inside_is_refused_before_it_is_kept(url: str, opened: None) -> None:
    if "127" in url:
        outside.check(url)
    else:
        with pytest.raises(NotOutside):
            outside.check(url)


def test_what_the_operator_opened_is_called(port: int, opened: None) -> None:
    assert post(f"http://127.0.0.1:{port}/") == Answer(200, b"hello")
    outside.check("http://10.1.2.3/")


def test_nobody_is_followed_elsewhere_and_long_answers_are_cut(port: int, opened: None) -> None:
    answer = post(f"http://127.0.0.1:{port}/elsewhere")
    assert (answer.status, len(answer.body)) == (302, outside.MOST_READ)


@pytest.mark.parametrize("path", ["/hang", "/trickle"])
def test_patience_ends(port: int, opened: None, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        post(f"http://127.0.0.1:{port}{path}", seconds=0.5)
    assert time.monotonic() - began < 2

"""The socket the web processes share: opened once, by the parent, so that a restart refuses nobody."""

import errno
import socket

BACKLOG = 2048
TRIES = 50


class CannotListen(Exception):
    """The address cannot be used; the message says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Open the port, or say kindly why not."""
    try:
        return _open(host, port)
    except OSError as fault:
        raise CannotListen(_sentence(fault, host, port)) from None


def free_port(host: str, *, above: int) -> int:
    """The next port that nobody uses."""
    for port in range(above + 1, min(above + TRIES, 65_536)):
        try:
            _open(host, port).close()
        except OSError:
            continue
        return port
    raise CannotListen(f"No port from {above + 1} to {above + TRIES} is free on {host}.")


def _open(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(BACKLOG)
    except OSError:
        opened.close()
        raise
    return opened


def _sentence(fault: OSError, host: str, port: int) -> str:
    if fault.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program.\n"
            f"Stop that program, or choose another port: --port {free_port(host, above=port)}"
        )
    if fault.errno == errno.EACCES:
        return f"Port {port} may only be opened by root. Choose one above 1023: --port 8000"
    return f"Regulars cannot listen on {host}, port {port}: {fault.strerror or fault}. Check --host and --port."

"""`python -m bench._sending PORT KEY PLAN`: sends a round over connections that stay open, as fast as answers come.

Everything is prepared before the clock starts; what is left is one send and one receive a request,
so that the sender takes as little as it can of a machine it shares with what it measures.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from typing import cast

from bench._sent import Plan, requests


def main() -> None:
    port, key, plan = int(sys.argv[1]), sys.argv[2], Plan(**json.loads(sys.argv[3]))
    prepared = [_request(body, key) for body in requests(plan)]
    cpu, began = time.process_time(), time.perf_counter()
    _send_all(prepared, port, min(plan.connections, len(prepared)))
    seconds = time.perf_counter() - began
    print(json.dumps({"began": began, "seconds": seconds, "sender_cpu": time.process_time() - cpu}), flush=True)


def _request(body: bytes, key: str) -> bytes:
    head = (
        f"POST /v1/batch HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {key}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _send_all(prepared: list[bytes], port: int, connections: int) -> None:
    """One request under way on each connection; any answer but 200 ends the run."""
    waiting = selectors.DefaultSelector()
    following = iter(prepared)
    answers: dict[socket.socket, bytes] = {}
    for _ in range(connections):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(next(following))
        waiting.register(connection, selectors.EVENT_READ)
        answers[connection] = b""
    left = len(prepared)
    while left:
        for ready, _ in waiting.select():
            connection = cast(socket.socket, ready.fileobj)
            answer = answers[connection] + connection.recv(65_536)
            if not answer.endswith(b"}"):  # the head came first, the body comes after it
                answers[connection] = answer
                continue
            answers[connection] = b""
            if not answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"answered: {answer[:300]!r}")
            left -= 1
            further = next(following, None)
            if further is None:
                waiting.unregister(connection)
            else:
                connection.sendall(further)


if __name__ == "__main__":
    main()

"""A line to a server that is cut after so many bytes, again and again."""

import socket
import threading
from contextlib import suppress


class CuttingLine:
    """Passes bytes on between a client and a server; each connection ends after `bytes_each` from the server."""

    def __init__(self, port: int, *, bytes_each: int) -> None:
        self._target, self.bytes_each, self.cuts = port, bytes_each, 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            threading.Thread(target=self._pass, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, self.bytes_each), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, left: int | None) -> None:
        with suppress(OSError):
            while piece := source.recv(4096):
                if left is not None:
                    piece = piece[:left]
                    left -= len(piece)
                sink.sendall(piece)
                if left == 0:
                    self.cuts += 1
                    break
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

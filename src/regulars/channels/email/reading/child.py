"""The process that understands mail: lengths and bytes in, lengths and pickled answers out, until the input ends."""

import pickle
import resource
import sys
from typing import BinaryIO

from regulars.channels.email.reading.framing import LENGTH

MOST_MEMORY = 3 * 1024**3


def main() -> None:
    """Answer each mail; whatever a mail does, the answer is an answer."""
    _bound_memory()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing that prints may mix with the answers
    while (raw := _receive(source)) is not None:
        answer = pickle.dumps(_understood(raw), protocol=pickle.HIGHEST_PROTOCOL)
        sink.write(LENGTH.pack(len(answer)))
        sink.write(answer)
        sink.flush()


def _understood(raw: bytes) -> object:
    from regulars.channels.email.understanding import understand

    try:
        return understand(raw)
    except MemoryError:
        return "It needs too much memory to be understood."
    except Exception as fault:
        return f"It cannot be understood: {type(fault).__name__}: {fault}"


def _receive(source: BinaryIO) -> bytes | None:
    header = source.read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    size = LENGTH.unpack(header)[0]
    raw = source.read(size)
    return raw if len(raw) == size else None


def _bound_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


if __name__ == "__main__":
    main()

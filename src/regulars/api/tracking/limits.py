"""How much each key and each address may send: counted in one small file that all web processes share.

A slot holds one number: the moment up to which what was sent is "paid for" at the allowed rate. It
may run ahead of the clock by the burst, no further. Two processes that write a slot at the same
instant lose one of the two amounts, which a limit can bear. Slots are chosen by a keyed hash; two
senders who share one share its limit.
"""

import hashlib
import mmap
import os
import struct
import time
from pathlib import Path

SLOTS = 1 << 16
BURST_SECONDS = 10.0
_LONGEST_WAIT = 3600.0
_SLOT = struct.Struct("<d")


class Limits:
    """The shared slots."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(handle, SLOTS * _SLOT.size)
            self._slots = mmap.mmap(handle, SLOTS * _SLOT.size)
        finally:
            os.close(handle)
        self._offsets: dict[str, int] = {}

    def take(self, sender: str, amount: int, *, per_second: float) -> float:
        """Let a sender send so much: 0, or how many seconds to wait first. No rate is no limit."""
        if per_second <= 0:
            return 0.0
        offset = self._offset(sender)
        now = time.time()
        paid_until = max(_SLOT.unpack_from(self._slots, offset)[0], now)
        # A clock that was set back, or a file from a machine with another one: begin anew.
        if paid_until > now + _LONGEST_WAIT:
            paid_until = now
        wait = paid_until + amount / per_second - now - BURST_SECONDS
        if wait > 0 and paid_until > now:
            return wait
        _SLOT.pack_into(self._slots, offset, paid_until + amount / per_second)
        return 0.0

    def _offset(self, sender: str) -> int:
        offset = self._offsets.get(sender)
        if offset is None:
            if len(self._offsets) > SLOTS:
                self._offsets = {}
            digest = hashlib.blake2b(sender.encode(), digest_size=8).digest()
            offset = self._offsets[sender] = int.from_bytes(digest, "little") % SLOTS * _SLOT.size
        return offset

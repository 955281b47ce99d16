"""A small proof of work: dear to whoever sends ten thousand forms, unnoticed by whoever sends one.

The browser looks for an answer with which SHA-256 of "nonce:answer" begins with `BITS` zeros, about
2**BITS tries; we look at one hash. The same as Hashcash (Back 2002), with another hash.
"""

import hashlib
import re
from itertools import count
from typing import Final

BITS: Final = 14
_ANSWER = re.compile(r"[0-9a-z]{1,20}", re.ASCII)


def is_done(nonce: str, answer: str) -> bool:
    """Whether the answer proves the work for this nonce; one hash, whatever is sent."""
    return bool(_ANSWER.fullmatch(answer)) and leading_zeros(nonce, answer) >= BITS


def leading_zeros(nonce: str, answer: str) -> int:
    """How many bits at the beginning of the hash are zero."""
    digest = hashlib.sha256(f"{nonce}:{answer}".encode()).digest()
    return 256 - int.from_bytes(digest).bit_length()


def do(nonce: str) -> str:
    """Find an answer, as a browser does; for tests and for programs that fill in their own forms."""
    return next(str(each) for each in count() if leading_zeros(nonce, str(each)) >= BITS)

"""What became of one attempt to hand a mail over."""

from dataclasses import dataclass
from typing import Literal

State = Literal["sent", "failed", "later", "unknown"]
LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How it ended. `later`: nothing left, try again. `unknown`: it may have left, so nobody tries by themselves.

    `words` are the server's own, or ours when it said nothing. `refused` are recipients it did not
    take while it took others. `is_channels` marks trouble of the way out, not of this mail.
    `no_such` are addresses the server says do not exist. `is_sign_in`: the server did not let us in.
    """

    state: State
    words: str = ""
    refused: tuple[str, ...] = ()
    no_such: tuple[str, ...] = ()
    is_channels: bool = False
    is_sign_in: bool = False


def readable(said: bytes | str) -> str:
    """What a server said, on one line and not endless."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(clean.split())[:LONGEST_WORDS]

"""Taking a mail's content from the line in large pieces; asked line by line, it costs more than storing it.

A mail ends at a dot alone between two whole line ends, CRLF each: whoever takes less for an end lets one
mail be smuggled inside another.
"""

import asyncio
from typing import Final

END: Final = b"\r\n.\r\n"


class TooLarge(Exception):
    """More came than is taken; all of it was read, so that the line can go on."""


async def take(reader: asyncio.StreamReader, *, largest: int) -> bytes:
    """The content up to its end, dots unstuffed."""
    taken = bytearray(b"\r\n")  # of the command before: a dot may follow at once
    while _may_be_ending(taken):
        taken += await reader.readexactly(1)
        if taken.endswith(END):
            return _unstuffed(taken)
    is_too_large = False
    while True:
        piece, is_whole = await _piece(reader)
        is_too_large = is_too_large or len(taken) + len(piece) > largest + len(END)
        if is_too_large:
            taken.clear()
        else:
            taken += piece
        if is_whole:
            break
    if is_too_large:
        raise TooLarge
    return _unstuffed(taken)


async def _piece(reader: asyncio.StreamReader) -> tuple[bytes, bool]:
    """What comes up to the end, or as much as the line holds, without what may be the beginning of the end."""
    try:
        return await reader.readuntil(END), True
    except asyncio.LimitOverrunError as full:
        return await reader.read(max(full.consumed, 1)), False


def _may_be_ending(taken: bytearray) -> bool:
    return any(taken.endswith(END[:length]) for length in range(1, len(END)))


def _unstuffed(taken: bytearray) -> bytes:
    whole = bytes(taken[: -len(END)]) + b"\r\n"
    return whole.replace(b"\r\n.", b"\r\n")[2:]

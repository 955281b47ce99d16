"""Which encoding a text file is in, decided from all of it."""

import codecs
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from regulars.customers.importing.reading.lines import LONGEST_LINE
from regulars.customers.importing.reading.streams import Pieces

UTF8, WESTERN = "utf-8", "cp1252"


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding, and whether some lines are in the other one; those are rejected by name."""

    name: str = UTF8
    is_mixed: bool = False


def survey(path: Path, *, heed: Callable[[], None] = lambda: None) -> Encoding:
    """Read the whole file: UTF-16 by its mark or its zero bytes, UTF-8 unless lines speak against it, else cp1252.

    Where lines of both kinds stand, the majority names the encoding.
    """
    utf8 = western = 0
    left = b""
    for number, piece in enumerate(Pieces(path)):
        heed()
        if number == 0 and (wide := _wide(piece)):
            return Encoding(wide)
        chunk, left = _whole_lines(left + piece)
        utf8, western = _count(chunk, utf8, western)
    utf8, western = _count(left, utf8, western)
    return Encoding(WESTERN if western > utf8 else UTF8, is_mixed=bool(utf8 and western))


def is_other(line: bytes, encoding: Encoding) -> bool:
    """Whether a line is not in the file's encoding."""
    if line.isascii():
        return False
    is_utf8 = _decodes(line, UTF8)
    return not is_utf8 if encoding.name == UTF8 else (is_utf8 and encoding.is_mixed) or not _decodes(line, WESTERN)


def as_utf8(pieces: Iterable[bytes], encoding: Encoding) -> Iterator[bytes]:
    """UTF-16 becomes UTF-8 here; the encodings of single bytes do so line by line, later."""
    if not encoding.name.startswith("utf-16"):
        yield from _without_mark(pieces)
        return
    decoder = codecs.getincrementaldecoder(encoding.name)("replace")
    for piece in pieces:
        yield decoder.decode(piece).lstrip("\ufeff").encode()
    yield decoder.decode(b"", final=True).encode()


def _without_mark(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for number, piece in enumerate(pieces):
        yield piece.removeprefix(codecs.BOM_UTF8) if number == 0 else piece


def _wide(piece: bytes) -> str | None:
    if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = piece[:4096]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    # Latin text in UTF-16 has a zero in every other byte.
    if odd > len(sample) * 0.3 and even < len(sample) * 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > len(sample) * 0.3 and odd < len(sample) * 0.05 else None


def _whole_lines(data: bytes) -> tuple[bytes, bytes]:
    end = data.rfind(b"\n") + 1
    # A line of many megabytes is not gathered: it will be rejected for its length anyway.
    return data[:end], data[end:] if len(data) - end < LONGEST_LINE else b""


def _count(chunk: bytes, utf8: int, western: int) -> tuple[int, int]:
    if chunk.isascii():
        return utf8, western
    foreign = [line for line in chunk.split(b"\n") if not line.isascii()]
    good = len(foreign) if _decodes(chunk, UTF8) else sum(_decodes(line, UTF8) for line in foreign)
    return utf8 + good, western + len(foreign) - good


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True

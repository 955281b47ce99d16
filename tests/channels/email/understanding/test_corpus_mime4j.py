"""80 torture mails: every leaf of the tree holds the bytes another parser finds in it; differences are named."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.channels.email.understanding import parts, structure, understand
from regulars.channels.email.understanding.structure import Part

from .corpora import FOLDER, needs_corpora, rows

KEPT = "text without a delimiter is shown, not lost"
NO_HEADERS = "lines that are no headers are shown as text, not lost"
SPACE = "a line of spaces ends the headers, as people who write it mean"
NEAR = "a delimiter may have lost the spaces at its end on its way"
FOOTER = "base64 has an end; rubbish after it is left out or kept whole"
DIFFERENT = {
    "mimetools-testmsgs/badbound": KEPT,
    "mimetools-testmsgs/frag": FOOTER,
    "mimetools-testmsgs/hdr-fakeout": SPACE,
    "mimetools-testmsgs/multi-frag": FOOTER,
    "testmsgs/basic-plain-with-bad-header-separator": SPACE,
    "testmsgs/malformedHeader-nocrlfcrlf": NO_HEADERS,
    "testmsgs/malformedHeader-noheader": NO_HEADERS,
    "testmsgs/malformedHeaderStartsBody-nocrlfcrlf": NO_HEADERS,
    "testmsgs/malformedHeaderStartsBody-noheader": NO_HEADERS,
    "testmsgs/missing-boundary": KEPT,
    "testmsgs/missing-inner-boundary": KEPT,
    "testmsgs/missing-inner-start-boundary": KEPT,
    "testmsgs/multipartnopart": KEPT,
    "testmsgs/very-long-boundary": NEAR,
    "testmsgs/very-very-long-boundary": NEAR,
    "testmsgs/weird-boundary": NEAR,
}
ROWS = rows("mails/mime4j.jsonl")


@needs_corpora
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_the_leaves_are_those_another_parser_finds(row: dict[str, Any]) -> None:
    raw = (FOLDER / "mails" / row["file"]).read_bytes()
    expected = [_bare((FOLDER / "mails" / one["file"]).read_bytes()) for one in row["expected"]["leaf_bodies"]]

    is_same = [_bare(one) for one in _leaves(raw)] == expected

    assert is_same != (row["id"].removeprefix("mime4j:") in DIFFERENT)
    assert understand(raw).as_json()["notes"] == []


def _leaves(raw: bytes) -> list[bytes]:
    """Down through enclosed messages, as that parser goes; for us each of those is one attachment."""
    found: list[bytes] = []
    waiting: list[tuple[bytes, Part]] = [(raw, structure.read(raw).root)]
    while waiting:
        source, part = waiting.pop(0)
        if part.children:
            waiting[:0] = [(source, child) for child in part.children]
        elif part.type == "message/rfc822":
            inside = parts.content(source, part)
            waiting.insert(0, (inside, structure.read(inside).root))
        elif not (part.type.startswith("multipart/") and part.is_opened):
            found.append(parts.content(source, part))
    return found


def _bare(body: bytes) -> bytes:
    return body.replace(b"\r\n", b"\n").strip(b"\n")

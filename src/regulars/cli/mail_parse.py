"""One file, one JSON line, whatever the file is."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

from regulars.channels.email.understanding import Mail, understand

MAX_BYTES = 200_000_000
"""A file is read up to here: mail servers stop long before."""

_LINE_ENDS = {ord(one): f"\\u{ord(one):04x}" for one in "\x85\u2028\u2029"}
"""What some readers take for the end of a line, though JSON does not."""


def line(file: str) -> str:
    """The answer for one file; always valid JSON, always with every key."""
    answer = {"file": file.encode("utf-8", "replace").decode(), **_answer(file)}
    return json.dumps(answer, ensure_ascii=False).translate(_LINE_ENDS)


def _answer(file: str) -> dict[str, Any]:
    try:
        raw, error = _read(file)
    except OSError as failed:
        return {**Mail().as_json(), "error": f"Cannot be read: {failed.strerror or failed}."}
    except ValueError:
        return {**Mail().as_json(), "error": "Cannot be read: this is not the name of a file."}
    try:
        answer = understand(raw).as_json()
    except (Exception, RecursionError) as failed:  # a fault of ours: said, and the next file is still read
        return {**Mail().as_json(), "error": f"Not understood ({type(failed).__name__}); please report this mail."}
    return {**answer, "error": error or (None if answer["from"] or answer["text"] or raw.strip() else "Empty.")}


def _read(file: str) -> tuple[bytes, str | None]:
    if file == "-":
        return _bounded(sys.stdin.buffer.read(MAX_BYTES + 1))
    path = Path(file)
    if not stat.S_ISREG(path.stat().st_mode) and not path.is_fifo():
        raise OSError(0, "this is not a file" if not path.is_dir() else "this is a folder")
    with path.open("rb") as opened:
        return _bounded(opened.read(MAX_BYTES + 1))


def _bounded(raw: bytes) -> tuple[bytes, str | None]:
    if len(raw) <= MAX_BYTES:
        return raw, None
    return raw[:MAX_BYTES], f"Longer than {MAX_BYTES:,} bytes: the rest was not read."

"""Answers on disk: what one process worked out, the others and the next start only read.

A file is named by its question and by what was counted: how far into the log the mirror reached, and which customers
were merged. It lies in the folder of the present generation, which an erasure throws away. Once a fact or a merge has
come in, nobody asks for its name any more, and the next answer to the question takes its place.
"""

import hashlib
import json
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import structlog

import tenure
from regulars.customers.selectors import families
from regulars.insights.mirror import derived
from regulars.insights.mirror.names import CONSUMER
from regulars.kernel import tail
from regulars.kernel.tail import Position

FOLDER = "answers"
MOST_FILES = 256
log = structlog.get_logger("regulars.insights")


class Counted(NamedTuple):
    """What an answer was counted from; another value means that it may have changed."""

    reached: Position
    generation: int
    merges: tuple[int, int]

    def __str__(self) -> str:
        return f"{self.reached}.{self.merges[0]}-{self.merges[1]}"


def counted_now() -> Counted:
    """What an answer is counted from at this moment."""
    return Counted(tail.position(CONSUMER), derived.generation(), families.merges_version())


def find(question: Any, counted: Counted) -> tenure.Retention | None:
    """The answer somebody has worked out already, or None."""
    path = _path(question, counted)
    try:
        return tenure.Retention.load(path) if path.exists() else None
    except (OSError, tenure.TenureError):  # cut short by a crash, of another version, or just replaced
        return None


def keep(question: Any, counted: Counted, answer: tenure.Retention) -> None:
    """Keep an answer in place of its elder. One that cannot be kept is still an answer: only the log says so."""
    path = _path(question, counted)
    try:
        path.parent.mkdir(exist_ok=True)
        answer.save(path)
    except (OSError, tenure.TenureError) as fault:
        log.warning("an answer could not be kept", reason=str(fault))
    with suppress(FileNotFoundError):  # another process is making room as well
        _make_room(path)
    derived.forget_if_erased_since(counted.generation)


def find_plain(question: Any, counted: Counted) -> Any:
    """What `keep_plain` kept, or None."""
    try:
        return json.loads(_path(question, counted).read_text())
    except (OSError, ValueError):  # not there, cut short by a crash, or just replaced
        return None


def keep_plain(question: Any, counted: Counted, plain: Any) -> None:
    """The same as `keep` for plain values, as JSON."""
    path = _path(question, counted)
    beside = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.writing")
    try:
        path.parent.mkdir(exist_ok=True)
        beside.write_text(json.dumps(plain, allow_nan=False))
        beside.rename(path)
    except OSError as fault:
        log.warning("an answer could not be kept", reason=str(fault))
    with suppress(FileNotFoundError):  # another process is making room as well
        _make_room(path)
    derived.forget_if_erased_since(counted.generation)


def _path(question: Any, counted: Counted) -> Path:
    return derived.folder(counted.generation) / FOLDER / f"{_name(question)}.{counted}.answer"


def _name(question: Any) -> str:
    """Stands for the question, as this version of the library would answer it."""
    return hashlib.blake2b(repr((question, tenure.__version__)).encode(), digest_size=12).hexdigest()


def _make_room(kept: Path) -> None:
    """Remove the same question's older answers, and of all the others those written longest ago."""
    name = kept.name.partition(".")[0]
    files = {path: path.stat().st_mtime_ns for path in kept.parent.glob("*.answer")}
    newest = sorted(files, key=lambda path: -files[path])
    for place, path in enumerate(newest):
        if path != kept and (place >= MOST_FILES or path.name.startswith(f"{name}.")):
            path.unlink(missing_ok=True)

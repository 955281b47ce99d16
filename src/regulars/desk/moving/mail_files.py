"""The mails of an mbox file or a Maildir, one after the other, never a whole file in memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from regulars.desk.moving.forms import NotAnArchive

LARGEST = 64 << 20  # bytes of one mail
# A line that begins a mail names a sender and a moment; "From now on …" in somebody's text does not.
_BEGINS = re.compile(
    rb"From +(?:\S+ +)?(?:.*? )??([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d(?::\d\d)?.{0,30}\d{4})"
)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEADER = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WHEN = re.compile(rb"([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d)(?::(\d\d))?.*?(\d{4})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one mail lies. `came_at` is what the mailbox itself says of when it came."""

    path: Path
    begin: int
    size: int
    came_at: datetime | None
    is_quoted: bool  # lines that begin with From were given a > before

    @property
    def said(self) -> str:
        """For people: the file and the byte."""
        return f"{self.path.name} at byte {self.begin}" if self.begin else self.path.name

    def read(self, most: int = LARGEST) -> bytes:
        """The mail as it was sent, or its beginning."""
        with self.path.open("rb") as file:
            file.seek(self.begin)
            raw = file.read(min(self.size, most))
        return _QUOTED.sub(rb"\1", raw) if self.is_quoted else raw


def mboxes(path: Path) -> Iterator[Place]:
    """Every mail in an mbox file, or in all of them in a folder and below."""
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    found = False
    for file in files:
        for place in _of_mbox(file):
            found = True
            yield place
    if not found:
        raise NotAnArchive(f"{path} holds no mail in mbox form.")


def maildirs(path: Path) -> Iterator[Place]:
    """Every mail in a Maildir, or in all of them in a folder and below; what is half delivered is left."""
    folders = [each for each in (path, *path.rglob("*")) if each.is_dir() and each.name in ("cur", "new")]
    folders += [] if folders else [each for each in (path / "cur", path / "new") if each.is_dir()]
    if not folders:
        raise NotAnArchive(f"{path} is no Maildir: it has no folders “cur” and “new”.")
    for folder in sorted(folders):
        for file in sorted(each for each in folder.iterdir() if each.is_file() and not each.name.startswith(".")):
            status = file.stat()
            yield Place(file, 0, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC), False)


def _of_mbox(path: Path) -> Iterator[Place]:
    """A file with no line that begins a mail, but with headers, is one mail."""
    with path.open("rb") as file:
        begin, at, came_at, is_after_blank = None, 0, None, True
        for number, line in enumerate(file):
            said = _BEGINS.match(line) if is_after_blank and line.startswith(b"From ") else None
            if said:
                if begin is not None:
                    yield Place(path, begin, at - begin, came_at, True)
                begin, came_at = at + len(line), _moment(said[1])
            elif number == 0 and _HEADER.match(line):
                begin = 0
            at += len(line)
            is_after_blank = not line.strip()
        if begin is not None:
            yield Place(path, begin, at - begin, came_at, begin > 0)


def _moment(said: bytes) -> datetime | None:
    found = _WHEN.search(said)
    if not found or found[1].decode() not in _MONTHS:
        return None
    day, hour, minute, second, year = (int(each or 0) for each in found.group(2, 3, 4, 5, 6))
    try:
        return datetime(year, _MONTHS.index(found[1].decode()) + 1, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None

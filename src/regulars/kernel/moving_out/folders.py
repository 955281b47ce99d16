"""The folder that is written: beside its place until it is whole, then renamed, with a manifest of every file."""

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from regulars.kernel.errors import DomainError, Invalid

MARK = "incomplete"  # says that a folder is an export that was not finished, and may be thrown away
MANIFEST = "manifest.json"


class FolderNotEmpty(Invalid):
    """This folder has something in it. Nothing was written; name one that is empty or is not there yet."""


class FolderNotOurs(DomainError):
    """Beside this folder lies one of the same name ending in .partial that is not ours. Nothing was written."""


@dataclass(slots=True)
class Written:
    """One file so far: where it is, and what the manifest will say of it."""

    file: BinaryIO
    digest: Any = field(default_factory=hashlib.sha256)
    size: int = 0
    lines: int = 0


@dataclass(slots=True)
class Folder:
    """An export being written; `write` and `append` keep the digest of each file as it grows."""

    place: Path
    partial: Path
    files: dict[str, Written] = field(default_factory=dict)

    def append(self, name: str, content: bytes, *, lines: int = 0) -> None:
        """Add to a file; the first time it is made."""
        known = self.files.get(name)
        if known is None:
            path = self.partial / name
            path.parent.mkdir(parents=True, exist_ok=True)
            known = self.files[name] = Written(path.open("wb"))
        known.file.write(content)
        known.digest.update(content)
        known.size += len(content)
        known.lines += lines

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, last, and put the folder into its place."""
        for written in self.files.values():
            written.file.close()
        said = [
            {"path": name, "sha256": one.digest.hexdigest(), "bytes": one.size, "count": one.lines}
            for name, one in sorted(self.files.items())
        ]
        text = json.dumps({**manifest, "files": said}, indent=2, ensure_ascii=False)
        (self.partial / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
        (self.partial / MARK).unlink()
        if self.place.exists():
            self.place.rmdir()
        self.partial.rename(self.place)


@contextlib.contextmanager
def begun(place: Path) -> Iterator[Folder]:
    """An empty folder to write into; what was left of one that was cut short is thrown away first.

    When anything fails, what was written stays beside, marked as not finished, until the next try.
    """
    place = place.absolute()
    partial = place.with_name(f"{place.name}.partial")
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise FolderNotEmpty
    if partial.exists():
        if not (partial / MARK).is_file():
            raise FolderNotOurs
        shutil.rmtree(partial)
    partial.mkdir(parents=True, mode=0o700)
    (partial / MARK).touch()
    folder = Folder(place, partial)
    try:
        yield folder
    finally:
        for written in folder.files.values():
            written.file.close()

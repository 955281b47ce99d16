"""Files that an export names: from its folder `attachments` where they are, else only their address."""

import hashlib
from pathlib import Path
from typing import Any

from regulars.desk.moving.forms import Enclosed
from regulars.desk.moving.records import words


class Enclosures:
    """The files beside an export: `attachments/ID/NAME`, `attachments/ID.png`, `attachments/ID-NAME`."""

    def __init__(self, path: Path) -> None:
        self._files: dict[str, Path] = {}
        folder = path / "attachments" if path.is_dir() else path.parent / "attachments"
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if file.is_file() and not file.is_symlink():
                of_folder = file.parent.name if file.parent != folder else ""
                self._files[of_folder or _beginning(file.stem)] = file

    def of(self, number: Any, *, name: Any, mime: Any = "", url: Any = "", size: Any = None) -> Enclosed:
        """One file."""
        return Enclosed(
            name=Path(words(name).replace("\\", "/")).name or "file",
            type=words(mime) or "application/octet-stream",
            path=self._files.get(words(number)) if words(number) else None,
            url=words(url),
            number=words(number) or hashlib.sha256(words(url).encode("utf-8", "replace")).hexdigest(),
            size=size if type(size) is int and 0 <= size < 1 << 53 else None,
        )


def _beginning(stem: str) -> str:
    for mark in "-_":
        stem = stem.partition(mark)[0]
    return stem

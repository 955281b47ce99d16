"""Moving out: everything there is, as it is at one moment, into a folder anybody can read without Regulars."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from psycopg import Connection

from regulars.desk.moving_out import house, mailboxes
from regulars.desk.moving_out.beside import FILES, FILES_LATELY
from regulars.kernel import clock, files
from regulars.kernel.moving_out import Kind, folders, kinds, snapshots
from regulars.kernel.moving_out.folders import Folder

FORMAT: Final = "regulars-export"
FORMAT_VERSION: Final = 1
JSONL, MBOX, BOTH = "jsonl", "mbox", "both"
BLOCK: Final = 1 << 20

Progress = Callable[[float, str], None]


@dataclass(slots=True)
class Meter:
    """How much of everything is done."""

    total: int
    show: Progress
    done: int = 0
    what: str = ""

    def __call__(self, count: int) -> None:
        self.done += count
        self.show(min(1.0, self.done / max(1, self.total)), self.what)


def move_out(
    place: Path,
    *,
    form: str = BOTH,
    since: datetime | None = None,
    with_files: bool = True,
    progress: Progress = lambda done, what: None,
) -> dict[str, Any]:
    """Write the export and return its manifest. Nothing of it is in its place before all of it is."""
    own = house.own()
    with folders.begun(place) as folder, snapshots.taken(since=since) as snapshot:
        wanted = kinds() if form in (JSONL, BOTH) else []
        is_narrowed = since is not None
        total = sum(snapshots.count(snapshot, kind.count(is_narrowed=is_narrowed)) for kind in wanted)
        total += snapshots.count(snapshot, mailboxes.count(is_narrowed=is_narrowed)) if form in (MBOX, BOTH) else 0
        total += (there := _count_of_files(snapshot, is_narrowed) if with_files and wanted else 0)
        meter = Meter(total, progress)
        manifest = _manifest(wanted, of=own, since=since, with_files=with_files)
        manifest["counts"] = {kind.name: _written(kind, snapshot, folder, meter, is_narrowed) for kind in wanted}
        if there:
            meter.what = "files"
            manifest["attachments"] = _copy_files(snapshot, folder, meter, is_narrowed)
        if form in (MBOX, BOTH):
            meter.what = "mailboxes"
            manifest["mails"] = mailboxes.write(
                snapshot, folder, is_narrowed=is_narrowed, with_files=with_files, progress=meter
            )
        folder.finish(manifest)
    return manifest


def _written(kind: Kind, snapshot: Connection[Any], folder: Folder, meter: Meter, is_narrowed: bool) -> int:
    meter.what = kind.name.replace("_", " ")
    return snapshots.write(snapshot, kind, folder, is_narrowed=is_narrowed, progress=meter)


def _manifest(wanted: list[Kind], *, of: str, since: datetime | None, with_files: bool) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "product": "regulars",
        "product_version": _version(),
        "house": of,
        "made_at": clock.now().isoformat(),
        "since": since.isoformat() if since else None,
        "has_attachments": with_files,
        "kinds": {kind.name: list(kind.fields) for kind in wanted},
    }


def _version() -> str:
    try:
        return version("regulars")
    except PackageNotFoundError:
        return "unknown"


def _copy_files(snapshot: Connection[Any], folder: Folder, meter: Meter, is_narrowed: bool) -> dict[str, Any]:
    """Every file once, under its digest; the ones that are not there, or are not what they were, are named."""
    count, size, missing = 0, 0, []
    for digest in _digests(snapshot, is_narrowed):
        copied = _copy(digest, folder)
        if copied is None:
            missing.append(digest)
        else:
            count, size = count + 1, size + copied
        meter(1)
    return {"count": count, "bytes": size, "missing": missing}


def _copy(digest: str, folder: Folder) -> int | None:
    target = folder.partial / "attachments" / digest[:2] / digest
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with files.path(digest).open("rb") as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy, BLOCK)
        with target.open("rb") as copy:
            is_whole = hashlib.file_digest(copy, "sha256").hexdigest() == digest
    except (FileNotFoundError, ValueError):
        is_whole = False
    if not is_whole:
        target.unlink(missing_ok=True)
        return None
    return target.stat().st_size


def _digests(snapshot: Connection[Any], is_narrowed: bool) -> Iterator[str]:
    query = f"SELECT DISTINCT f.digest {_from(is_narrowed)} ORDER BY f.digest"
    with snapshot.cursor("regulars_files") as cursor:
        cursor.itersize = 1_000
        for (digest,) in cursor.execute(query):  # type: ignore[arg-type]  # made of our own constants
            yield digest


def _count_of_files(snapshot: Connection[Any], is_narrowed: bool) -> int:
    return snapshots.count(snapshot, f"SELECT count(DISTINCT f.digest) {_from(is_narrowed)}")


def _from(is_narrowed: bool) -> str:
    return f"FROM {FILES} WHERE {FILES_LATELY}" if is_narrowed else f"FROM {FILES}"

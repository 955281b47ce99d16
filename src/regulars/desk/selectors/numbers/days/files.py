"""Days on disk: a line that says where each column lies, then the columns; mapped, so only what is asked is read."""

import json
import mmap
import os
import threading
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import structlog
from django.conf import settings

from regulars.desk.selectors.numbers.days.columns import COLUMNS
from regulars.desk.selectors.numbers.days.reading import Day

FOLDER: Final = "numbers"
SHAPE: Final = 2  # another one when the columns change: files of the old shape are not found
_ALIGNED: Final = 8
log = structlog.get_logger("regulars.desk")


def find(day: date, version: str) -> Day | None:
    """The day as it was kept with just these marks, or None."""
    try:
        with _path(day, version).open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # not there, or just replaced
        return None
    size = int.from_bytes(mapped[:8], "little")
    said = json.loads(mapped[8 : 8 + size])
    found = {
        row: {
            name: np.frombuffer(mapped, COLUMNS[row][name].kept, count, 8 + size + place)
            for name, (count, place) in places.items()
        }
        for row, places in said["columns"].items()
    }
    return Day(version, said["latest"], said["words"], found)


def keep(day: date, kept: Day) -> None:
    """Keep a day in place of its elder. One that cannot be kept is read again next time: only the log says so."""
    path = _path(day, kept.version)
    beside = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.writing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(_written(kept))
        beside.rename(path)
    except OSError as fault:
        log.warning("a day of the figures could not be kept", day=str(day), reason=str(fault))
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    forget_elders(day, besides=kept.version)


def forget_elders(day: date, *, besides: str = "") -> None:
    """Remove every file of a day but the one with these marks."""
    for path in _folder().glob(f"{day}.*"):
        if path.name != _name(day, besides) and path.suffix != ".writing":
            path.unlink(missing_ok=True)


def days_there() -> set[date]:
    """Every day that has a file of any marks."""
    return {date.fromisoformat(path.name[:10]) for path in _folder().glob("????-??-??.*")}


def _written(kept: Day) -> bytes:
    places: dict[str, dict[str, tuple[int, int]]] = {row: {} for row in kept.columns}
    parts, place = [], 0
    for row, each in kept.columns.items():
        for name, array in each.items():
            places[row][name] = (len(array), place)
            parts.append(array.tobytes().ljust(_up(array.nbytes), b"\0"))
            place += len(parts[-1])
    said = json.dumps({"words": kept.words, "latest": kept.latest, "columns": places}).encode()
    said = said.ljust(_up(len(said)))
    return b"".join([len(said).to_bytes(8, "little"), said, *parts])


def _up(place: int) -> int:
    return -(-place // _ALIGNED) * _ALIGNED


def _folder() -> Path:
    return Path(settings.DATA) / FOLDER


def _name(day: date, version: str) -> str:
    return f"{day}.{version}.{SHAPE}.day"


def _path(day: date, version: str) -> Path:
    return _folder() / _name(day, version)

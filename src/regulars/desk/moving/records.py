"""The records of an export in JSON or JSON lines, set on a shelf: found by kind and id, and read when they are needed.

What is on the shelf lies in a file of its own that goes with it; in memory is only where each record lies.
"""

import json
import math
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regulars.desk.moving.forms import Matter, Misfit, NotAnArchive

ENDINGS = (".json", ".jsonl", ".ndjson")
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a record belongs: its kind, its id, and for parts the id of the whole."""

    kind: str
    id: str
    of: str = ""


# What a record is, by what is in it and by the name it came under (the key of a list, or the file's).
Sorter = Callable[[Record, str], Slot | None]
# Which account of the old desk a record says it is of; empty where it does not say.
Sayer = Callable[[Record], str]


class Shelf:
    """Every record of an export; of two with one id the fuller stays."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as the shelf
        self._at: dict[str, dict[str, tuple[int, int]]] = {}
        self._parts: dict[tuple[str, str], dict[str, None]] = {}
        self.misfits: list[Misfit] = []
        self.accounts: dict[str, None] = {}  # those its records say they are of, each once

    def put(self, slot: Slot, record: Record) -> None:
        """Set a record in its place."""
        text = json.dumps(record).encode()
        known = self._at.setdefault(slot.kind, {})
        if slot.of:
            self._parts.setdefault((slot.kind, slot.of), {})[slot.id] = None
        if slot.id in known and known[slot.id][1] >= len(text):
            return
        known[slot.id] = (self._file.seek(0, 2), len(text))
        self._file.write(text)

    def count(self, kind: str) -> int:
        return len(self._at.get(kind, ()))

    def get(self, kind: str, number: Any) -> Record:
        """One record, or an empty one."""
        at = self._at.get(kind, {}).get(str(number))
        if at is None:
            return {}
        self._file.seek(at[0])
        return json.loads(self._file.read(at[1]))

    def all(self, kind: str) -> Iterator[Record]:
        """Every record of a kind, in order of their first coming."""
        return (self.get(kind, number) for number in list(self._at.get(kind, ())))

    def parts(self, kind: str, of: Any) -> list[Record]:
        """The records that belong to a whole."""
        return [self.get(kind, number) for number in self._parts.get((kind, str(of)), ())]


def shelved(path: Path, *, sort: Sorter, says: Sayer) -> Shelf:
    """Go once through an export's files and set every record that is known on the shelf."""
    shelf = Shelf()
    found = sorted(each for each in path.rglob("*") if each.suffix.lower() in ENDINGS) if path.is_dir() else [path]
    for file in found:
        if not file.is_symlink():
            for name, record in _records(file, shelf.misfits):
                slot = sort(record, name)
                if slot is not None and slot.id not in ("", "None"):
                    shelf.put(slot, record)
                    if account := says(record):
                        shelf.accounts[account] = None
    return shelf


def demand(shelf: Shelf, kind: str, *, path: Path, called: str) -> Shelf:
    """The shelf, unless nothing of this kind is on it."""
    if not shelf.count(kind):
        raise NotAnArchive(f"{path} holds no conversations as {called} exports them.")
    return shelf


def _records(file: Path, misfits: list[Misfit]) -> Iterator[tuple[str, Record]]:
    for document in _documents(file, misfits):
        yield from _unwrapped(document, file.stem)


def _unwrapped(document: Any, name: str) -> Iterator[tuple[str, Record]]:
    """A list's records, those of the lists of a page of an answer, or the record itself."""
    if isinstance(document, list):
        for each in document:
            yield from _unwrapped(each, name)
    elif isinstance(document, dict):
        lists = _lists(document)
        if lists:
            for key, each in lists:
                yield from _unwrapped(each, name if key in ("data", "payload", "results") else key)
        else:
            yield name, document


# Under which names answers hold their lists.
_NAMES = frozenset(
    {
        "tickets", "users", "organizations", "groups", "ticket_fields", "comments", "contacts", "companies", "agents",
        "conversations", "admins", "teams", "threads", "customers", "mailboxes", "messages", "payload",
        "data", "results",
    }
)  # fmt: skip


def _lists(document: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Lists of records in an answer's page; a record of its own has an id, and its lists are its own."""
    if "id" in document:
        return []
    inside = document.get("_embedded", document)
    if len(document) == 1 and isinstance(only := next(iter(document.values())), dict) and "id" in only:
        return [(next(iter(document)), [only])]
    if not isinstance(inside, dict):
        return []
    found = [(key, each) for key, each in inside.items() if key in _NAMES and isinstance(each, list | dict)]
    return [(key, each) for key, each in found if isinstance(each, list) or _lists(each)]


def _documents(file: Path, misfits: list[Misfit]) -> Iterator[Any]:
    """One document, or one on each line: known by the first line, which is whole or is not."""
    with file.open("rb") as lines:
        first = next((line for line in lines if line.strip()), b"")
        has_more = any(line.strip() for line in lines)
    if has_more and _read(first) is not None:
        yield from _lines(file, misfits)
        return
    document = _read(file.read_bytes())
    if document is None:
        misfits.append(Misfit(file.name, "unreadable"))
    else:
        yield document


def _lines(file: Path, misfits: list[Misfit]) -> Iterator[Any]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                document = _read(line)
                if document is None:
                    misfits.append(Misfit(f"{file.name} line {number}", "unreadable"))
                else:
                    yield document


def _read(text: bytes) -> Any:
    try:
        return json.loads(text.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None


def told(
    found: Iterable[Record], tell: Callable[[Record], Matter | Misfit], *, called: str
) -> Iterator[Matter | Misfit]:
    """Each record told by its reader; one that is no such thing at all costs only itself."""
    for one in found:
        try:
            yield tell(one)
        except (TypeError, ValueError, AttributeError, KeyError, RecursionError):
            yield Misfit(f"{called} {words(one.get('id'))}", "unreadable")


def records(said: Any) -> list[Record]:
    """What should be a list of records, whatever stands there."""
    return [each for each in said if isinstance(each, dict)] if isinstance(said, list) else []


def record(said: Any) -> Record:
    """What should be a record, whatever stands there."""
    return said if isinstance(said, dict) else {}


def harmless(said: Any, *, deepest: int = 20) -> Any:
    """JSON of a file as a database takes it: without the letter no text may hold, and not without bottom."""
    if isinstance(said, str):
        return said.replace("\x00", "").encode("utf-8", "replace").decode()
    if deepest and isinstance(said, dict):
        return {str(name).replace("\x00", ""): harmless(each, deepest=deepest - 1) for name, each in said.items()}
    if deepest and isinstance(said, list):
        return [harmless(each, deepest=deepest - 1) for each in said]
    if isinstance(said, float) and not math.isfinite(said):
        return None
    return None if isinstance(said, dict | list) else said


def words(said: Any) -> str:
    """What should be a text, whatever stands there."""
    return said if isinstance(said, str) else "" if said is None or isinstance(said, dict | list) else str(said)


def names(said: Any) -> list[str]:
    """What should be a list of texts."""
    return [words(each) for each in said if words(each)] if isinstance(said, list) else []

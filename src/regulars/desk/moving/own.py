"""Regulars itself: the folder that `regulars move out` writes, in JSON lines (see docs/reference/move-out.md).

Conversations come with all that was said and done in them and what they belong with; customers with how they are
recognised, what they agreed to and what happened to them; and the desk as it was set up. Whatever else lies in the
export is named in the report, file by file.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from regulars.desk.moving.forms import Archive, Misfit, NotAnArchive, SetUp
from regulars.desk.moving.own_reading import FACTS, Reading
from regulars.desk.moving.records import Record, Shelf, Slot, demand, record, words

# How the desk was set up, in the order in which it is set up here.
SET_UP: Final = (
    "settings", "teams", "channels", "companies", "customer_labels", "labels", "fields", "macros", "views", "rules",
    "routes", "seats", "targets", "suppressed_addresses",
)  # fmt: skip
_HOUSE: Final = re.compile(r"[0-9a-z-]{8,64}")
_OF_A_CONVERSATION: Final = ("steps", "firings", "routed", "side_conversations")
_FILES: Final = (
    "agents", "customers", "conversations", "messages", "notes", "attachments", "side_messages", "sources", "links",
    "merges", *SET_UP, *_OF_A_CONVERSATION,
)  # fmt: skip


def archive(path: Path, is_ours: Callable[[str], bool]) -> Archive:
    """Look through an export; the files that are not needed are not read."""
    if not (path / "manifest.json").is_file():
        raise NotAnArchive(f"{path} is no export of Regulars: it has no manifest.json.")
    shelf = Shelf()
    for name in _FILES:
        _shelve(shelf, path / f"{name}.jsonl", name)
    demand(shelf, "conversations", path=path, called="Regulars")
    shelf.misfits += _left(path)
    reading = Reading(shelf, path)
    return Archive(
        total=shelf.count("conversations"),
        matters=reading.matters,
        people=reading.people,
        set_up=SetUp(rows={name: list(shelf.all(name)) for name in (*SET_UP, "agents")}),
        happenings=reading.happenings,
        ties=reading.ties,
        house=_house(path),
    )


def _house(path: Path) -> str:
    """Which installation it is from; empty where the export is older than their names."""
    try:
        name = words(record(json.loads((path / "manifest.json").read_bytes())).get("house"))
    except (OSError, ValueError, RecursionError):
        return ""
    return name if _HOUSE.fullmatch(name) else ""


def _left(path: Path) -> Iterator[Misfit]:
    """What lies in the export and is not brought in, file by file."""
    for file in sorted(path.glob("*.jsonl")):
        if file.stem in (*_FILES, FACTS, "customer_merges") or file.is_symlink():
            continue
        with file.open("rb") as lines:
            if count := sum(1 for line in lines if line.strip()):
                yield Misfit(file.name, "stays", f"{count} lines")


def _shelve(shelf: Shelf, file: Path, name: str) -> None:
    if not file.is_file():
        return
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                one = record(json.loads(line))
                shelf.put(_slot(one, name, number), one)
            except (ValueError, RecursionError):
                shelf.misfits.append(Misfit(f"{file.name} line {number}", "unreadable"))


def _slot(one: Record, name: str, number: int) -> Slot:
    """Customers that were merged belong to the one that is shown, messages to their conversation, files to theirs."""
    if name in ("messages", "notes"):
        return Slot("said", words(one.get("id")), words(one.get("conversation_id")))
    if name in _OF_A_CONVERSATION:
        return Slot(name, words(one.get("id")), words(one.get("conversation_id")))
    if name == "side_messages":
        return Slot(name, words(one.get("id")), words(one.get("side_conversation_id")))
    if name == "attachments":
        return Slot("files", str(number), f"{words(one.get('of'))}:{words(one.get('message_id'))}")
    if name in ("agents", "teams", "companies"):
        return Slot(name, words(one.get("id")))
    if name in (*SET_UP, "links", "merges"):
        return Slot(name, str(number))
    if name == "customers" and one.get("merged_into_id") is not None:
        return Slot(f"merged {name}", words(one.get("id")), words(one["merged_into_id"]))
    return Slot(name, words(one.get("id")))

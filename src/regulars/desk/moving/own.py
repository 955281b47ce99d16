"""Regulars itself: the folder that `regulars move out` writes, in JSON lines (see docs/reference/move-out.md).

Conversations come with their messages, notes, files, labels, fields, ends and side conversations; customers with
how they are recognised and what happened to them; of how the desk was set up labels, fields and macros. What was
merged stays merged. Whatever else lies in the export is named in the report, file by file.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from regulars.desk.moving.forms import (
    AGENT,
    BOT,
    OPEN,
    OUTSIDE,
    RESOLVED,
    WAITING,
    Archive,
    Aside,
    Enclosed,
    Happening,
    Matter,
    Misfit,
    NotAnArchive,
    Person,
    SetUp,
    Turn,
)  # fmt: skip
from regulars.desk.moving.moments import moment
from regulars.desk.moving.records import Record, Shelf, Slot, demand, names, record, records, told, words

_STATUSES: Final = {"open": OPEN, "waiting": WAITING, "snoozed": OPEN, "resolved": RESOLVED}
_FILES: Final = (
    "teams", "agents", "customers", "conversations", "messages", "notes", "attachments", "side_conversations",
    "side_messages", "labels", "fields", "macros", "sources",
)  # fmt: skip
FACTS: Final = "facts"


def archive(path: Path, is_ours: Callable[[str], bool]) -> Archive:
    """Look through an export; the files that are not needed are not read."""
    if not (path / "manifest.json").is_file():
        raise NotAnArchive(f"{path} is no export of Regulars: it has no manifest.json.")
    shelf = Shelf()
    for name in _FILES:
        _shelve(shelf, path / f"{name}.jsonl", name)
    demand(shelf, "conversations", path=path, called="Regulars")
    shelf.misfits += _left(path)
    reading = _Reading(shelf, path)
    return Archive(
        total=shelf.count("conversations"),
        matters=reading.matters,
        people=reading.people,
        set_up=reading.set_up(),
        happenings=reading.happenings,
    )


def _left(path: Path) -> Iterator[Misfit]:
    """What lies in the export and is not brought in, file by file."""
    for file in sorted(path.glob("*.jsonl")):
        if file.stem in (*_FILES, FACTS) or file.is_symlink():
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
    """Merged ones belong to the one that is shown, messages to their conversation, files to their message."""
    if name in ("messages", "notes"):
        return Slot("said", words(one.get("id")), words(one.get("conversation_id")))
    if name == "side_conversations":
        return Slot(name, words(one.get("id")), words(one.get("conversation_id")))
    if name == "side_messages":
        return Slot(name, words(one.get("id")), words(one.get("side_conversation_id")))
    if name in ("fields", "macros", "labels"):
        return Slot(name, str(number))
    if name == "attachments":
        return Slot("files", str(number), f"{words(one.get('of'))}:{words(one.get('message_id'))}")
    if one.get("merged_into_id") is not None:
        return Slot(f"merged {name}", words(one.get("id")), words(one["merged_into_id"]))
    return Slot(name, words(one.get("id")))


class _Reading:
    def __init__(self, shelf: Shelf, path: Path) -> None:
        self.shelf, self.path = shelf, path

    def people(self) -> Iterator[Person]:
        return (self._customer(one) for one in self.shelf.all("customers") if one.get("known_at"))

    def matters(self) -> Iterator[Matter | Misfit]:
        yield from self.shelf.misfits
        yield from told(self.shelf.all("conversations"), self._matter, called="conversation")

    def _matter(self, one: Record) -> Matter | Misfit:
        where = f"conversation {words(one['id'])}"
        family = [one, *self.shelf.parts("merged conversations", one["id"])]
        said = [each for held in family for each in self.shelf.parts("said", held["id"]) if not each.get("removed_at")]
        turns = [self._turn(each) for each in said]
        assignee = self.shelf.get("agents", one.get("assignee_id"))
        return Matter(
            key=words(one["id"]),
            where=where,
            customer=self._person(one.get("customer_id"), ""),
            subject=words(one.get("subject")),
            turns=[turn for turn in turns if turn],
            status=_STATUSES.get(words(one.get("status"))),
            ended_at=moment(one.get("resolved_at")),
            priority=one["priority"] if one.get("priority") in (1, 2, 3, 4) else None,
            labels=names(one.get("labels")),
            assignee=_colleague(assignee) if assignee else None,
            team=words(self.shelf.get("teams", one.get("team_id")).get("name")),
            is_spam=bool(one.get("spam_at")),
            fields=record(one.get("fields")),
            sides=[self._aside(each) for held in family for each in self.shelf.parts("side_conversations", held["id"])],
            misfits=[] if all(turns) else [Misfit(where, "no time")],
        )

    def set_up(self) -> SetUp:
        """Labels, fields and macros, with whom the numbers in them mean."""
        return SetUp(
            labels=list(self.shelf.all("labels")),
            fields=list(self.shelf.all("fields")),
            macros=list(self.shelf.all("macros")),
            agents={words(one["id"]): words(one.get("email")) for one in self.shelf.all("agents")},
            teams={words(one["id"]): words(one.get("name")) for one in self.shelf.all("teams")},
        )

    def happenings(self) -> Iterator[Happening | Misfit]:
        """What happened to customers we know. What the product itself logged follows from the conversations."""
        ours = {words(one["id"]) for one in self.shelf.all("sources") if one.get("kind") == "product"}
        file, visitors = self.path / f"{FACTS}.jsonl", 0
        if not file.is_file() or file.is_symlink():
            return
        with file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                one = record(_read(line))
                at = moment(one.get("occurred_at"))
                if words(one.get("source_id")) in ours:
                    continue
                if at is None or not words(one.get("name")) or not words(one.get("message_id")):
                    yield Misfit(f"{file.name} line {number}", "unreadable")
                elif not self._is_known(one.get("customer_id")):
                    visitors += 1
                else:
                    yield _happening(one, at, self._person(one.get("customer_id"), ""))
        if visitors:
            yield Misfit(file.name, "visitors", f"{visitors} facts")

    def _aside(self, one: Record) -> Aside:
        said = [each for each in self.shelf.parts("side_messages", one["id"]) if not each.get("removed_at")]
        turns = [self._turn(each, files="side_message") for each in said]
        return Aside(
            key=words(one["id"]),
            subject=words(one.get("subject")),
            turns=[turn for turn in turns if turn],
            participants=records(one.get("participants")),
            done_at=moment(one.get("done_at")),
        )

    def _turn(self, one: Record, *, files: str = "message") -> Turn | None:
        at = moment(one.get("at"))
        if at is None:
            return None
        return Turn(
            at=at,
            by=self._author(one),
            text=words(one.get("text")),
            html=words(one.get("html")),
            quoted=words(one.get("quoted")),
            signature=words(one.get("signature")),
            is_note="mentions" in one,
            recipients={role: records(there) for role, there in record(one.get("recipients")).items()},
            files=[self._file(each) for each in self.shelf.parts("files", f"{files}:{words(one['id'])}")],
            external_id=words(one.get("external_id")),
            automatic_reason=words(one.get("automatic_reason")),
        )

    def _author(self, one: Record) -> Person:
        kind, name = words(one.get("author_kind")), words(one.get("author_name"))
        if kind == "customer":
            return self._person(one.get("author_id"), name)
        if kind == OUTSIDE:
            return Person(kind=OUTSIDE, name=name, email=words(one.get("author_address")))
        if kind == "agent":
            known = self.shelf.get("agents", one.get("author_id"))
            return _colleague({"name": name or words(known.get("name")), "email": words(known.get("email"))})
        return Person(kind=BOT, name=name or kind)

    def _person(self, number: object, name: str) -> Person:
        """A customer, or who they turned out to be."""
        one = self.shelf.get("customers", number)
        for _step in range(20):
            merged = {} if one else self.shelf.get("merged customers", number)
            if not merged:
                break
            number = merged["merged_into_id"]
            one = self.shelf.get("customers", number)
        return self._customer(one) if one else Person(key=f"unknown:{words(number)}", name=name)

    def _is_known(self, number: object) -> bool:
        """Whether somebody, or who they turned out to be, said who they are."""
        seen = 0
        while (merged := self.shelf.get("merged customers", number)) and seen < 20:
            number, seen = merged["merged_into_id"], seen + 1
        return bool(self.shelf.get("customers", number).get("known_at"))

    def _customer(self, one: Record) -> Person:
        ways = records(one.get("identities"))
        for merged in self.shelf.parts("merged customers", one.get("id")):
            ways += records(merged.get("identities"))
        emails = [words(way.get("value")) for way in ways if way.get("kind") == "email"]
        own = [words(way.get("value")) for way in ways if way.get("kind") == "external"]
        return Person(
            key=words(one["id"]),
            name=words(one.get("name")),
            email=words(one.get("email")) or next(iter(emails), ""),
            emails=emails,
            phone=words(one.get("phone")),
            external_id=next(iter(own), ""),
            language=words(one.get("language")),
            time_zone=words(one.get("time_zone")),
            attributes=record(one.get("attributes")),
            since=moment(one.get("known_at") or one.get("created_at")),
        )

    def _file(self, one: Record) -> Enclosed:
        """The bytes lie under their digest and nowhere else, whatever the line says."""
        digest = words(one.get("sha256"))
        is_one = len(digest) == 64 and set(digest) <= set("0123456789abcdef")
        return Enclosed(
            name=words(one.get("name")) or "file",
            type=words(one.get("type")) or "application/octet-stream",
            path=self.path / "attachments" / digest[:2] / digest if is_one else None,
            content_id=words(one.get("content_id")),
            is_inline=one.get("is_inline") is True,
        )


def _colleague(one: Record) -> Person:
    return Person(kind=AGENT, name=words(one.get("name")), email=words(one.get("email")))


def _read(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _happening(one: Record, at: datetime, to: Person) -> Happening:
    is_assumed = one.get("is_recorded_assumed") is True
    return Happening(
        key=f"{words(one.get('source_id'))}:{words(one['message_id'])}",
        to=to,
        name=words(one["name"]),
        at=at,
        recorded_at=None if is_assumed else moment(one.get("recorded_at")),
        properties=record(one.get("properties")),
        is_trusted=one.get("is_trusted") is not False,
    )

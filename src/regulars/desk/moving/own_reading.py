"""What an export of Regulars says, record by record, as the forms that are moved in."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from regulars.desk.moving.forms import (
    AGENT,
    BOT,
    OPEN,
    OURSELVES,
    OUTSIDE,
    RESOLVED,
    WAITING,
    Aside,
    Enclosed,
    Happening,
    Matter,
    Misfit,
    Past,
    Person,
    Tie,
    Turn,
)  # fmt: skip
from regulars.desk.moving.moments import moment
from regulars.desk.moving.records import Record, Shelf, harmless, names, record, records, told, words

FACTS: Final = "facts"
_STATUSES: Final = {"open": OPEN, "waiting": WAITING, "snoozed": OPEN, "resolved": RESOLVED}
_TIES: Final = (("link", "links", "conversation_id", "other_id"), ("merge", "merges", "kept_id", "merged_id"))


class Reading:
    def __init__(self, shelf: Shelf, path: Path) -> None:
        self.shelf, self.path = shelf, path

    def people(self) -> Iterator[Person]:
        return (self._customer(one) for one in self.shelf.all("customers") if one.get("known_at"))

    def matters(self) -> Iterator[Matter | Misfit]:
        yield from self.shelf.misfits
        yield from told(self.shelf.all("conversations"), self._matter, called="conversation")

    def _matter(self, one: Record) -> Matter | Misfit:
        where = f"conversation {words(one['id'])}"
        said = sorted(self.shelf.parts("said", one["id"]), key=_number)
        turns = [self._turn(each) for each in said if not each.get("removed_at")]
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
            sides=[self._aside(each) for each in self.shelf.parts("side_conversations", one["id"])],
            channel=words(one.get("channel_id")),
            past=self._past(one),
            misfits=[] if all(turns) else [Misfit(where, "no time")],
        )

    def _past(self, one: Record) -> Past:
        return Past(
            stands=harmless(one),
            steps=[harmless(each) for each in sorted(self.shelf.parts("steps", one["id"]), key=_number)],
            firings=[harmless(each) for each in self.shelf.parts("firings", one["id"])],
            routed=[harmless(each) for each in self.shelf.parts("routed", one["id"])],
        )

    def ties(self) -> Iterator[Tie]:
        """Which conversations belong together; one that was joined without saying when was joined in the end."""
        told_of: set[str] = set()
        for kind, name, first, second in _TIES:
            for said in self.shelf.all(name):
                one, other = words(said.get(first)), words(said.get(second))
                if one and other:
                    told_of |= {other} if kind == "merge" and not said.get("undone_at") else set()
                    yield Tie(kind=kind, one=one, other=other, said=harmless(said))
        for held in self.shelf.all("conversations"):
            into, number = words(held.get("merged_into_id")), words(held.get("id"))
            if into and number not in told_of:
                yield Tie(kind="merge", one=into, other=number, said={"at": held.get("last_at"), "actor": "system"})

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
        there = sorted(self.shelf.parts("side_messages", one["id"]), key=_number)
        said = [each for each in there if not each.get("removed_at")]
        turns = [self._turn(each, files="side_message") for each in said]
        return Aside(
            key=words(one["id"]),
            subject=words(one.get("subject")),
            turns=[turn for turn in turns if turn],
            participants=records(one.get("participants")),
            done_at=moment(one.get("done_at")),
            done_by=words(one.get("done_by")),
            created_at=moment(one.get("created_at")),
            channel=words(one.get("channel_id")),
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
            is_automatic=one.get("is_automatic") is True,
            number=words(one.get("id")),
            subject=words(one.get("subject")),
            channel=words(one.get("channel_id")),
            state=words(one.get("state")),
            mentioned=names(one.get("mentions")),
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
        return Person(kind=kind, name=name) if kind in OURSELVES else Person(kind=BOT, name=name or kind)

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
            company=words(self.shelf.get("companies", one.get("company_id")).get("external_id")),
            labels=names(one.get("labels")),
            consents=records(harmless(one.get("consents"))),
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


def _number(one: Record) -> int:
    number = words(one.get("id"))
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0


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

"""Intercom: conversations with their parts, contacts, companies, admins and teams, as its API gives them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from regulars.desk.moving.bodies import text_of
from regulars.desk.moving.forms import AGENT, BOT, OPEN, RESOLVED, Archive, Enclosed, Matter, Misfit, Person, Turn
from regulars.desk.moving.moments import moment
from regulars.desk.moving.reading import Reading
from regulars.desk.moving.records import Record, Slot, names, record, records, words

# What a contact gets to read; every other part with words in it is between colleagues.
_SHOWN: Final = frozenset({"comment", "quick_reply", "open", "close", "conversation", "message"})
_CONTACTS: Final = frozenset({"contact", "user", "lead", "visitor"})


def archive(path: Path, is_ours: Callable[[str], bool]) -> Archive:
    """Look through what was fetched."""
    return _Reading.archive(path, sort=sort, says=says)


def sort(one: Record, name: str) -> Slot | None:
    """What a record is, as its `type` says."""
    kind, number = words(one.get("type")), words(one.get("id"))
    if kind in _CONTACTS:
        return Slot("contact", number) if kind == "contact" or "email" in one else None
    return Slot(kind, number) if kind in ("conversation", "admin", "team", "company") else None


def says(one: Record) -> str:
    """The workspace: contacts name it, and whoever fetched as themselves (`/me`) the application."""
    return words(one.get("workspace_id") or one.get("app_id") or record(one.get("app")).get("id_code"))


class _Reading(Reading):
    CALLED, MATTERS, PEOPLE = "Intercom", "conversation", "contact"

    def matter(self, one: Record) -> Matter | Misfit:
        where, source = f"conversation {words(one['id'])}", record(one.get("source"))
        first = next(iter(records(record(one.get("contacts")).get("contacts"))), record(source.get("author")))
        if not first or words(first.get("type")) not in _CONTACTS:
            return Misfit(where, "nobody", words(one.get("title") or source.get("subject")))
        customer = self._person(first)
        parts = records(record(one.get("conversation_parts")).get("conversation_parts"))
        said = [self._turn({**source, "created_at": one.get("created_at"), "part_type": "comment"}, customer)]
        said += [self._turn(part, customer) for part in parts if words(part.get("body")) or part.get("attachments")]
        is_over = words(one.get("state")) == "closed"
        admin = self.shelf.get("admin", one.get("admin_assignee_id"))
        team = self.shelf.get("team", one.get("team_assignee_id"))
        return Matter(
            key=words(one["id"]),
            where=where,
            customer=customer,
            subject=words(one.get("title")) or text_of(words(source.get("subject"))),
            turns=[turn for turn in said if turn],
            status=RESOLVED if is_over else OPEN,
            ended_at=_ended_at(one, parts) if is_over else None,
            priority=2 if words(one.get("priority")) == "priority" else None,
            labels=[words(tag.get("name")) for tag in records(record(one.get("tags")).get("tags"))],
            assignee=_colleague(admin) if admin else None,
            team=words(team.get("name")),
            fields=dict(_fields(one)),
            misfits=[] if all(said) else [Misfit(where, "no time")],
        )

    def _turn(self, part: Record, customer: Person) -> Turn | None:
        at, html = moment(part.get("created_at")), words(part.get("body"))
        if at is None:
            return None
        author = record(part.get("author"))
        is_contact = words(author.get("type")) in _CONTACTS
        by = self._person(author) if is_contact else self._colleague(author)
        return Turn(
            at=at,
            by=customer if by.key and by.key == customer.key else by,
            text=text_of(html),
            html=html,
            is_note=words(part.get("part_type")) not in _SHOWN and not is_contact,
            files=[self._file(each) for each in records(part.get("attachments"))],
        )

    def _file(self, one: Record) -> Enclosed:
        mime, size = one.get("content_type"), one.get("filesize")
        return self.enclosures.of(one.get("id"), name=one.get("name"), mime=mime, url=one.get("url"), size=size)

    def _colleague(self, author: Record) -> Person:
        return _colleague({**author, **self.shelf.get("admin", author.get("id"))})

    def _person(self, author: Record) -> Person:
        return self.person({**author, **self.shelf.get("contact", author.get("id"))})

    def person(self, one: Record) -> Person:
        company = next(iter(records(record(one.get("companies")).get("data"))), {})
        known = self.shelf.get("company", company.get("id"))
        return Person(
            key=f"contact {words(one.get('id'))}",
            name=words(one.get("name")),
            email=words(one.get("email")),
            phone=words(one.get("phone")),
            external_id=words(one.get("external_id")),
            company=words(known.get("name") or company.get("name")),
            language=words(one.get("language_override") or one.get("language")),
            attributes=record(one.get("custom_attributes")),
            since=moment(one.get("signed_up_at") or one.get("created_at")),
        )


def _colleague(one: Record) -> Person:
    kind = BOT if words(one.get("type")) == "bot" else AGENT
    return Person(kind=kind, name=words(one.get("name")) or "Intercom", email=words(one.get("email")))


def _ended_at(one: Record, parts: list[Record]) -> datetime | None:
    said = [moment(record(one.get("statistics")).get("last_close_at"))]
    said += [moment(part.get("created_at")) for part in parts if words(part.get("part_type")) == "close"]
    return max((at for at in said if at), default=None)


def _fields(one: Record) -> Iterator[tuple[str, str]]:
    for name, value in record(one.get("custom_attributes")).items():
        if value is not None and value is not False and (words(value) or names(value)):
            yield name, words(value) or ", ".join(names(value))

"""Zendesk: tickets with comments, users, organizations, groups and ticket fields, as its JSON export has them."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from regulars.desk.moving import hosts
from regulars.desk.moving.bodies import text_of
from regulars.desk.moving.enclosures import Enclosures
from regulars.desk.moving.forms import (
    AGENT,
    BOT,
    OPEN,
    RESOLVED,
    WAITING,
    Archive,
    Enclosed,
    Matter,
    Misfit,
    Person,
    Turn,
)
from regulars.desk.moving.moments import moment
from regulars.desk.moving.records import Record, Shelf, Slot, demand, names, record, records, shelved, told, words

_STATUSES: Final = {
    "new": OPEN, "open": OPEN, "pending": WAITING, "hold": WAITING, "solved": RESOLVED, "closed": RESOLVED,
}  # fmt: skip
_PRIORITIES: Final = {"urgent": 1, "high": 2, "normal": 3, "low": 4}
_SYSTEM: Final = Person(kind=BOT, name="Zendesk")


def archive(path: Path, is_ours: Callable[[str], bool]) -> Archive:
    """Look through an export."""
    shelf = demand(shelved(path, sort=sort, says=says), "ticket", path=path, called="Zendesk")
    reading = _Reading(shelf, Enclosures(path))
    return Archive(
        total=shelf.count("ticket"),
        matters=reading.matters,
        people=reading.people,
        accounts=tuple(shelf.accounts),
    )


def sort(one: Record, name: str) -> Slot | None:
    """What a record is."""
    number = words(one.get("id"))
    is_ticket = "requester_id" in one or (name.startswith("ticket") and "requester" in one)
    if is_ticket and not isinstance(one.get("status"), int):  # Freshdesk writes a number
        return Slot("ticket", number)
    if "author_id" in one and words(one.get("ticket_id")):
        return Slot("comment", number, words(one["ticket_id"]))
    if "role" in one and ("email" in one or "name" in one):
        return Slot("user", number)
    if name.startswith("organization") or "organization_fields" in one or "domain_names" in one:
        return Slot("organization", number)
    if name.startswith("ticket_field") or "raw_title" in one:
        return Slot("field", number)
    return Slot("group", number) if name.startswith("group") else None


def says(one: Record) -> str:
    """The subdomain in a record's own address; the host where the company has one of its own."""
    host = hosts.of(one.get("url")) if "/api/v2/" in words(one.get("url")) else ""
    return host.removesuffix(".zendesk.com")


class _Reading:
    def __init__(self, shelf: Shelf, enclosures: Enclosures) -> None:
        self.shelf, self.enclosures = shelf, enclosures

    def people(self) -> Iterator[Person]:
        return (self._person(one) for one in self.shelf.all("user") if one.get("role") == "end-user")

    def matters(self) -> Iterator[Matter | Misfit]:
        yield from self.shelf.misfits
        yield from told(self.shelf.all("ticket"), self._matter, called="ticket")

    def _matter(self, ticket: Record) -> Matter | Misfit:
        where = f"ticket {words(ticket['id'])}"
        if ticket.get("status") == "deleted":
            return Misfit(where, "not moved", "a deleted ticket")
        customer = self._named(ticket.get("requester_id"), ticket.get("requester"))
        if customer is None:
            return Misfit(where, "nobody", words(ticket.get("subject")))
        comments = records(ticket.get("comments")) or self.shelf.parts("comment", ticket["id"])
        turns, misfits = self._turns(comments, customer, where)
        first = moment(ticket.get("created_at"))
        if not comments and first:
            turns = [Turn(at=first, by=_as_customer(customer), text=words(ticket.get("description")))]
        assignee = self._named(ticket.get("assignee_id"), ticket.get("assignee"))
        group = record(ticket.get("group")) or self.shelf.get("group", ticket.get("group_id"))
        return Matter(
            key=words(ticket["id"]),
            where=where,
            customer=_as_customer(customer),
            subject=words(ticket.get("subject")),
            turns=turns,
            status=_STATUSES.get(words(ticket.get("status")), OPEN),
            ended_at=moment(record(ticket.get("metric_set")).get("solved_at")),
            priority=_PRIORITIES.get(words(ticket.get("priority"))),
            labels=names(ticket.get("tags")),
            assignee=assignee,
            team=words(group.get("name")),
            is_spam=ticket.get("status") == "suspended",
            fields=dict(self._fields(ticket)),
            misfits=misfits,
        )

    def _turns(self, comments: Iterable[Record], customer: Person, where: str) -> tuple[list[Turn], list[Misfit]]:
        turns: list[Turn] = []
        misfits: list[Misfit] = []
        for one in comments:
            at = moment(one.get("created_at"))
            if at is None:
                misfits.append(Misfit(where, "no time", f"comment {words(one.get('id'))}"))
                continue
            author = self._named(one.get("author_id"), one.get("author")) or _SYSTEM
            html = words(one.get("html_body"))
            turns.append(
                Turn(
                    at=at,
                    by=_as_customer(author) if author.key == customer.key else author,
                    text=text_of(html, words(one.get("plain_body") or one.get("body"))),
                    html=html,
                    is_note=one.get("public") is False,
                    files=[self._file(each) for each in records(one.get("attachments"))],
                )
            )
        return turns, misfits

    def _file(self, one: Record) -> Enclosed:
        name, mime = one.get("file_name"), one.get("content_type")
        return self.enclosures.of(one.get("id"), name=name, mime=mime, url=one.get("content_url"), size=one.get("size"))

    def _fields(self, ticket: Record) -> Iterator[tuple[str, str]]:
        """Custom fields under their titles, and what has no place of its own here."""
        for one in records(ticket.get("custom_fields") or ticket.get("fields")):
            value = one.get("value")
            if value is None or value is False or value in ("", []):
                continue
            title = words(self.shelf.get("field", one.get("id")).get("title")) or f"Field {words(one.get('id'))}"
            yield title, ", ".join(names(value)) if isinstance(value, list) else words(value)
        if words(ticket.get("type")):
            yield "Type", words(ticket["type"])

    def _named(self, number: Any, inside: Any) -> Person | None:
        """Somebody by their number, or as the ticket itself holds them."""
        known = self.shelf.get("user", number) or record(inside)
        return self._person(known) if known else None

    def _person(self, one: Record) -> Person:
        company = record(one.get("organization")) or self.shelf.get("organization", one.get("organization_id"))
        return Person(
            kind=AGENT if one.get("role") in ("agent", "admin") else "customer",
            key=f"user {words(one.get('id'))}",
            name=words(one.get("name")),
            email=words(one.get("email")),
            phone=words(one.get("phone")),
            external_id=words(one.get("external_id")),
            company=words(company.get("name")),
            language=words(one.get("locale")),
            time_zone=words(one.get("iana_time_zone")),
            attributes={**record(one.get("user_fields")), "notes": one.get("notes"), "details": one.get("details")},
            since=moment(one.get("created_at")),
        )


def _as_customer(one: Person) -> Person:
    """An agent may ask something too; then, there, they are a customer."""
    return one if one.kind != AGENT else Person(key=one.key, name=one.name, email=one.email)

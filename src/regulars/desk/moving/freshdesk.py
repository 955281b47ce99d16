"""Freshdesk: tickets, their conversations, contacts, companies, agents and groups, as its API (v2) gives them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from regulars.desk.moving.bodies import text_of
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
from regulars.desk.moving.reading import Reading
from regulars.desk.moving.records import Record, Slot, names, record, records, words

_STATUSES: Final = {"2": OPEN, "3": WAITING, "4": RESOLVED, "5": RESOLVED}
_PRIORITIES: Final = {"1": 4, "2": 3, "3": 2, "4": 1}
_OUTBOUND: Final = 10  # a ticket's source: an agent wrote first
_SYSTEM: Final = Person(kind=BOT, name="Freshdesk")


def archive(path: Path, is_ours: Callable[[str], bool]) -> Archive:
    """Look through what was fetched."""
    return _Reading.archive(path, sort=sort, says=says)


def sort(one: Record, name: str) -> Slot | None:
    """What a record is: the API's lists name nothing, so it is seen from what it holds."""
    number = words(one.get("id"))
    if "incoming" in one and "ticket_id" in one:
        return Slot("turn", number, words(one["ticket_id"]))
    if "requester_id" in one and isinstance(one.get("status"), int):  # Zendesk writes a word
        return Slot("ticket", number)
    if "contact" in one and ("ticket_scope" in one or "occasional" in one):
        return Slot("agent", number)
    if "domains" in one:
        return Slot("company", number)
    if "escalate_to" in one or "unassigned_for" in one:
        return Slot("group", number)
    return Slot("contact", number) if "email" in one and "name" in one else None


def says(one: Record) -> str:
    """The subdomain of the address an answer left from, where it is Freshdesk's and not the company's own."""
    host = words(one.get("support_email")).lower().rpartition("@")[2].strip(" <>")
    return host.removesuffix(".freshdesk.com") if host.endswith(".freshdesk.com") else ""


class _Reading(Reading):
    CALLED, MATTERS, PEOPLE = "Freshdesk", "ticket", "contact"

    def matter(self, ticket: Record) -> Matter | Misfit:
        where = f"ticket {words(ticket['id'])}"
        if ticket.get("deleted") is True:
            return Misfit(where, "not moved", "a deleted ticket")
        customer = self._customer(ticket)
        if customer is None:
            return Misfit(where, "nobody", words(ticket.get("subject")))
        responder = self._agent(ticket.get("responder_id"))
        began = responder if ticket.get("source") == _OUTBOUND and responder else customer
        first = self._turn(ticket, began, "description")
        said = records(ticket.get("conversations")) or self.shelf.parts("turn", ticket["id"])
        turns = [self._turn(one, self._author(one, customer), "body") for one in said]
        stats = record(ticket.get("stats"))
        return Matter(
            key=words(ticket["id"]),
            where=where,
            customer=customer,
            subject=words(ticket.get("subject")),
            turns=[turn for turn in (first, *turns) if turn],
            status=_STATUSES.get(words(ticket.get("status")), OPEN),
            ended_at=moment(stats.get("resolved_at") or stats.get("closed_at")),
            priority=_PRIORITIES.get(words(ticket.get("priority"))),
            labels=names(ticket.get("tags")),
            assignee=responder,
            team=words(self.shelf.get("group", ticket.get("group_id")).get("name")),
            is_spam=ticket.get("spam") is True,
            fields=dict(_fields(ticket)),
            misfits=[] if all((first, *turns)) else [Misfit(where, "no time")],
        )

    def _turn(self, one: Record, by: Person, body: str) -> Turn | None:
        at, html = moment(one.get("created_at")), words(one.get(body))
        if at is None:
            return None
        return Turn(
            at=at,
            by=by,
            text=text_of(html, words(one.get(f"{body}_text"))),
            html=html,
            is_note=one.get("private") is True,
            recipients={
                role: [{"name": "", "address": each} for each in names(one.get(f"{role}_emails"))]
                for role in ("to", "cc", "bcc")
            },
            files=[self._file(each) for each in records(one.get("attachments"))],
            automatic_reason="auto response" if one.get("auto_response") is True else "",
        )

    def _file(self, one: Record) -> Enclosed:
        mime, url = one.get("content_type"), one.get("attachment_url")
        return self.enclosures.of(one.get("id"), name=one.get("name"), mime=mime, url=url, size=one.get("size"))

    def _customer(self, ticket: Record) -> Person | None:
        """The requester; a colleague who asked is a customer there."""
        number = ticket.get("requester_id")
        known = self.shelf.get("contact", number) or record(ticket.get("requester"))
        if known:
            return self.person(known)
        agent = self._agent(number)
        return Person(key=f"user {words(number)}", name=agent.name, email=agent.email) if agent else None

    def _author(self, one: Record, customer: Person) -> Person:
        number = one.get("user_id")
        if f"user {words(number)}" == customer.key:
            return customer
        contact = self.shelf.get("contact", number)
        if contact:
            return self.person(contact)
        if one.get("incoming") is True:
            return Person(key=f"user {words(number)}", email=words(one.get("from_email")))
        return self._agent(number) or _SYSTEM

    def _agent(self, number: Any) -> Person | None:
        one = record(self.shelf.get("agent", number).get("contact"))
        if not one:
            return None
        return Person(
            kind=AGENT, key=f"user {words(number)}", name=words(one.get("name")), email=words(one.get("email"))
        )

    def person(self, one: Record) -> Person:
        kept = ("job_title", "address", "description", "twitter_id")
        return Person(
            key=f"user {words(one.get('id'))}",
            name=words(one.get("name")),
            email=words(one.get("email")),
            emails=names(one.get("other_emails")),
            phone=words(one.get("phone") or one.get("mobile")),
            external_id=words(one.get("unique_external_id")),
            company=words(self.shelf.get("company", one.get("company_id")).get("name")),
            language=words(one.get("language")),
            attributes={**{name: one.get(name) for name in kept}, **record(one.get("custom_fields"))},
            since=moment(one.get("created_at")),
        )


def _fields(ticket: Record) -> Iterator[tuple[str, str]]:
    for name, value in record(ticket.get("custom_fields")).items():
        if value is not None and value is not False and (words(value) or names(value)):
            yield name.removeprefix("cf_").replace("_", " "), ", ".join(names(value)) or words(value)
    if words(ticket.get("type")):
        yield "Type", words(ticket["type"])

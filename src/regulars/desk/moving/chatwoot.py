"""Chatwoot: conversations with their messages, and contacts, as its application API gives them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from regulars.desk.moving.bodies import text_of
from regulars.desk.moving.forms import AGENT, BOT, OPEN, RESOLVED, Archive, Enclosed, Matter, Misfit, Person, Turn
from regulars.desk.moving.moments import moment
from regulars.desk.moving.reading import Reading
from regulars.desk.moving.records import Record, Slot, names, record, records, words

_PRIORITIES: Final = {"urgent": 1, "high": 2, "medium": 3, "low": 4}
_INCOMING, _OUTGOING, _ACTIVITY, _TEMPLATE = "0", "1", "2", "3"
_KINDS: Final = {"incoming": _INCOMING, "outgoing": _OUTGOING, "activity": _ACTIVITY, "template": _TEMPLATE}
_BOTS: Final = frozenset({"agent_bot", "captain_assistant"})


def archive(path: Path, is_ours: Callable[[str], bool]) -> Archive:
    """Look through what was fetched."""
    return _Reading.archive(path, sort=sort, says=says)


def sort(one: Record, name: str) -> Slot | None:
    """What a record is."""
    number = words(one.get("id"))
    if "message_type" in one and words(one.get("conversation_id")):
        return Slot("message", number, words(one["conversation_id"]))
    if "status" in one and ("meta" in one or "inbox_id" in one):
        return Slot("conversation", number)
    if "role" in one and "email" in one:
        return Slot("agent", number)
    return Slot("contact", number) if "phone_number" in one or "identifier" in one else None


def says(one: Record) -> str:
    """The account's number. Every installation of one's own begins with 1, which `origins` sees when two meet."""
    return words(one.get("account_id"))


class _Reading(Reading):
    CALLED, MATTERS, PEOPLE = "Chatwoot", "conversation", "contact"

    def matter(self, one: Record) -> Matter | Misfit:
        where, meta = f"conversation {words(one['id'])}", record(one.get("meta"))
        contact = record(meta.get("sender")) or self.shelf.get("contact", one.get("contact_id"))
        if not contact:
            return Misfit(where, "nobody")
        customer = self.person(contact)
        every = {words(each.get("id")): each for each in records(one.get("messages"))}
        every |= {words(each.get("id")): each for each in self.shelf.parts("message", one["id"])}
        said = [self._turn(each, customer) for each in every.values() if _kind(each) != _ACTIVITY]
        assignee = record(meta.get("assignee"))
        return Matter(
            key=words(one["id"]),
            where=where,
            customer=customer,
            subject=words(record(one.get("additional_attributes")).get("mail_subject")),
            turns=[turn for turn in said if turn],
            status=RESOLVED if words(one.get("status")) == "resolved" else OPEN,
            ended_at=_ended_at(one, list(every.values())),
            priority=_PRIORITIES.get(words(one.get("priority"))),
            labels=names(one.get("labels")),
            assignee=self._colleague(assignee) if assignee else None,
            team=words(record(meta.get("team")).get("name")),
            fields={name: words(value) for name, value in record(one.get("custom_attributes")).items() if value},
            misfits=[] if all(said) else [Misfit(where, "no time")],
        )

    def _turn(self, one: Record, customer: Person) -> Turn | None:
        at = moment(one.get("created_at"))
        if at is None:
            return None
        mail = record(record(one.get("content_attributes")).get("email"))
        html = words(record(mail.get("html_content")).get("full"))
        return Turn(
            at=at,
            by=self._author(one, customer),
            text=text_of(html, words(one.get("content"))),
            html=html,
            is_note=one.get("private") is True,
            files=[self._file(each) for each in records(one.get("attachments"))],
            external_id=words(mail.get("message_id") or one.get("source_id")) if mail else "",
            automatic_reason="template" if _kind(one) == _TEMPLATE else "",
        )

    def _author(self, one: Record, customer: Person) -> Person:
        sender = record(one.get("sender"))
        kind = words(sender.get("type") or one.get("sender_type"))
        if _kind(one) == _INCOMING:
            by = self.person(sender) if sender else customer
            return customer if by.key == customer.key else by
        if not sender or kind.lower() in _BOTS or _kind(one) == _TEMPLATE:
            return Person(kind=BOT, name=words(sender.get("name")) or "Chatwoot")
        return self._colleague(sender)

    def _file(self, one: Record) -> Enclosed:
        """Chatwoot gives a kind of file and an address, no name: the address ends in it."""
        url = words(one.get("data_url"))
        name = url.partition("?")[0].rpartition("/")[2] or f"file.{words(one.get('extension')) or 'bin'}"
        mime, size = one.get("content_type"), one.get("file_size")
        return self.enclosures.of(one.get("id"), name=name, mime=mime, url=url, size=size)

    def _colleague(self, said: Record) -> Person:
        one = {**said, **self.shelf.get("agent", said.get("id"))}
        name = words(one.get("name") or one.get("available_name"))
        return Person(kind=AGENT, name=name, email=words(one.get("email")))

    def person(self, said: Record) -> Person:
        one = {**said, **self.shelf.get("contact", said.get("id"))}
        more = record(one.get("additional_attributes"))
        kept = {name: more.get(name) for name in ("description", "city", "country")}
        return Person(
            key=f"contact {words(one.get('id'))}",
            name=words(one.get("name")),
            email=words(one.get("email")),
            phone=words(one.get("phone_number")),
            external_id=words(one.get("identifier")),
            company=words(more.get("company_name")),
            attributes={**kept, **record(one.get("custom_attributes"))},
            since=moment(one.get("created_at")),
        )


def _kind(message: Record) -> str:
    said = words(message.get("message_type"))
    return _KINDS.get(said, said)


def _ended_at(one: Record, messages: list[Record]) -> datetime | None:
    """That somebody resolved it is written down as an activity; the last one is the end."""
    if words(one.get("status")) != "resolved":
        return None
    acts = [moment(each.get("created_at")) for each in messages if _kind(each) == _ACTIVITY]
    return max((at for at in acts if at), default=None)

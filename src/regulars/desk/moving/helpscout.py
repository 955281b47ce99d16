"""Help Scout: conversations with their threads, and customers, as its Mailbox API (v2) gives them."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

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

_STATUSES: Final = {"active": OPEN, "open": OPEN, "pending": WAITING, "closed": RESOLVED, "spam": RESOLVED}
_SYSTEM: Final = Person(kind=BOT, name="Help Scout")


def archive(path: Path, is_ours: Callable[[str], bool]) -> Archive:
    """Look through what was fetched."""
    return _Reading.archive(path, sort=sort, says=says)


def sort(one: Record, name: str) -> Slot | None:
    """What a record is: threads that were fetched by themselves must name their conversation."""
    number = words(one.get("id"))
    if "primaryCustomer" in one or ("mailboxId" in one and "subject" in one):
        return Slot("conversation", number)
    if words(one.get("conversationId")) and "type" in one:
        return Slot("thread", number, words(one["conversationId"]))
    if "photoType" in one or ("firstName" in one and "role" not in one):
        return Slot("customer", number)
    return Slot("team", number) if name.startswith("team") else None


def says(_one: Record) -> str:
    """Nothing, and nothing is needed: Help Scout counts conversations, threads and customers over all its accounts.

    A mailbox is no account: conversations move from one to another, and would then come twice.
    """
    return ""


class _Reading(Reading):
    CALLED, MATTERS, PEOPLE = "Help Scout", "conversation", "customer"

    def matter(self, one: Record) -> Matter | Misfit:
        where = f"conversation {words(one.get('number') or one['id'])}"
        if words(one.get("state")) in ("draft", "deleted"):
            return Misfit(where, "not moved", f"a {words(one['state'])} conversation")
        who = record(one.get("primaryCustomer")) or record(one.get("customer"))
        if not who:
            return Misfit(where, "nobody", words(one.get("subject")))
        customer = self.person(who)
        embedded = records(record(one.get("_embedded")).get("threads")) or self.shelf.parts("thread", one["id"])
        threads = [each for each in embedded if _is_said(each)]
        said = [self._turn(each, customer) for each in threads]
        assignee = record(one.get("assignee"))
        status = words(one.get("status"))
        return Matter(
            key=words(one["id"]),
            where=where,
            customer=customer,
            subject=words(one.get("subject")),
            turns=[turn for turn in said if turn],
            status=_STATUSES.get(status, OPEN),
            ended_at=moment(one.get("closedAt")),
            labels=[words(tag.get("tag") or tag.get("name")) for tag in records(one.get("tags"))],
            assignee=_colleague(assignee) if assignee and words(assignee.get("type")) != "team" else None,
            team=_name(assignee) if words(assignee.get("type")) == "team" else "",
            is_spam=status == "spam",
            fields={
                words(each.get("name")): words(each.get("text") or each.get("value"))
                for each in records(one.get("customFields"))
            },
            misfits=[] if all(said) else [Misfit(where, "no time")],
        )

    def _turn(self, one: Record, customer: Person) -> Turn | None:
        at, html = moment(one.get("createdAt")), words(one.get("body"))
        if at is None:
            return None
        author = record(one.get("createdBy"))
        by = _SYSTEM
        if words(author.get("type")) == "customer":
            by = self.person(record(one.get("customer")) | author)
        elif author:
            by = _colleague(author)
        return Turn(
            at=at,
            by=customer if by.key and by.key == customer.key else by,
            text=text_of(html) if "<" in html else html,
            html=html if "<" in html else "",
            is_note=words(one.get("type")) == "note",
            recipients={role: [{"name": "", "address": each} for each in names(one.get(role))] for role in _ROLES},
            files=[self._file(each) for each in records(record(one.get("_embedded")).get("attachments"))],
        )

    def _file(self, one: Record) -> Enclosed:
        links = record(one.get("_links"))
        href = record(links.get("web")).get("href") or record(links.get("data")).get("href")
        name, mime = one.get("filename") or one.get("fileName"), one.get("mimeType")
        return self.enclosures.of(one.get("id"), name=name, mime=mime, url=href, size=one.get("size"))

    def person(self, said: Record) -> Person:
        """A customer, by what the conversation says and, where it was fetched, by all that is known of them."""
        one = {**said, **self.shelf.get("customer", said.get("id"))}
        inside = record(one.get("_embedded"))
        emails = [words(each.get("value")) for each in records(inside.get("emails"))]
        phones = [words(each.get("value")) for each in records(inside.get("phones"))]
        kept = ("jobTitle", "location", "background", "gender", "age")
        return Person(
            key=f"customer {words(one.get('id'))}",
            name=_name(one),
            email=words(one.get("email")) or next(iter(emails), ""),
            emails=emails,
            phone=next(iter(phones), ""),
            company=words(one.get("organization")),
            attributes={name: one.get(name) for name in kept if words(one.get(name)).lower() != "unknown"},
            since=moment(one.get("createdAt")),
        )


_ROLES: Final = ("to", "cc", "bcc")


def _is_said(one: Record) -> bool:
    """Drafts and what was held back were never said; a line item says that something was done."""
    is_published = words(one.get("state") or "published") == "published"
    return is_published and words(one.get("type")) != "lineitem"


def _colleague(one: Record) -> Person:
    return Person(kind=AGENT, name=_name(one), email=words(one.get("email")))


def _name(one: Record) -> str:
    first, last = one.get("first") or one.get("firstName"), one.get("last") or one.get("lastName")
    return " ".join(each for each in (words(first), words(last)) if each) or words(one.get("name"))

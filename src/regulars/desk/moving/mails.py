"""mbox and Maildir: mails into matters, joined by their ids, with ourselves known by our addresses."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from regulars.channels.email.understanding import Mail, understand
from regulars.channels.email.understanding.addresses import Address
from regulars.desk.moving.forms import AGENT, CUSTOMER, Archive, Enclosed, Matter, Misfit, Person, Turn
from regulars.desk.moving.joining import Slip, joined
from regulars.desk.moving.mail_files import LARGEST, Place
from regulars.desk.moving.moments import is_possible

HEAD = 256 << 10  # bytes in which the headers of a mail stand
MOST_NAMED, MOST_PEOPLE, MOST_ADDRESSES = 200, 50, 300

LATEST = datetime.max.replace(tzinfo=UTC)

IsOurs = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Known:
    """A mail of which only the headers were read."""

    place: Place
    at: datetime | None
    slip: Slip


def archive(places: Iterable[Place], *, is_ours: IsOurs) -> Archive:
    """Look at every mail's headers, join them, and give the conversations in order of their first mail."""
    known = [_known(place, is_ours=is_ours) for place in places]
    groups = [_in_order([known[number] for number in group]) for group in joined([each.slip for each in known])]
    groups.sort(key=lambda group: group[0].at or LATEST)

    def matters() -> Iterator[Matter | Misfit]:
        for group in groups:
            yield _matter(group, is_ours=is_ours)

    return Archive(total=len(groups), matters=matters)


def _known(place: Place, *, is_ours: IsOurs) -> Known:
    head = _head(place)
    mail = understand(head)
    named = tuple(_id(each) for each in (*mail.in_reply_to, *mail.references)[:MOST_NAMED])
    people = [mail.author, *mail.reply_to[:1], *mail.to, *mail.cc]
    others = [one.address.lower() for one in people[:MOST_PEOPLE] if one and one.address]
    slip = Slip(
        ids=(_id(mail.message_id),) if mail.message_id else (),
        names=named,
        people=frozenset(address for address in others if not is_ours(address)),
    )
    return Known(place, _moment(mail.date, place.came_at), slip)


def _head(place: Place) -> bytes:
    head = place.read(HEAD)
    ends = [end for mark in (b"\n\n", b"\r\n\r\n") if (end := head.find(mark)) >= 0]
    return head[: min(ends)] + b"\n\n" if ends else head


def _id(said: str) -> str:
    return said[:500]


def _moment(*said: datetime | None) -> datetime | None:
    return next((each for each in said if each is not None and is_possible(each)), None)


def _in_order(group: Sequence[Known]) -> list[Known]:
    """By time; a mail without one stays behind the mail before it, so that it is told where it lay."""
    placed: list[Known] = []
    for each in group:
        at = each.at or (placed[-1].at if placed else None)
        placed.append(Known(each.place, at, each.slip))
    return sorted(placed, key=lambda each: each.at or LATEST)


def _matter(group: Sequence[Known], *, is_ours: IsOurs) -> Matter | Misfit:
    where = group[0].place.said
    mails, misfits = _read(group)
    if not mails:
        return misfits[0] if misfits else Misfit(where, "no time")
    customer = _customer([mail for _, mail in mails], is_ours=is_ours)
    if customer is None:
        return Misfit(where, "nobody", mails[0][1].subject or "")
    return Matter(
        key=f"mail:{content_key(mails[0][1])}",
        where=where,
        customer=customer,
        subject=next((mail.subject for _, mail in mails if mail.subject), ""),
        turns=[_turn(mail, at, customer, is_ours=is_ours) for at, mail in mails],
        misfits=misfits,
    )


def _read(group: Sequence[Known]) -> tuple[list[tuple[datetime, Mail]], list[Misfit]]:
    """Each mail once, however often the archive holds it."""
    mails: list[tuple[datetime, Mail]] = []
    misfits: list[Misfit] = []
    seen: set[str] = set()
    for each in group:
        mail = understand(each.place.read())
        own = content_key(mail)
        if each.at is None:
            misfits.append(Misfit(each.place.said, "no time", mail.subject or ""))
        elif own not in seen:
            seen.add(own)
            mails.append((each.at, mail))
        if each.place.size > LARGEST:
            misfits.append(Misfit(each.place.said, "too large", mail.subject or ""))
    return mails, misfits


def _customer(mails: Sequence[Mail], *, is_ours: IsOurs) -> Person | None:
    """Who asked: the first who wrote and is not ourselves; else the first we wrote to; else who wrote at all."""
    wrote = [one for mail in mails for one in (mail.author, *mail.reply_to[:1])]
    got = [one for mail in mails for one in (*mail.to[:MOST_PEOPLE], *mail.cc[:MOST_PEOPLE])]
    named = [one for one in (*wrote, *got) if one and one.address and "@" in one.address]
    return next((_person(one) for one in named if one.address and not is_ours(one.address)), None)


def _turn(mail: Mail, at: datetime, customer: Person, *, is_ours: IsOurs) -> Turn:
    return Turn(
        at=at,
        by=_author(mail, customer, is_ours=is_ours),
        text=mail.visible_text,
        html=mail.html or "",
        quoted=mail.quoted_text,
        signature=mail.signature,
        recipients=_recipients(mail),
        files=[
            Enclosed(
                name=one.name, type=one.type, content=one.content,
                content_id=one.content_id or "", is_inline=one.is_inline,
            )
            for one in mail.attachments
        ],
        external_id=mail.message_id or "",
        automatic_reason=mail.automatic_reason or "",
    )  # fmt: skip


def _author(mail: Mail, customer: Person, *, is_ours: IsOurs) -> Person:
    """A form on the company's own site writes as the company, and names who asked in Reply-To."""
    author, reply_to = mail.author, next(iter(mail.reply_to), None)
    if author and author.address and not is_ours(author.address):
        return _person(author)
    if reply_to and reply_to.address and not is_ours(reply_to.address):
        return _person(reply_to)
    if author and author.address:
        return Person(kind=AGENT, name=author.name or author.address, email=author.address)
    return customer if not author else Person(kind=CUSTOMER, name=author.name or "", key=f"name:{author.name}")


def _person(one: Address) -> Person:
    return Person(kind=CUSTOMER, name=one.name or "", email=one.address or "")


def _recipients(mail: Mail) -> dict[str, list[dict[str, str]]]:
    roles: dict[str, Sequence[Address | None]] = {
        "from": (mail.author,), "to": mail.to, "cc": mail.cc, "reply_to": mail.reply_to,
    }  # fmt: skip
    return {
        role: [{"name": one.name or "", "address": one.address or ""} for one in people[:MOST_ADDRESSES] if one]
        for role, people in roles.items()
    }


def content_key(mail: Mail) -> str:
    """A digest of what a mail says, whatever way it took."""
    said = hashlib.sha256()
    author = mail.author.address if mail.author else ""
    date = mail.date.isoformat() if mail.date else ""
    for part in (mail.message_id, author, mail.subject, date, mail.text, mail.html):
        encoded = (part or "").encode("utf-8", "replace")
        said.update(len(encoded).to_bytes(8, "big") + encoded)
    for file in mail.attachments:
        said.update(hashlib.sha256(file.content).digest())
    return said.hexdigest()

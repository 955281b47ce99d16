"""From a letter to the bytes of a mail."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from regulars.channels import letters
from regulars.channels.email import marks
from regulars.channels.email.out import addresses, bodies, headers, references, subjects
from regulars.channels.email.out.wishes import Wishes
from regulars.channels.email.understanding.automatic import LOOP_HEADER
from regulars.channels.letters import Enclosure, Letter

_TYPE = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}", re.ASCII)
_LOOSE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A mail ready to be carried: its bytes, and whom the envelope names."""

    raw: bytes
    sender: str
    recipients: tuple[str, ...]
    needs_utf8: bool


def compose(letter: Letter, wishes: Wishes, *, at: datetime, read: Callable[[str], bytes]) -> Parcel:
    """Write a letter as a mail; the same letter at the same time gives the same mail, but for its boundaries.

    `read` gives an enclosure's bytes by their digest. Raises `AddressNotUsable` when an address is none.
    """
    sender = addresses.named(wishes.name_for(letter.author_name), wishes.address)
    to, cc, bcc = _recipients(letter)
    named = [one.addr_spec for one in (sender, *to, *cc, *bcc)]
    needs_utf8 = addresses.needs_utf8(named)
    mail = headers.new_message()
    _address(mail, sender, to, cc)
    _identify(mail, letter, wishes, at=at)
    _mark_automatic(mail, letter)
    _fill(mail, letter, wishes, read)
    policy = headers.INTERNATIONAL if needs_utf8 else headers.PLAIN
    raw = _LOOSE_END.sub(b"\r\n", mail.as_bytes(policy=policy))
    recipients = tuple(one.addr_spec for one in (*to, *cc, *bcc))
    return Parcel(raw=raw, sender=sender.addr_spec, recipients=recipients, needs_utf8=needs_utf8)


def _recipients(letter: Letter) -> tuple[list[Address], list[Address], list[Address]]:
    """Everybody once, in the line that shows most."""
    to = addresses.each_once(letter.to)
    cc = addresses.each_once(letter.cc, but=_spelt(to))
    bcc = addresses.each_once(letter.bcc, but=_spelt([*to, *cc]))
    if not (to or cc or bcc):
        raise addresses.AddressNotUsable
    return tuple([addresses.written(one) for one in line] for line in (to, cc, bcc))  # type: ignore[return-value]


def _spelt(line: list[letters.Address]) -> Iterator[str]:
    return (one["address"] for one in line)


def _address(mail: EmailMessage, sender: Address, to: list[Address], cc: list[Address]) -> None:
    mail["From"] = sender
    if to:
        mail["To"] = to
    elif not cc:
        mail["To"] = "undisclosed-recipients:;"
    if cc:
        mail["Cc"] = cc


def _identify(mail: EmailMessage, letter: Letter, wishes: Wishes, *, at: datetime) -> None:
    """The subject, where answers go, and what the mail answers."""
    chain = references.chain(letter.references, answers=letter.in_reply_to)
    is_answer = bool(references.usable([letter.in_reply_to]))
    write = subjects.answering if is_answer else subjects.beginning
    mail["Subject"] = write(headers.one_line(letter.subject), token=_token(letter, wishes))
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = references.bracketed([letter.external_id])
    if is_answer:
        mail["In-Reply-To"] = references.bracketed(references.usable([letter.in_reply_to]))
    if chain:
        mail["References"] = references.bracketed(chain)
    if wishes.has_plus_addresses and (answer_to := _answer_to(letter, wishes.address)):
        mail["Reply-To"] = addresses.named(wishes.company, answer_to)


def _answer_to(letter: Letter, address: str) -> str:
    """The marked address by which an answer finds its place; none for a letter that belongs to nothing."""
    if letter.side_id is not None:
        return marks.side_address(address, channel_id=letter.channel_id, side_id=letter.side_id)
    if letter.conversation_id is not None:
        return marks.plus_address(address, channel_id=letter.channel_id, conversation_id=letter.conversation_id)
    return ""


def _marker(letter: Letter, wishes: Wishes) -> str:
    """The mark for the text: where the channel needs it, or its address has no room for one."""
    if letter.conversation_id is None or letter.side_id is not None:
        return ""
    has_no_room = wishes.has_plus_addresses and _answer_to(letter, wishes.address) == wishes.address
    if not (wishes.marks_texts or has_no_room):
        return ""
    return marks.body_marker(channel_id=letter.channel_id, conversation_id=letter.conversation_id)


def _token(letter: Letter, wishes: Wishes) -> str:
    """The number for the subject, where the channel wants it; what is asked beside a conversation has none."""
    if letter.conversation_id is None or letter.side_id is not None or not wishes.numbers_subjects:
        return ""
    return marks.subject_token(letter.conversation_id)


def _mark_automatic(mail: EmailMessage, letter: Letter) -> None:
    """So that no other machine answers this one."""
    if letter.is_automatic:
        mail["Auto-Submitted"] = "auto-replied" if letter.in_reply_to else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail[_titled(LOOP_HEADER)] = "yes"


def _titled(name: str) -> str:
    return "-".join(part.title() for part in name.split("-"))


def _fill(mail: EmailMessage, letter: Letter, wishes: Wishes, read: Callable[[str], bytes]) -> None:
    marker = _marker(letter, wishes)
    html = bodies.html(letter, wishes, marker=marker)
    shown = [one for one in letter.enclosures if one.content_id and f"cid:{one.content_id}" in html]
    mail.set_content(_sendable(bodies.text(letter, wishes, marker=marker)), cte="quoted-printable")
    mail.add_alternative(_sendable(html), subtype="html", cte="quoted-printable")
    html_part = mail.get_payload()[1]  # type: ignore[index]
    for one in shown:
        kind, _, subkind = _type(one).partition("/")
        html_part.add_related(  # type: ignore[union-attr]
            read(one.digest), kind, subkind, cid=f"<{one.content_id}>", disposition="inline", filename=_name(one)
        )
    for one in letter.enclosures:
        if one not in shown:
            kind, _, subkind = _type(one).partition("/")
            mail.add_attachment(read(one.digest), kind, subkind, filename=_name(one))


def _sendable(text: str) -> str:
    """No halves of letters, which cannot be encoded, and no nulls, which servers refuse."""
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")


def _type(enclosure: Enclosure) -> str:
    """Its media type, except for those that the mail would take for a part of its own structure."""
    word = enclosure.type.split(";")[0].strip().lower()
    is_plain = _TYPE.fullmatch(word) and not word.startswith(("multipart/", "message/"))
    return word if is_plain else "application/octet-stream"


def _name(enclosure: Enclosure) -> str:
    return headers.one_line(enclosure.name).replace("/", "_").replace("\\", "_")[:200] or "file"

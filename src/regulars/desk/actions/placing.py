"""Every mail to its place: a conversation that goes on, a new one, or nowhere, and why.

Called with a batch, in the transaction that settles what came in, so that a mail is placed once
whatever falls over. The channel is locked by the caller: its mail is placed in one order.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from regulars.accounts import selectors as accounts
from regulars.channels.arrivals import DROPPED, PLACED, Arrived, Outcome
from regulars.channels.selectors import addresses, team_of
from regulars.customers.actions import claimed_names, recognition
from regulars.desk import languages, senders, side_threading, threading, writings
from regulars.desk.actions import (
    bounces,
    conversations,
    floods,
    gathering,
    holding,
    mail_links,
    messages,
    past_mail,
    side_placing,
)
from regulars.desk.actions.gathering import Gathered
from regulars.desk.models import Conversation
from regulars.desk.recall import Recalled, key_of, named_by, recall
from regulars.desk.senders import COLLEAGUE, OURSELVES, Sender, Us
from regulars.desk.side_threading import Beside
from regulars.desk.threading import likely
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.facts import PRODUCT_SOURCE_ID

REOPEN_DAYS = 30  # a channel's setting `reopen_days` says otherwise
WITHOUT_WORDS = "(no text)"
EARLIEST_YEAR = 1990  # no mail is older; programs without a clock say 1970


@dataclass(slots=True)
class Batch:
    """What placing a batch needs to know: our own addresses, the customer behind each sender, earlier mail."""

    us: Us
    known: Recalled
    customers: dict[tuple[str, str], int] = field(default_factory=dict)
    team_id: int | None = None  # where the channel's new conversations go
    gathered: Gathered = field(default_factory=Gathered)
    held: dict[int, Conversation] = field(default_factory=dict)

    def foresee(self, arrived: Sequence[Arrived]) -> None:
        """Hold at once what most of these mails go on with, and take numbers for what the others begin."""
        named = {one.incoming_id: list(likely(one, self.known)) for one in arrived}
        wanted = sorted({each for found in named.values() for each in found[:1]})
        self.held |= {each.pk: each for each in holding.hold_all(wanted, by=SYSTEM)}
        own = {key_of(one.mail.message_id) for one in arrived if one.mail.message_id}
        beginning = [one for one in arrived if not named[one.incoming_id] and own.isdisjoint(named_by(one))]
        self.gathered.take_numbers(len(beginning))

    def hold(self, conversation_id: int) -> Conversation:
        """A conversation as it stands after the mails before this one; held once for a batch."""
        if conversation_id not in self.held:
            held = holding.hold(conversation_id, by=SYSTEM)
            self.held[conversation_id] = self.held.setdefault(held.pk, held)
        return self.held[conversation_id]

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """For what asks the database as it goes: all is written before, and held anew after."""
        with gathering.at_once(self.gathered):
            self.held.clear()
            yield

    def customer_of(self, sender: Sender) -> int | None:
        """None for ourselves, and for who was erased."""
        return self.customers.get(sender.way) if sender.way else None


def place(arrived: Sequence[Arrived]) -> list[Outcome]:
    """Place a batch of mail of one channel, in its order; who answers beside a conversation becomes no customer."""
    us = Us(addresses.own(), frozenset(accounts.agents().values_list("email", flat=True)))
    wrote = [senders.of(one, us=us) for one in arrived]
    keys = [writings.key(one) for one in arrived]
    known = recall(arrived, keys=keys)
    sides, beside = side_threading.find_all(arrived, known=known)
    customers = _recognise([each for each, side in zip(wrote, sides, strict=True) if side is None])
    with gathering.gathered() as gathered:
        batch = Batch(us, known, customers, team_of(arrived[0].channel_id), gathered)
        known.before_asking = gathered.put_down
        batch.foresee(arrived)
        return [
            _place(one, sender, key, batch) if side is None else _place_beside(one, side, sender, key, beside, batch)
            for one, sender, key, side in zip(arrived, wrote, keys, sides, strict=True)
        ]


def _place_beside(one: Arrived, side_id: int, sender: Sender, key: str, beside: Beside, batch: Batch) -> Outcome:
    with batch.at_once():
        return side_placing.place(one, side_id, sender, key=key, beside=beside)


def _recognise(wrote: Sequence[Sender]) -> dict[tuple[str, str], int]:
    """The customer behind each sender, made on first sight: known, as they wrote; unverified, as it is only mail."""
    ways = {sender.way: sender for sender in wrote if sender.way}
    if not ways:
        return {}
    known = recognition.recognise(
        list(ways), source_id=PRODUCT_SOURCE_ID, at=clock.now(), is_known=True, is_verified=False
    )
    claimed_names.suggest({customer_id: ways[way].name for way, customer_id in known.items()})
    return known


def _place(one: Arrived, sender: Sender, key: str, batch: Batch) -> Outcome:
    dropped = _why_dropped(one, sender, key, batch)
    if dropped:
        return Outcome(one.incoming_id, DROPPED, dropped)
    found = threading.find(one, sender="" if sender.kind == OURSELVES else sender.address, known=batch.known)
    if one.mail.bounces and (reported := bounces.reported(one)):
        with batch.at_once():
            held = holding.hold(reported.conversation_id, by=SYSTEM)
            _add(held, one, sender, key, batch)
            bounces.came_back(held, reported, one.mail.bounces)
    elif sender.kind == OURSELVES:
        with batch.at_once():
            return _place_our_own(one, sender, found, key, batch)
    else:
        _place_theirs(one, sender, found, key, batch)
    return Outcome(one.incoming_id, PLACED)


def _why_dropped(one: Arrived, sender: Sender, key: str, batch: Batch) -> str:
    if sender.way and batch.customer_of(sender) is None:
        return "The sender was erased, and nothing more is kept of them."
    if key in batch.known.keys:
        return "The same mail came before."
    own_id = key_of(one.mail.message_id) if one.mail.message_id else ""
    if sender.kind == OURSELVES and own_id in batch.known.from_here:
        return "It is a copy of what was sent from here."
    return ""


def _place_theirs(one: Arrived, sender: Sender, found: int | None, key: str, batch: Batch) -> None:
    """What a customer or a colleague wrote. A colleague is a customer only where they asked something themselves."""
    customer_id = batch.customer_of(sender)
    assert customer_id is not None  # who was erased is dropped before
    held = _going_on(one, found, batch) if found is not None else None
    if held is not None and sender.kind == COLLEAGUE and held.customer_id != customer_id:
        with batch.at_once():
            _note(held, one, sender, key, batch)
        return
    _add(held or _start(one, sender, customer_id, batch, follows=found), one, sender, key, batch)


def _place_our_own(one: Arrived, sender: Sender, found: int | None, key: str, batch: Batch) -> Outcome:
    """What somebody wrote as us from another program: a note, because From is no proof of who it was."""
    if found is not None:
        _note(holding.hold(found, by=SYSTEM), one, sender, key, batch)
        return Outcome(one.incoming_id, PLACED)
    other = senders.first_other(one, us=batch.us)
    customer_id = _recognise([other]).get(other.way) if other and other.way else None
    if other is None or customer_id is None:
        return Outcome(one.incoming_id, DROPPED, "It is from this mailbox to this mailbox.")
    _note(_start(one, other, customer_id, batch, follows=None), one, sender, key, batch)
    return Outcome(one.incoming_id, PLACED)


def _add(held: Conversation, one: Arrived, sender: Sender, key: str, batch: Batch) -> None:
    """Put a mail into a held conversation, as said by whoever sent it."""
    name, customer_id = sender.name or sender.address, batch.customer_of(sender)
    message = messages.take_in(
        held,
        writings.written(one, key=key),
        by=Actor("customer", customer_id, name) if customer_id else Actor("system", None, name),
        channel_id=one.channel_id,
        at=happened_at(one),
        is_history=one.is_history,
    )
    batch.known.placed(one, conversation_id=held.pk, key=key)
    mail_links.link_copies(held, message, known=batch.known)
    if one.is_history:
        past_mail.settle(held, settings=one.channel_settings)


def _note(held: Conversation, one: Arrived, sender: Sender, key: str, batch: Batch) -> None:
    """Shown to colleagues, sent to nobody, and nobody's turn changes."""
    words = writings.written(one, key=key)
    if not words.text.strip() and not words.files:
        words = replace(words, text=words.quoted or words.subject or WITHOUT_WORDS)
    messages.note(held.pk, words, by=Actor("system", None, sender.name or sender.address))
    batch.known.placed(one, conversation_id=held.pk, key=key)


def _going_on(one: Arrived, found: int, batch: Batch) -> Conversation | None:
    """The conversation found, held; none when it was closed long ago and a person writes: that is a new matter."""
    held = batch.hold(found)
    if one.mail.is_automatic or not _is_long_closed(held, one):
        return held
    newest = mail_links.newest_follower(held)
    if newest is None:
        return None
    held = batch.hold(newest)
    return None if _is_long_closed(held, one) else held


def _is_long_closed(held: Conversation, one: Arrived) -> bool:
    days = one.channel_settings.get("reopen_days", REOPEN_DAYS)
    return held.resolved_at is not None and happened_at(one) - held.resolved_at > timedelta(days=days)


def _start(one: Arrived, sender: Sender, customer_id: int, batch: Batch, *, follows: int | None) -> Conversation:
    if one.mail.is_automatic:
        batch.gathered.put_down()
        if crowded := floods.gathering(one, customer_id=customer_id):
            return batch.hold(crowded)
    held = conversations.begin(
        customer_id,
        channel_id=one.channel_id,
        by=Actor("customer", customer_id, sender.name or sender.address),
        subject=one.mail.subject or "",
        team_id=batch.team_id,
        at=happened_at(one),
        is_history=one.is_history,
        language=languages.code_of(one.mail.headers.text("content-language") or ""),
    )
    batch.held[held.pk] = held
    if follows is not None:
        mail_links.link_follower(held, follows)
    return held


def happened_at(one: Arrived) -> datetime:
    """When it came. History may have come by way of a move: then what the mail says counts, if it can be."""
    said = one.mail.date
    if one.is_history and said is not None and said.year > EARLIEST_YEAR and said < one.received_at:
        return said
    return min(one.received_at, clock.now())

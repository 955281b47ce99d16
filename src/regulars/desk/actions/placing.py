"""Every mail to its place: a conversation that goes on, a new one, or nowhere, and why.

Called with a batch, in the transaction that settles what came in, so that a mail is placed once
whatever falls over. The channel is locked by the caller: its mail is placed in one order.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from regulars.accounts import selectors as accounts
from regulars.channels.arrivals import DROPPED, PLACED, Arrived, Outcome
from regulars.channels.selectors import addresses
from regulars.customers.actions import claimed_names, recognition
from regulars.desk import senders, threading, writings
from regulars.desk.actions import bounces, conversations, floods, holding, mail_links, messages, past_mail
from regulars.desk.models import Conversation, Message
from regulars.desk.senders import COLLEAGUE, OURSELVES, Sender, Us
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.facts import PRODUCT_SOURCE_ID

REOPEN_DAYS = 30  # a channel's setting `reopen_days` says otherwise
WITHOUT_WORDS = "(no text)"


def place(arrived: Sequence[Arrived]) -> list[Outcome]:
    """Place a batch of mail of one channel, in its order."""
    us = Us(addresses.own(), frozenset(accounts.agents().values_list("email", flat=True)))
    wrote = [senders.of(one, us=us) for one in arrived]
    known = _recognise(wrote)
    return [_place(one, sender, known=known, us=us) for one, sender in zip(arrived, wrote, strict=True)]


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


def _place(one: Arrived, sender: Sender, *, known: dict[tuple[str, str], int], us: Us) -> Outcome:
    if sender.way and sender.way not in known:
        return Outcome(one.incoming_id, DROPPED, "The sender was erased, and nothing more is kept of them.")
    key = writings.key(one)
    if Message.objects.filter(key=key).exists():
        return Outcome(one.incoming_id, DROPPED, "The same mail came before.")
    if sender.kind == OURSELVES and _is_our_own_copy(one):
        return Outcome(one.incoming_id, DROPPED, "It is a copy of what was sent from here.")
    found = threading.find(one, sender="" if sender.kind == OURSELVES else sender.address)
    if one.mail.bounces and (reported := bounces.reported(one)):
        held = holding.hold(reported.conversation_id, by=SYSTEM)
        _add(held, one, sender, known, key=key)
        bounces.came_back(held, reported, one.mail.bounces)
        return Outcome(one.incoming_id, PLACED)
    if sender.kind == OURSELVES:
        return _place_our_own(one, sender, found, key=key, us=us)
    held = _going_on(one, found) if found is not None else None
    if held is not None and sender.kind == COLLEAGUE and known.get(sender.way or ("", "")) != held.customer_id:
        _note(held, one, sender, key=key)
        return Outcome(one.incoming_id, PLACED)
    held = held or _start(one, sender, known[sender.way], follows=found) if sender.way else held
    assert held is not None  # who is not ourselves has a way
    _add(held, one, sender, known, key=key)
    return Outcome(one.incoming_id, PLACED)


def _add(held: Conversation, one: Arrived, sender: Sender, known: dict[tuple[str, str], int], *, key: str) -> Message:
    """Put a mail into a held conversation, as said by whoever sent it."""
    message = messages.take_in(
        held,
        writings.written(one, key=key),
        by=_actor(sender, known),
        channel_id=one.channel_id,
        at=happened_at(one),
        is_history=one.is_history,
    )
    threading.await_missing(one, conversation_id=held.pk)
    mail_links.link_copies(held, one, message)
    if one.is_history:
        past_mail.settle(held, settings=one.channel_settings)
    return message


def _actor(sender: Sender, known: dict[tuple[str, str], int]) -> Actor:
    name = sender.name or sender.address
    return Actor("customer", known[sender.way], name) if sender.way else Actor("system", None, name)


def _going_on(one: Arrived, found: int) -> Conversation | None:
    """The conversation found, held; none when it was closed long ago and a person writes: that is a new matter."""
    held = holding.hold(found, by=SYSTEM)
    if one.mail.is_automatic or not _is_long_closed(held, one):
        return held
    newest = mail_links.newest_follower(held)
    if newest is None:
        return None
    held = holding.hold(newest, by=SYSTEM)
    return None if _is_long_closed(held, one) else held


def _is_long_closed(held: Conversation, one: Arrived) -> bool:
    days = one.channel_settings.get("reopen_days", REOPEN_DAYS)
    return held.resolved_at is not None and happened_at(one) - held.resolved_at > timedelta(days=days)


def _start(one: Arrived, sender: Sender, customer_id: int, *, follows: int | None) -> Conversation:
    if one.mail.is_automatic and (crowded := floods.gathering(one, customer_id=customer_id)):
        return holding.hold(crowded, by=SYSTEM)
    held = conversations.start(
        customer_id,
        channel_id=one.channel_id,
        by=Actor("customer", customer_id, sender.name or sender.address),
        subject=one.mail.subject or "",
        at=happened_at(one),
        is_history=one.is_history,
    )
    if follows is not None:
        mail_links.link_follower(held, follows)
    return held


def _is_our_own_copy(one: Arrived) -> bool:
    """Our own Message-ID, on a message that went out from here."""
    if not one.mail.message_id:
        return False
    sent = Message.objects.filter(channel=one.channel_id, external_id=threading.key_of(one.mail.message_id))
    return sent.exclude(author_kind="customer").exists()


def _place_our_own(one: Arrived, sender: Sender, found: int | None, *, key: str, us: Us) -> Outcome:
    """What somebody wrote as us from another program: a note, because From is no proof of who it was."""
    if found is not None:
        _note(holding.hold(found, by=SYSTEM), one, sender, key=key)
        return Outcome(one.incoming_id, PLACED)
    other = senders.first_other(one, us=us)
    known = _recognise([other]) if other else {}
    if other is None or other.way not in known:
        return Outcome(one.incoming_id, DROPPED, "It is from this mailbox to this mailbox.")
    _note(_start(one, other, known[other.way], follows=None), one, sender, key=key)
    return Outcome(one.incoming_id, PLACED)


def _note(held: Conversation, one: Arrived, sender: Sender, *, key: str) -> None:
    """Shown to colleagues, sent to nobody, and nobody's turn changes."""
    words = writings.written(one, key=key)
    if not words.text.strip() and not words.files:
        words = replace(words, text=words.quoted or words.subject or WITHOUT_WORDS)
    messages.note(held.pk, words, by=Actor("system", None, sender.name or sender.address))
    threading.await_missing(one, conversation_id=held.pk)


def happened_at(one: Arrived) -> datetime:
    """When it came. History may have come by way of a move: then what the mail says counts, if it can be."""
    said = one.mail.date
    if one.is_history and said is not None and datetime(1990, 1, 1, tzinfo=said.tzinfo) < said < one.received_at:
        return said
    return min(one.received_at, clock.now())

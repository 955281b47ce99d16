"""Carrying a delivery: claim it, hand it over, put down what became of it. No mail twice, none lost in silence.

Claiming is committed before anything leaves. Whoever dies after that leaves a claimed row, which after
a while becomes `unknown`: a person sees it and decides, nothing is sent again by itself.
"""

import contextlib
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Coalesce

from regulars.channels.actions import packing, signing_in, suppression
from regulars.channels.actions.deliveries import DELIVER
from regulars.channels.actions.packing import Packed
from regulars.channels.email.oauth.asking import NotGiven
from regulars.channels.email.out import handing
from regulars.channels.email.out.outcomes import Outcome
from regulars.channels.email.out.servers import way_out
from regulars.channels.email.out.wishes import Wishes
from regulars.channels.events import DeliveryPostponed, DeliverySettled
from regulars.channels.letters import Letter
from regulars.channels.models import Channel, Delivery
from regulars.kernel import clock, jobs, page_settings
from regulars.kernel.events import publish
from regulars.kernel.said import phrase as gettext

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
A_DAY = timedelta(days=1)
CLAIM_HOLDS = timedelta(minutes=15)
PAUSED_FOR = timedelta(minutes=5)
_CAP_LOCK = 7_262_031
_TRIES_TO_WRITE = (0.5, 2.0, 5.0)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that is ours to carry, and nobody else's."""

    delivery_id: int
    letter: Letter
    channel: Channel
    company: str
    at: datetime
    is_last_try: bool


def deliver(delivery_id: int) -> str | None:
    """Carry one delivery and return how it ended; None when it is not due, or somebody else's."""
    claimed = claim(delivery_id)
    if claimed is None:
        return None
    outcome = hand_over(claimed)
    return _put_down(claimed, outcome)


@transaction.atomic(durable=True)
def claim(delivery_id: int) -> Claimed | None:
    """Make a delivery ours, if it is queued and due and nothing speaks against it."""
    row = Delivery.objects.select_for_update(skip_locked=True).filter(pk=delivery_id).first()
    if row is None or row.state != Delivery.QUEUED or row.due_at > clock.now():
        return None
    try:
        return _claimed(row)
    except (DatabaseError, InterfaceError):
        raise
    except Exception as fault:  # what is written in the row cannot be read: not now, and not the next time either
        _end(row, Delivery.FAILED, packing.why_not(fault))
        return None


def hand_over(claimed: Claimed) -> Outcome:
    """Write the mail and hand it over. Whatever happens is said; nothing is raised."""
    channel = claimed.channel
    packed = packing.pack(claimed.letter, channel, company=claimed.company, at=claimed.at)
    if isinstance(packed, Outcome):
        return packed
    try:
        outcome = _carried(packed, channel, is_last_try=claimed.is_last_try)
    except Exception as fault:  # a fault of ours, at a moment nobody knows
        log.exception("a mail could not be handed over", delivery=claimed.delivery_id)
        words = gettext("Something broke while this was handed over (%(fault)s): it may or may not have left.")
        return Outcome(state="unknown", words=words % {"fault": type(fault).__name__})
    return replace(outcome, words="; ".join(filter(None, (outcome.words, packed.left_out))))


@transaction.atomic
def settle(claimed: Claimed, outcome: Outcome) -> str | None:
    """Put down what became of a delivery and tell whoever stands above; None when it is gone or settled."""
    row = Delivery.objects.select_for_update().filter(pk=claimed.delivery_id).first()
    if row is None or row.state not in (Delivery.CLAIMED, Delivery.UNKNOWN):
        return None
    _note_health(row, outcome)
    for address in outcome.no_such:
        suppression.suppress(address, reason=outcome.words, about=row.about)
    may_try_again = row.state == Delivery.CLAIMED and not claimed.is_last_try
    if outcome.state == "later" and may_try_again:
        return _postpone(row, outcome.words)
    return _end(row, "failed" if outcome.state == "later" else outcome.state, outcome.words)


@transaction.atomic
def give_up(delivery_id: int) -> bool:
    """Nobody came back from carrying this: from now on it is unknown whether it left."""
    row = Delivery.objects.select_for_update(skip_locked=True).filter(pk=delivery_id, state=Delivery.CLAIMED).first()
    if row is None or (row.claimed_at or clock.now()) > clock.now() - CLAIM_HOLDS:
        return False
    _end(row, Delivery.UNKNOWN, gettext("Regulars was interrupted while sending this: it may or may not have left."))
    return True


def _carried(packed: Packed, channel: Channel, *, is_last_try: bool) -> Outcome:
    outcome = handing.hand_over(packed.parcel, way=packed.way, is_last_try=is_last_try)
    if outcome.is_sign_in and signing_in.is_by_token(channel):  # nothing left: a token that was refused is renewed once
        with contextlib.suppress(NotGiven):
            way = way_out(channel.settings, signing_in.secrets_for(channel, anew=True))
            outcome = handing.hand_over(packed.parcel, way=way, is_last_try=is_last_try)
    return outcome


def _put_down(claimed: Claimed, outcome: Outcome) -> str | None:
    """Try to put it down for a while: a database that restarts must not make a mail that left uncertain."""
    for seconds in _TRIES_TO_WRITE:
        try:
            return settle(claimed, outcome)
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(seconds)
    return settle(claimed, outcome)


def _claimed(row: Delivery) -> Claimed | None:
    channel, letter = Channel.objects.get(pk=row.channel_id), Letter.of_json(row.letter)
    company = page_settings.value("company_name") or channel.name
    if _is_held_back(row, channel, packing.wishes_of(channel, company)):
        return None
    row.state, row.claimed_at, row.attempts = Delivery.CLAIMED, clock.now(), row.attempts + 1
    row.save(update_fields=["state", "claimed_at", "attempts"])
    return Claimed(
        delivery_id=row.pk,
        letter=letter,
        channel=channel,
        company=company,
        at=row.created_at,
        is_last_try=row.attempts > len(BACK_OFF),
    )


def _is_held_back(row: Delivery, channel: Channel, wishes: Wishes) -> bool:
    if channel.archived_at is not None:
        _end(row, Delivery.FAILED, gettext("This channel was put away, so nothing leaves on it any more."))
    elif channel.paused_at is not None:
        row.due_at = clock.now() + PAUSED_FOR
        row.save(update_fields=["due_at"])
        jobs.defer(DELIVER, at=row.due_at, delivery_id=row.pk)
    elif _is_capped(row) and _automatic_today(row) >= wishes.automatic_a_day:
        words = gettext("Not sent: %(count)s automatic mails a day are enough for one person.")
        _end(row, Delivery.FAILED, words % {"count": wishes.automatic_a_day})
    else:
        return False
    return True


def _is_capped(row: Delivery) -> bool:
    """What somebody asked for themselves is not counted among what machines send them."""
    return row.letter["is_automatic"] and not row.letter.get("is_wanted")


def _automatic_today(row: Delivery) -> int:
    """How many automatic mails this person was sent within a day; two workers count one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CAP_LOCK])
    rows = (
        Delivery.objects.exclude(pk=row.pk)
        .filter(
            state__in=(Delivery.CLAIMED, Delivery.SENT, Delivery.UNKNOWN),
            claimed_at__gt=clock.now() - A_DAY,
            letter__is_automatic=True,
            customer_id=row.customer_id,
        )
        .exclude(letter__contains={"is_wanted": True})
    )
    if row.customer_id is None:
        rows = rows.filter(letter__to__contains=[{"address": one["address"]} for one in row.letter["to"][:1]])
    return rows.count()


def _note_health(row: Delivery, outcome: Outcome) -> None:
    """The way out itself is in trouble, since when; a mail that left says that it is not."""
    rows = Channel.objects.filter(pk=row.channel_id)
    if outcome.is_channels:
        rows.update(out_trouble=outcome.words, out_trouble_at=Coalesce("out_trouble_at", clock.now()))
    elif outcome.state == "sent":
        rows.exclude(out_trouble="").update(out_trouble="", out_trouble_at=None)


def _postpone(row: Delivery, words: str) -> str:
    row.state, row.claimed_at, row.trouble = Delivery.QUEUED, None, words
    row.due_at = clock.now() + BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
    row.save(update_fields=["state", "claimed_at", "trouble", "due_at"])
    jobs.defer(DELIVER, at=row.due_at, delivery_id=row.pk)
    until = row.due_at.isoformat()
    publish(DeliveryPostponed(delivery_id=row.pk, about=row.about, trouble=words, until=until))
    return row.state


def _end(row: Delivery, state: str, words: str) -> str:
    row.state, row.settled_at, row.trouble = state, clock.now(), words
    row.save(update_fields=["state", "settled_at", "trouble"])
    publish(DeliverySettled(delivery_id=row.pk, about=row.about, state=state, trouble=words))
    return state

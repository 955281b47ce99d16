"""Carrying a delivery: claim it, hand it over, put down what became of it. No mail twice, none lost in silence.

Claiming is committed before anything leaves. Whoever dies after that leaves a claimed row, which after
a while becomes `unknown`: a person sees it and decides, nothing is sent again by itself.
"""

import contextlib
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Coalesce

from regulars.channels.actions import setting_up, signing_in, suppression
from regulars.channels.actions.deliveries import DELIVER
from regulars.channels.email.oauth.asking import NotGiven
from regulars.channels.email.out import composing, handing, signing
from regulars.channels.email.out.outcomes import Outcome
from regulars.channels.email.out.rewriting import rewrites_ids
from regulars.channels.email.out.servers import way_out
from regulars.channels.email.out.wishes import Wishes
from regulars.channels.events import DeliveryPostponed, DeliverySettled
from regulars.channels.letters import Letter
from regulars.channels.models import Channel, Delivery
from regulars.channels.selectors import suppressed
from regulars.kernel import clock, files, jobs, page_settings
from regulars.kernel.errors import DomainError
from regulars.kernel.events import publish
from regulars.kernel.said import phrase as gettext
from regulars.kernel.said import refusal_of

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
    channel = Channel.objects.get(pk=row.channel_id)
    company = page_settings.value("company_name") or channel.name
    if _is_held_back(row, channel, _wishes(channel, company)):
        return None
    row.state, row.claimed_at, row.attempts = Delivery.CLAIMED, clock.now(), row.attempts + 1
    row.save(update_fields=["state", "claimed_at", "attempts"])
    return Claimed(
        delivery_id=row.pk,
        letter=Letter.of_json(row.letter),
        channel=channel,
        company=company,
        at=row.created_at,
        is_last_try=row.attempts > len(BACK_OFF),
    )


def hand_over(claimed: Claimed) -> Outcome:
    """Write the mail and hand it over. Whatever fails before it leaves is said; nothing is raised."""
    try:
        letter, left_out = _without_suppressed(claimed.letter)
        if letter is None:
            return Outcome(state="failed", words=left_out)
        channel = claimed.channel
        wishes = _wishes(channel, claimed.company)
        secret = _secrets(channel)
        way = way_out(channel.settings, secret)
        if channel.address and rewrites_ids(way):
            wishes = replace(wishes, marks_texts=True)
        parcel = composing.compose(letter, wishes, at=claimed.at, read=files.read)
        parcel = signing.signed(parcel, channel.settings, secret)
    except NotGiven as refusal:
        return Outcome(state="later", words=refusal.words, is_channels=True)
    except DomainError as refusal:
        return Outcome(state="failed", words=refusal_of(refusal))
    except FileNotFoundError:
        return Outcome(state="failed", words=gettext("An attached file is not there any more. Attach it again."))
    except Exception as fault:  # a fault of ours: nothing left, and somebody must see it
        log.exception("a mail could not be written", delivery=claimed.delivery_id)
        words = gettext("This mail could not be written (%(fault)s). Please report it.")
        return Outcome(state="failed", words=words % {"fault": type(fault).__name__})
    outcome = handing.hand_over(parcel, way=way, is_last_try=claimed.is_last_try)
    if outcome.is_sign_in and signing_in.is_by_token(channel):  # nothing left: a token that was refused is renewed once
        with contextlib.suppress(NotGiven):
            way = way_out(channel.settings, signing_in.secrets_for(channel, anew=True))
            outcome = handing.hand_over(parcel, way=way, is_last_try=claimed.is_last_try)
    return replace(outcome, words="; ".join(filter(None, (outcome.words, left_out))))


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


def _secrets(channel: Channel) -> dict[str, str]:
    """With tokens that hold, where the channel signs in to a mail server by them."""
    is_signed_in_to = channel.settings.get("smtp_host") and not channel.settings.get("out_provider")
    return signing_in.secrets_for(channel) if is_signed_in_to else setting_up.secrets_of(channel)


def _wishes(channel: Channel, company: str) -> Wishes:
    """What a channel without an address of its own sends goes out under the installation's, and answers go there."""
    wishes = Wishes.of(channel.settings, address=channel.address or settings.DEFAULT_FROM_EMAIL, company=company)
    return wishes if channel.address else replace(wishes, has_plus_addresses=False, marks_texts=False)


def _put_down(claimed: Claimed, outcome: Outcome) -> str | None:
    """Try to put it down for a while: a database that restarts must not make a mail that left uncertain."""
    for seconds in _TRIES_TO_WRITE:
        try:
            return settle(claimed, outcome)
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(seconds)
    return settle(claimed, outcome)


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


def _without_suppressed(letter: Letter) -> tuple[Letter | None, str]:
    """The letter for those who may get it, None when that is nobody; and who gets nothing, and why."""
    everybody = [one["address"] for one in chain(letter.to, letter.cc, letter.bcc)]
    reasons = suppressed.reasons(everybody)
    if not reasons:
        return letter, ""
    words = gettext("%(address)s refused mail before, so nothing was sent there: %(reason)s")
    said = "; ".join(words % {"address": one, "reason": reason} for one, reason in reasons.items())
    to, cc, bcc = (
        [one for one in line if one["address"] not in reasons] for line in (letter.to, letter.cc, letter.bcc)
    )
    return (replace(letter, to=to, cc=cc, bcc=bcc) if to or cc or bcc else None), said


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

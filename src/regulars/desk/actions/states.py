"""Whose turn it is: opening, waiting, snoozing, resolving, and back again."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext

from regulars.desk import verbs
from regulars.desk.actions import gathering, holding, steps
from regulars.desk.errors import AlreadyResolved, FieldsMissing, MomentTooFar, NotResolved, SnoozeInThePast
from regulars.desk.models import Conversation
from regulars.desk.selectors import fields
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor

FARTHEST: Final = timedelta(days=36_525)


@transaction.atomic
def resolve(conversation_id: int, *, by: Actor, batch: str = "") -> Conversation:
    """Settle the matter once; the second agent is told."""
    held = holding.hold(conversation_id, by=by)
    if held.status == Conversation.RESOLVED:
        raise AlreadyResolved
    to_resolved(held, by=by, batch=batch)
    return held


@transaction.atomic
def reopen(conversation_id: int, *, by: Actor, batch: str = "") -> Conversation:
    """Take a settled matter up again."""
    held = holding.hold(conversation_id, by=by)
    if held.status != Conversation.RESOLVED:
        raise NotResolved
    to_open(held, by=by, batch=batch)
    return held


@transaction.atomic
def open_(conversation_id: int, *, by: Actor, batch: str = "") -> Conversation:
    """Make it our turn; opening what is open changes nothing."""
    held = holding.hold(conversation_id, by=by)
    to_open(held, by=by, batch=batch)
    return held


@transaction.atomic
def wait(conversation_id: int, *, by: Actor, batch: str = "") -> Conversation:
    """Make it the customer's turn."""
    held = holding.hold(conversation_id, by=by)
    to_waiting(held, by=by, batch=batch)
    return held


@transaction.atomic
def snooze(conversation_id: int, *, until: datetime, by: Actor, batch: str = "") -> Conversation:
    """Put a conversation aside until a moment to come; a message from the customer brings it back at once."""
    refuse_past(until)
    refuse_too_far(until)
    held = holding.hold(conversation_id, by=by)
    to_snoozed(held, until=until, by=by, batch=batch)
    return held


@transaction.atomic
def wake(conversation_id: int) -> bool:
    """Bring a conversation back whose time has come; false when it is not snoozed any more, or for longer."""
    held = holding.hold(conversation_id, by=SYSTEM)
    if held.status != Conversation.SNOOZED or (held.snoozed_until or clock.now()) > clock.now():
        return False
    _wake(held)
    return True


def to_open(held: Conversation, *, by: Actor, at: datetime | None = None, batch: str = "") -> None:
    """Open a held conversation, from whatever it was."""
    if held.status == Conversation.OPEN:
        return
    verb = verbs.REOPENED if held.status == Conversation.RESOLVED else verbs.OPENED
    before = standing(held)
    _turn(held, Conversation.OPEN)
    steps.record(held, verb, by=by, details={"before": before}, at=at, batch=batch)


def to_ours(held: Conversation, *, side: int) -> None:
    """Bring a held conversation back because somebody who was asked beside it answered; what is settled stays so."""
    if held.status == Conversation.SNOOZED:
        _wake(held, side=side)
    elif held.status == Conversation.WAITING:
        before = standing(held)
        _turn(held, Conversation.OPEN)
        steps.record(held, verbs.OPENED, by=SYSTEM, details={"before": before, "side": side})


def to_waiting(held: Conversation, *, by: Actor, at: datetime | None = None, batch: str = "") -> None:
    """Make it the customer's turn in a held conversation."""
    if held.status == Conversation.WAITING:
        return
    if held.status == Conversation.RESOLVED:
        to_open(held, by=by, at=at, batch=batch)
    before = standing(held)
    _turn(held, Conversation.WAITING)
    steps.record(held, verbs.WAITED, by=by, details={"before": before}, at=at, batch=batch)


def to_snoozed(held: Conversation, *, until: datetime, by: Actor, batch: str = "") -> None:
    """Put a held conversation aside."""
    if held.status == Conversation.RESOLVED:
        to_open(held, by=by, batch=batch)
    before = standing(held)
    _turn(held, Conversation.SNOOZED, until=until, by=by)
    details = {"before": before, "until": until.isoformat()}
    steps.record(held, verbs.SNOOZED, by=by, details=details, properties={"until": until.isoformat()}, batch=batch)


def to_resolved(
    held: Conversation, *, by: Actor, at: datetime | None = None, batch: str = "", is_put_back: bool = False
) -> None:
    """Settle a held conversation; refused while a required field is empty, unless it is only put back."""
    if held.status == Conversation.RESOLVED:
        return
    if not is_put_back:
        refuse_missing(held, by=by)
    before = standing(held)
    _turn(held, Conversation.RESOLVED, by=by, at=at)
    steps.record(held, verbs.RESOLVED, by=by, details={"before": before}, at=at, batch=batch)


def refuse_past(until: datetime) -> None:
    """Refuse a moment that is over, however long: some of the past is no day in every time zone either."""
    if until <= clock.now():
        raise SnoozeInThePast


def refuse_too_far(until: datetime | None) -> None:
    """Refuse a moment no calendar has in every time zone: whoever lists it could show nothing any more."""
    if until is not None and until > clock.now() + FARTHEST:
        raise MomentTooFar


def refuse_missing(held: Conversation, *, by: Actor) -> None:
    """Refuse while something is empty that must be filled in before resolving; says what, and changes nothing."""
    lacking = fields.missing(held, by=by)
    if lacking:
        names = ", ".join(row.label for row in lacking)
        told = gettext("Fill in before resolving: %(fields)s. Nothing was changed.") % {"fields": names}
        raise FieldsMissing(told, keys=[row.key for row in lacking])


def standing(held: Conversation) -> dict[str, str | None]:
    """How it stood, so that it can be put back."""
    return {
        "status": held.status,
        "snoozed_until": held.snoozed_until.isoformat() if held.snoozed_until else None,
        "waiting_since": held.waiting_since.isoformat() if held.waiting_since else None,
    }


def stands_as(held: Conversation, said: dict[str, str | None] | None) -> bool:
    """Whether it stands as was put down then, or nothing was: moments may have been written in another zone."""
    if said is None or held.status != said["status"]:
        return said is None
    moments = [
        datetime.fromisoformat(at) if (at := said[name]) else None for name in ("snoozed_until", "waiting_since")
    ]
    return moments == [held.snoozed_until, held.waiting_since]


@transaction.atomic
def put_back(conversation_id: int, before: dict[str, str | None], *, by: Actor, batch: str = "") -> Conversation:
    """Bring a conversation to how it stood, by new steps: nothing on record is taken away."""
    held = holding.hold(conversation_id, by=by)
    restore(held, before, by=by, batch=batch)
    return held


def restore(held: Conversation, before: dict[str, str | None], *, by: Actor, batch: str = "") -> None:
    """Bring a held conversation to how it stood."""
    ends = before.get("snoozed_until")
    until = datetime.fromisoformat(ends) if ends else None
    status = before.get("status")
    if status == Conversation.SNOOZED and until and until > clock.now():
        to_snoozed(held, until=until, by=by, batch=batch)
    elif status == Conversation.RESOLVED:
        to_resolved(held, by=by, batch=batch, is_put_back=True)
    elif status == Conversation.WAITING:
        to_waiting(held, by=by, batch=batch)
    else:
        to_open(held, by=by, batch=batch)
    since = before.get("waiting_since")
    held.waiting_since = datetime.fromisoformat(since) if since and held.status != Conversation.RESOLVED else None
    held.save(update_fields=["waiting_since"])


def _wake(held: Conversation, **because: int) -> None:
    before = standing(held)
    _turn(held, Conversation.OPEN)
    steps.record(held, verbs.WOKE, by=SYSTEM, details={"before": before, **because})


def _turn(
    held: Conversation,
    status: str,
    *,
    by: Actor | None = None,
    until: datetime | None = None,
    at: datetime | None = None,
) -> None:
    is_resolved, is_snoozed = status == Conversation.RESOLVED, status == Conversation.SNOOZED
    held.status = status
    held.snoozed_until, held.snoozed_by = (until, str(by or "")) if is_snoozed else (None, "")
    held.resolved_at, held.resolved_by = ((at or clock.now()), str(by or "")) if is_resolved else (None, "")
    if is_resolved:
        held.waiting_since = None
    gathering.save(held, "status", "snoozed_until", "snoozed_by", "resolved_at", "resolved_by", "waiting_since")

"""Watching the clocks: a warning before a promise is broken, and a word when it is; once each."""

from datetime import timedelta

from django.db import transaction

from regulars.desk import verbs
from regulars.desk.actions import holding, steps
from regulars.desk.errors import NoSuchConversation
from regulars.desk.events import TargetBreached, TargetWarned
from regulars.desk.models import Clock, Conversation
from regulars.desk.models.clocks import UNTOLD, UNWARNED
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from regulars.kernel.events import publish

# A reply is logged when it leaves, ten seconds after it was written: it may still be in time.
PATIENCE = timedelta(seconds=15)


@transaction.atomic
def watch(conversation_id: int) -> int:
    """Say what has come due in one conversation; returns how much there was to say. A second run says nothing."""
    try:
        held = holding.hold(conversation_id, by=SYSTEM)
    except NoSuchConversation:
        return 0
    now = clock.now()
    mine = Clock.objects.filter(conversation=held).order_by("due_at", "pk")
    breached = list(mine.filter(UNTOLD, due_at__lt=now - PATIENCE))
    warned = list(mine.filter(UNWARNED, warn_at__lte=now, due_at__gt=now))
    for running in breached:
        running.breached_at = now
        running.save(update_fields=["breached_at"])
        _tell(held, running, verbs.TARGET_BREACHED)
    for running in warned:
        running.warned_at = now
        running.save(update_fields=["warned_at"])
        _tell(held, running, verbs.TARGET_WARNED)
    return len(breached) + len(warned)


def _tell(held: Conversation, running: Clock, verb: str) -> None:
    assert running.due_at is not None
    told = {"clock": running.kind, "target": running.target, "due_at": running.due_at.isoformat()}
    steps.record(held, verb, by=SYSTEM, details=told, properties=told)
    event = TargetBreached if verb == verbs.TARGET_BREACHED else TargetWarned
    publish(
        event(
            conversation_id=held.pk,
            customer_id=held.customer_id,
            actor=SYSTEM,
            clock=running.kind,
            target=running.target,
            due_at=running.due_at.isoformat(),
        )
    )

"""Spam: out of every list and every figure, and back."""

from django.db import transaction

from regulars.desk import verbs
from regulars.desk.actions import holding, states, steps
from regulars.desk.models import Conversation
from regulars.kernel import clock
from regulars.kernel.actors import Actor


@transaction.atomic
def mark(conversation_id: int, *, by: Actor, batch: str = "") -> Conversation:
    """Put a conversation among the spam."""
    held = holding.hold(conversation_id, by=by)
    if not held.is_spam:
        held.spam_at, held.spam_by = clock.now(), str(by)
        held.save(update_fields=["spam_at", "spam_by"])
        steps.record(held, verbs.MARKED_SPAM, by=by, batch=batch)
    return held


@transaction.atomic
def unmark(conversation_id: int, *, by: Actor, batch: str = "") -> Conversation:
    """Bring a conversation back that was no spam: it is our turn."""
    held = holding.hold(conversation_id, by=by)
    if held.is_spam:
        held.spam_at, held.spam_by = None, ""
        held.save(update_fields=["spam_at", "spam_by"])
        steps.record(held, verbs.UNMARKED_SPAM, by=by, batch=batch)
        states.to_open(held, by=by, batch=batch)
    return held

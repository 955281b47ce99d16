"""Mail from before this desk: how its conversations stand, without a word to anybody."""

from datetime import timedelta
from typing import Any

from regulars.desk import verbs
from regulars.desk.actions import gathering, steps
from regulars.desk.models import Conversation
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM

OPEN_DAYS = 7  # a channel's setting `open_days` says otherwise


def settle(held: Conversation, *, settings: dict[str, Any]) -> None:
    """Resolved when nothing was said in it for days, else open, as somebody may still wait for an answer."""
    if not held.is_history:
        return
    is_past = held.last_at < clock.now() - timedelta(days=settings.get("open_days", OPEN_DAYS))
    if is_past:
        _resolve(held)
    elif held.status == Conversation.RESOLVED:
        held.status, held.resolved_at, held.resolved_by = Conversation.OPEN, None, ""
        gathering.save(held, "status", "resolved_at", "resolved_by")
        steps.record(held, verbs.REOPENED, by=SYSTEM, at=held.last_at, is_live=False)


def _resolve(held: Conversation) -> None:
    """With the last word; a later one moves the end, so that the facts say when it was over only once."""
    was_resolved = held.status == Conversation.RESOLVED
    held.status, held.resolved_at, held.resolved_by = Conversation.RESOLVED, held.last_at, str(SYSTEM)
    gathering.save(held, "status", "resolved_at", "resolved_by")
    if not was_resolved:
        steps.record(held, verbs.RESOLVED, by=SYSTEM, at=held.last_at, is_live=False)

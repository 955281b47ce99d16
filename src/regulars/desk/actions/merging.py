"""Two conversations that are one matter: joined for every reader, and taken apart again.

Messages and steps stay where they came, and reads gather them by `merged_into`; so taking a merge
back restores exactly what was there. What the joined one's row says stays untouched meanwhile.
"""

from django.db import transaction

from regulars.desk import verbs
from regulars.desk.actions import holding, states, steps, summaries
from regulars.desk.errors import (
    AlreadyMerged,
    CannotMergeWithItself,
    MergeAlreadyUndone,
    NoSuchConversation,
    NoSuchMerge,
)
from regulars.desk.models import Conversation, Merge, Step
from regulars.desk.selectors.visible import visible_to
from regulars.kernel import clock
from regulars.kernel.actors import Actor


@transaction.atomic
def merge(kept_id: int, merged_id: int, *, by: Actor, batch: str = "") -> Merge:
    """Show the second as part of the first from now on. Both must be shown themselves, not merged already."""
    if kept_id == merged_id:
        raise CannotMergeWithItself
    held = {row.pk: row for row in holding.hold_all([kept_id, merged_id], by=by)}
    if len(held) < 2:
        raise _why_not([kept_id, merged_id], by=by)
    return merge_held(held[kept_id], held[merged_id], by=by, batch=batch)


def merge_held(kept: Conversation, merged: Conversation, *, by: Actor, batch: str = "") -> Merge:
    """Join two held conversations. What is still open in one is open in both together."""
    before = {"kept": states.standing(kept), "merged": states.standing(merged)}
    row = Merge.objects.create(kept=kept, merged=merged, at=clock.now(), actor=str(by), before=before)
    _show_as(kept.pk, {merged.pk, *_below(merged.pk)})
    details = {"merge_id": row.pk, "merged": merged.pk, "subject": merged.subject}
    steps.record(kept, verbs.MERGED, by=by, details=details, properties={"merged": merged.pk}, batch=batch)
    if merged.is_open and not kept.is_open:
        states.to_open(kept, by=by, batch=batch)
    summaries.count_again(kept)
    return row


@transaction.atomic
def undo(merge_id: int, *, by: Actor, batch: str = "") -> Merge:
    """Take one merge back; merges made before and after it stand.

    Whatever had been joined to the separated conversation goes with it, and each stands as it did.
    """
    found = Merge.objects.filter(pk=merge_id).first()
    if found is None:
        raise NoSuchMerge
    kept = holding.hold(found.merged_id, by=by)
    row = Merge.objects.select_for_update().get(pk=merge_id)
    if row.undone_at is not None:
        raise MergeAlreadyUndone
    if not visible_to(by).filter(pk=row.merged_id).exists():
        raise NoSuchConversation
    row.undone_at, row.undone_by = clock.now(), str(by)
    row.save(update_fields=["undone_at", "undone_by"])
    merged = Conversation.objects.select_for_update(no_key=True).get(pk=row.merged_id)
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    _show_as(merged.pk, _below(merged.pk))
    steps.record(
        kept, verbs.UNMERGED, by=by, details={"merged": merged.pk}, properties={"merged": merged.pk}, batch=batch
    )
    own = kept if kept.pk == row.kept_id else Conversation.objects.select_for_update(no_key=True).get(pk=row.kept_id)
    _stand_as_before(own, row, by=by, batch=batch)
    summaries.count_again(kept)
    summaries.count_again(merged)
    return row


def _stand_as_before(kept: Conversation, row: Merge, *, by: Actor, batch: str) -> None:
    """A kept conversation that only the merge opened is settled again, if nothing was done in it since.

    It may have been joined to another meanwhile, and out of sight: it is this one that stands as before, not that.
    """
    before = row.before.get("kept", {})
    if before.get("status") != Conversation.RESOLVED or kept.status != Conversation.OPEN:
        return
    of_itself = (verbs.MERGED, verbs.UNMERGED, verbs.REOPENED, *verbs.QUIET)
    if not Step.objects.filter(conversation=kept, at__gt=row.at).exclude(verb__in=of_itself).exists():
        states.restore(kept, before, by=by, batch=batch)


def _show_as(head_id: int, ids: set[int]) -> None:
    Conversation.objects.filter(pk__in=ids).update(merged_into=head_id)


def _below(conversation_id: int) -> set[int]:
    """Everything joined to this one by merges that stand, directly or through others."""
    found: set[int] = set()
    level = {conversation_id}
    while level:
        below = Merge.objects.filter(kept__in=level, undone_at=None).values_list("merged_id", flat=True)
        level = set(below) - found
        found |= level
    return found


def _why_not(ids: list[int], *, by: Actor) -> Exception:
    is_seen = visible_to(by).filter(pk__in=ids).count() == len(ids)
    return AlreadyMerged() if is_seen else NoSuchConversation()

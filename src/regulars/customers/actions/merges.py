"""Two customers who are one person: joined for every reader, and taken apart again.

Nothing moves. Facts, identities, labels and consents stay with the row they came to, and reads
gather them by `merged_into`; so taking a merge back restores exactly what was there.
"""

from django.db import transaction

from regulars.accounts import audit_verbs
from regulars.accounts.actions import audit
from regulars.customers.actions import holding, profiles
from regulars.customers.errors import AlreadyMerged, CannotMergeWithItself, MergeAlreadyUndone
from regulars.customers.events import CustomersMerged, MergeUndone
from regulars.customers.models import Customer, Merge
from regulars.kernel import clock, facts, people
from regulars.kernel.actors import Actor
from regulars.kernel.errors import NotFound
from regulars.kernel.events import publish
from regulars.kernel.fact_names import CUSTOMERS_MERGED, MERGE_UNDONE


@transaction.atomic
def merge(kept_id: int, merged_id: int, *, by: Actor, why: str = "") -> Merge:
    """Show the second as the first from now on. Both must be shown themselves, not merged already."""
    if kept_id == merged_id:
        raise CannotMergeWithItself
    held = holding.hold_families([kept_id, merged_id])
    if held[kept_id].merged_into_id or held[merged_id].merged_into_id:
        raise AlreadyMerged
    row = Merge.objects.create(kept_id=kept_id, merged_id=merged_id, at=clock.now(), actor=str(by), why=why)
    _show_as(kept_id, {merged_id, *(pk for pk, member in held.items() if member.merged_into_id == merged_id)})
    profiles.refresh_search([kept_id])
    people.tell_merged(kept_id, merged_id)
    facts.record(CUSTOMERS_MERGED, customer_id=kept_id, properties={"merged_id": merged_id, "by": str(by)})
    publish(CustomersMerged(kept_id=kept_id, merged_id=merged_id, actor=by))
    audit.note(audit_verbs.CUSTOMERS_MERGED, by=by, subject=f"customer:{kept_id}", details={"merged_id": merged_id})
    return row


@transaction.atomic
def undo(merge_id: int, *, by: Actor) -> Merge:
    """Take one merge back; merges made before and after it stand.

    Whoever had been merged into the separated customer goes with them.
    """
    row = Merge.objects.filter(pk=merge_id).first()
    if row is None:
        raise NotFound
    kept_id, merged_id = holding.hold(row.merged_id).pk, row.merged_id
    row.refresh_from_db()
    if row.undone_at:
        raise MergeAlreadyUndone
    row.undone_at, row.undone_by = clock.now(), str(by)
    row.save(update_fields=["undone_at", "undone_by"])
    Customer.objects.filter(pk=merged_id).update(merged_into=None)
    _show_as(merged_id, _below(merged_id))
    profiles.refresh_search([kept_id, merged_id])
    people.tell_unmerged(kept_id, merged_id)
    facts.record(MERGE_UNDONE, customer_id=kept_id, properties={"merged_id": merged_id, "by": str(by)})
    publish(MergeUndone(kept_id=kept_id, merged_id=merged_id, actor=by))
    audit.note(audit_verbs.MERGE_UNDONE, by=by, subject=f"customer:{kept_id}", details={"merged_id": merged_id})
    return row


def merge_of(merge_id: int) -> Merge:
    """One merge, standing or undone."""
    return Merge.objects.get(pk=merge_id)


def _show_as(head_id: int, customer_ids: set[int]) -> None:
    Customer.objects.filter(pk__in=customer_ids).update(merged_into=head_id)


def _below(customer_id: int) -> set[int]:
    """Everybody merged into this one by merges that stand, directly or through others."""
    found: set[int] = set()
    level = {customer_id}
    while level:
        below = Merge.objects.filter(kept__in=level, undone_at=None).values_list("merged_id", flat=True)
        level = set(below) - found
        found |= level
    return found

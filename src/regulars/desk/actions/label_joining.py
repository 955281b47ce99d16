"""Two labels become one: whatever names the one follows at once, the conversations in small batches.

The joined one stays as another name of the one it was joined into, so that whoever still says it, or put it on
at this very moment, means that one. A batch holds its conversations as everybody does who labels them, for the
blink it takes; any of them may be done twice.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models.functions import Coalesce

from regulars.accounts import audit_verbs, permission
from regulars.accounts.actions import audit
from regulars.desk.actions import holding, label_following
from regulars.desk.errors import LabelJoinsItself, NoSuchLabel
from regulars.desk.models import Conversation, Label
from regulars.desk.selectors import label_uses
from regulars.kernel import clock, jobs
from regulars.kernel.actors import SYSTEM, Actor

RUN: Final = "desk.join_labels"
BATCH: Final = 500
A_LOOK: Final = 20_000
LATER: Final = timedelta(minutes=1)  # no transaction from before the joining is still under way then

_MOVE: Final = """
UPDATE desk_conversation_labels AS worn SET label_id = %(into)s
WHERE label_id = %(label)s AND conversation_id = ANY(%(ids)s) AND NOT EXISTS (
    SELECT FROM desk_conversation_labels AS own WHERE own.conversation_id = worn.conversation_id
    AND own.label_id = %(into)s
)
"""
_DROP: Final = "DELETE FROM desk_conversation_labels WHERE label_id = %(label)s AND conversation_id = ANY(%(ids)s)"


def join(label_id: int, into_id: int, *, by: Actor) -> Label:
    """Make one label of two, and move their conversations where they are few; of many, a job does."""
    other = begin(label_id, into_id, by=by)
    move_few(label_id)
    return other


@transaction.atomic
def begin(label_id: int, into_id: int, *, by: Actor) -> Label:
    """Make one label of two: the second stays. It cannot be taken back; done a second time it changes nothing.

    Facts keep the words of their time, and what has ended counts under the name it ended with. No conversation is
    waited for while the labels are held.
    """
    permission.require("manage_desk", by=by)
    if label_id == into_id:
        raise LabelJoinsItself
    row, other = _held(label_id, into_id)
    if row.joined_into_id is None:
        label_following.into_label(row, other, by=by)
        # Its own other names, too, so that each says at once which it is.
        Label.objects.filter(joined_into=row).update(joined_into=other)
        row.joined_into, row.joined_at = other, clock.now()
        row.save(update_fields=["joined_into", "joined_at"])
        details = {"name": other.name, "from": row.name, "to": other.name}
        audit.note(audit_verbs.LABELS_JOINED, by=by, subject=f"label:{other.pk}", details=details)
        if not _are_few(label_id):
            jobs.defer(RUN, lock=f"{RUN}:{label_id}", label_id=label_id)
        jobs.defer(RUN, lock=f"{RUN}:{label_id}", at=clock.now() + LATER, label_id=label_id)
    return other


def _held(label_id: int, into_id: int) -> tuple[Label, Label]:
    """Both, as long as the first is on its own or the second's already."""
    rows = Label.objects.select_for_update().filter(pk__in=[label_id, into_id]).order_by("pk")
    held = {one.pk: one for one in rows}
    row, other = held.get(label_id), held.get(into_id)
    if row is None or other is None or other.joined_into_id is not None:
        raise NoSuchLabel
    if row.joined_into_id not in (None, other.pk):
        raise NoSuchLabel
    return row, other


def move_few(label_id: int) -> None:
    """Move the conversations of a joined label where one batch is all of them."""
    if _are_few(label_id):
        move(label_id)


def _are_few(label_id: int) -> bool:
    return label_uses.bearers(label_id)[: BATCH + 1].count() <= BATCH


def move(label_id: int) -> None:
    """Let the conversations that still bear a joined label bear the one it was joined into."""
    while ids := list(
        label_uses.bearers(label_id).order_by("conversation_id").values_list("conversation_id", flat=True)[:A_LOOK]
    ):
        for start in range(0, len(ids), BATCH):
            if not _move(label_id, ids[start : start + BATCH]):
                return


@transaction.atomic
def _move(label_id: int, conversation_ids: Sequence[int]) -> bool:
    """Whether there was somewhere to move them: the label may have been taken away meanwhile."""
    heads = Conversation.objects.filter(pk__in=conversation_ids).annotate(head=Coalesce("merged_into_id", "pk"))
    holding.hold_all(sorted(set(heads.values_list("head", flat=True))), by=SYSTEM)
    into = Label.objects.filter(pk=label_id).values_list("joined_into", flat=True).first()
    if into is None:
        return False
    said = {"label": label_id, "into": into, "ids": list(conversation_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, said)
        cursor.execute(_DROP, said)
    return True

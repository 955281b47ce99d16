"""What the desk keeps about a customer: their conversations, with everything in them."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import F, Q, QuerySet

from regulars.channels.actions import incoming
from regulars.desk.actions import erasing_named, erasing_said, erasing_unsent, exports, indexing, renaming, side_erasing
from regulars.desk.actions.files import SWEEP
from regulars.desk.models import Attachment, Conversation, Draft, Merge, Message, Step
from regulars.desk.selectors.visible import visible_to
from regulars.kernel import jobs, people
from regulars.kernel.actors import Actor

CARD = (
    "id", "kind", "status", "priority", "subject", "created_at", "last_at", "resolved_at", "merged_into_id", "fields",
)  # fmt: skip
SAID = ("id", "conversation_id", "author_kind", "author_name", "subject", "text", "quoted", "signature", "at")


def export(ids: Sequence[int]) -> dict[str, Any]:
    """Conversations and what was said in them, notes left out: those are between colleagues."""
    said = Message.objects.filter(conversation__in=_of(ids), kind=Message.MESSAGE, removed_at=None).order_by("pk")
    return {
        "conversations": list(_of(ids).order_by("pk").values(*CARD)),
        "messages": said.values(*SAID).iterator(),
        "attachments": _attachments(ids),
    }


def erase(ids: Sequence[int]) -> int:
    """Conversations go with all that was said, noted and attached, and the mails as they came.

    So do their side conversations, and what the customer wrote in the conversations of others; and every export.
    """
    exports.throw_all_away()
    locked = (
        _of(ids).select_for_update().order_by(F("merged_into").asc(nulls_first=True), "pk")
    )  # see `actions.holding`
    mine = list(locked.values_list("pk", flat=True))
    elsewhere = erasing_said.touched(mine, customer_ids=ids)
    removed = side_erasing.erase(mine)
    more, files = erasing_said.erase(mine, elsewhere, customer_ids=ids)
    removed += more + _erase_own(mine, files) + erasing_unsent.erase(ids, files)
    if elsewhere.ids:
        erasing_said.show_again(elsewhere)
    if files:
        jobs.defer(SWEEP, digests=sorted(set(files)))
    return removed


def forget(addresses: Collection[str]) -> int:
    """Their addresses leave the messages, drafts and side conversations of others."""
    return side_erasing.forget(addresses) + erasing_named.forget(addresses) + erasing_unsent.forget(addresses)


def hides(ids: Sequence[int], by: Actor) -> bool:
    """Whether one of their conversations is with a closed team the actor is not in."""
    return _of(ids).count() > visible_to(by).filter(customer__in=ids).count()


def _erase_own(mine: list[int], files: list[str]) -> int:
    """Their conversations; the files in them are added to those that nobody names any more."""
    if not mine:
        return 0
    said = Message.objects.filter(conversation__in=mine)
    came = list(said.exclude(incoming_id=None).values_list("incoming_id", flat=True))
    files += _digests(mine)
    words, removed = indexing.words_in(mine), incoming.erase(came)
    Conversation.objects.filter(merged_into__in=mine).update(merged_into=None)
    Merge.objects.filter(Q(kept__in=mine) | Q(merged__in=mine)).delete()
    for rows in (Step.objects.filter(conversation__in=mine), said, Conversation.objects.filter(pk__in=mine)):
        removed += rows.delete()[0]
    indexing.unlearn(words)
    return removed


def _of(ids: Sequence[int]) -> QuerySet[Conversation]:
    return Conversation.objects.filter(customer__in=ids)


def _attachments(ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    rows = Attachment.objects.filter(message__conversation__in=_of(ids), message__kind=Message.MESSAGE).order_by("pk")
    return rows.values("message_id", "name", "type", "size", "digest").iterator()


def _digests(conversation_ids: list[int]) -> Iterator[str]:
    yield from Attachment.objects.filter(message__conversation__in=conversation_ids).values_list("digest", flat=True)
    for files in Draft.objects.filter(conversation__in=conversation_ids).values_list("attachments", flat=True):
        yield from (item["digest"] for item in files)


people.register(
    people.Keeper(
        "desk",
        ("desk.Conversation", "desk.Merge", "desk.FirstDraft"),
        export=export,
        erase=erase,
        forget=forget,
        hides=hides,
        renamed=renaming.write_later,
    )
)

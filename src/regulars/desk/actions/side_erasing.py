"""What an erasure takes of side conversations: those of the customer, and the customer in those of others.

Whoever was asked beside somebody's conversation may be, or become, a customer of ours as well. When that
customer is erased, what they wrote there goes, with its files and the mail as it came, and their address
leaves the lists of who takes part, and mails of others that name it; a side conversation with nobody but
them goes whole.
"""

from collections.abc import Collection, Sequence

from django.db.models import Q

from regulars.channels.actions import erasing, incoming
from regulars.desk.actions import indexing, summaries
from regulars.desk.actions.files import SWEEP
from regulars.desk.models import Conversation, SideConversation, SideFile, SideMessage
from regulars.kernel import jobs

ABOUT = "side:"
PEOPLE = ("from", "to", "cc", "bcc", "reply_to")


def erase(conversation_ids: Sequence[int]) -> int:
    """Take away what was asked beside these conversations."""
    own = list(SideConversation.objects.filter(conversation__in=conversation_ids).values_list("pk", flat=True))
    return _remove(Q(side__in=own)) + SideConversation.objects.filter(pk__in=own).delete()[0] if own else 0


def forget(known: Collection[str]) -> int:
    """Take away what these addresses wrote beside the conversations of others, and them from who takes part."""
    sides = _with(known)
    if not sides:
        return 0
    heads = {side.conversation_id for side in sides}
    words = indexing.words_in(sorted(heads))
    theirs = [side.pk for side in sides if erasing.others(side.participants, known) == []]
    wrote = Q(author_address__in=known, side__in=[side.pk for side in sides])
    removed = _remove(Q(side__in=theirs) | wrote) + SideConversation.objects.filter(pk__in=theirs).delete()[0]
    for side in sides:
        if side.pk not in theirs:
            _leave(side, known)
    _count_again(heads, words)
    return removed


def _with(known: Collection[str]) -> list[SideConversation]:
    """Side conversations in which one of these addresses takes part, wrote, or was written to."""
    if not known:
        return []
    wrote = SideMessage.objects.filter(author_address__in=known).values("side")
    named = Q()
    for address in known:
        named |= Q(participants__contains=[{"address": address}])
    found = SideConversation.objects.filter(named | Q(pk__in=wrote)).values_list("pk", "conversation_id")
    there = dict(found)  # as everybody does: first the conversation, then what is beside it
    list(Conversation.objects.filter(pk__in=there.values()).select_for_update(no_key=True).order_by("pk"))
    return list(SideConversation.objects.filter(pk__in=there).select_for_update().order_by("pk"))


def _remove(going: Q) -> int:
    rows = SideMessage.objects.filter(going)
    ids = list(rows.values_list("pk", flat=True))
    came = list(rows.exclude(incoming_id=None).values_list("incoming_id", flat=True))
    files = sorted(set(SideFile.objects.filter(message__in=ids).values_list("digest", flat=True)))
    removed = incoming.erase(came) + erasing.erase_letters([f"{ABOUT}{pk}" for pk in ids])
    removed += SideMessage.objects.filter(pk__in=ids).delete()[0]
    if files:
        jobs.defer(SWEEP, digests=files)
    return removed


def _leave(side: SideConversation, known: Collection[str]) -> None:
    """Their address goes from who takes part, from every message, and from what carried them."""
    side.participants = erasing.others(side.participants, known)
    side.message_count = SideMessage.objects.filter(side=side, removed_at=None).count()
    side.save(update_fields=["participants", "message_count"])
    for message in SideMessage.objects.filter(side=side):
        left = {role: erasing.others(there, known) for role, there in message.recipients.items() if role in PEOPLE}
        if left != message.recipients:
            erasing.erase_letters([f"{ABOUT}{message.pk}"])
            incoming.blank([message.incoming_id] if message.incoming_id else [])
            SideMessage.objects.filter(pk=message.pk).update(recipients=left)


def _count_again(conversation_ids: set[int], words: Sequence[str]) -> None:
    for held in Conversation.objects.filter(pk__in=conversation_ids).order_by("pk"):
        summaries.count_sides(Conversation.objects.get(pk=held.merged_into_id) if held.merged_into_id else held)
    if conversation_ids:
        indexing.index(conversation_ids)
        indexing.unlearn(words)

"""What an erasure takes of side conversations: those of the customer, and the customer in those of others.

Whoever was asked beside somebody's conversation may be, or become, a customer of ours as well. When that
customer is erased, what they wrote there goes, with its files and the mail as it came, and their address
leaves the lists of who takes part; a side conversation with nobody but them goes whole.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from regulars.channels.actions import erasing, incoming
from regulars.customers.selectors import addresses
from regulars.desk.actions import indexing, summaries
from regulars.desk.actions.files import SWEEP
from regulars.desk.models import Conversation, SideConversation, SideFile, SideMessage
from regulars.kernel import jobs

ABOUT = "side:"
PEOPLE = ("from", "to", "cc", "bcc", "reply_to")


def erase(conversation_ids: Sequence[int], *, customer_ids: Sequence[int]) -> int:
    """Take away what belongs to these conversations, and what these customers wrote beside those of others."""
    known = addresses.every(list(customer_ids))
    of_others = _with(known, but=conversation_ids)
    theirs = [side.pk for side in of_others if _others(side.participants, known) == []]
    own = SideConversation.objects.filter(conversation__in=conversation_ids).values_list("pk", flat=True)
    whole = sorted({*own, *theirs})
    going = Q(side__in=whole) | Q(author_address__in=known, side__in=[side.pk for side in of_others])
    heads = {side.conversation_id for side in of_others}
    words = indexing.words_in(sorted(heads)) if heads else []
    removed = _remove(going)
    removed += SideConversation.objects.filter(pk__in=whole).delete()[0]
    for side in of_others:
        if side.pk not in theirs:
            _leave(side, known)
    _count_again(heads, words)
    return removed


def _with(known: set[str], *, but: Sequence[int]) -> list[SideConversation]:
    """Side conversations of others in which one of these addresses takes part, wrote, or was written to."""
    if not known:
        return []
    wrote = SideMessage.objects.filter(author_address__in=known).values("side")
    named = Q()
    for address in known:
        named |= Q(participants__contains=[{"address": address}])
    rows = SideConversation.objects.exclude(conversation__in=but).filter(named | Q(pk__in=wrote))
    return list(rows.select_for_update().order_by("pk"))


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


def _leave(side: SideConversation, known: set[str]) -> None:
    """Their address goes from who takes part, from every message, and from what carried them."""
    side.participants = _others(side.participants, known)
    side.message_count = SideMessage.objects.filter(side=side, removed_at=None).count()
    side.save(update_fields=["participants", "message_count"])
    for message in SideMessage.objects.filter(side=side):
        left = {role: _others(there, known) for role, there in message.recipients.items() if role in PEOPLE}
        if left != message.recipients:
            erasing.erase_letters([f"{ABOUT}{message.pk}"])
            SideMessage.objects.filter(pk=message.pk).update(recipients=left)


def _others(people: Iterable[dict[str, Any]], known: set[str]) -> list[dict[str, Any]]:
    return [one for one in people if str(one.get("address") or "").lower() not in known]


def _count_again(conversation_ids: set[int], words: Sequence[str]) -> None:
    for held in Conversation.objects.filter(pk__in=conversation_ids).select_for_update().order_by("pk"):
        summaries.count_sides(Conversation.objects.get(pk=held.merged_into_id) if held.merged_into_id else held)
    if conversation_ids:
        indexing.index(conversation_ids)
        indexing.unlearn(words)

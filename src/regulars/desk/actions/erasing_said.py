"""What an erasure takes of the conversations of others: what the customer said there, and what is shown of it.

Somebody who reads along answers in a conversation that is another's; and conversations of two customers may have
been joined, and split again. Those go on, and lists and the search show them without who is gone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from regulars.channels.actions import incoming
from regulars.desk import verbs
from regulars.desk.actions import indexing, summaries
from regulars.desk.models import Attachment, Conversation, Message, Step


@dataclass(frozen=True, slots=True)
class Touched:
    """Conversations of others that an erasure changes, and every word the search knew of them before."""

    ids: list[int]
    words: list[str]


def touched(mine: Sequence[int], *, customer_ids: Sequence[int]) -> Touched:
    """Where the customer wrote, what theirs was joined to, and what was joined to theirs; held until the end."""
    wrote = set(_said(mine, customer_ids).values_list("conversation_id", flat=True))
    near = Q(pk__in=wrote) | Q(merged__in=mine) | Q(merged_into__in=mine)
    rows = Conversation.objects.filter(near).exclude(pk__in=mine).values_list("pk", "merged_into")
    found = {pk for row in rows for pk in row if pk} - set(mine)
    held = Conversation.objects.filter(pk__in=found).select_for_update(no_key=True).order_by("pk")
    ids = list(held.values_list("pk", flat=True))
    return Touched(ids, indexing.words_in(ids) if ids else [])


def erase(mine: Sequence[int], there: Touched, *, customer_ids: Sequence[int]) -> tuple[int, list[str]]:
    """Take away what the customer said elsewhere; returns how many rows, and the files that came with it."""
    said = _said(mine, customer_ids)
    files = list(Attachment.objects.filter(message__in=said).values_list("digest", flat=True))
    came = list(said.exclude(incoming_id=None).values_list("incoming_id", flat=True))
    removed = incoming.erase(came) + said.delete()[0]
    steps = Step.objects.filter(conversation__in=there.ids)
    steps.filter(actor__in=[f"customer:{pk}" for pk in customer_ids]).update(actor_name="")
    for step in steps.filter(verb=verbs.MERGED, details__merged__in=list(mine)):
        Step.objects.filter(pk=step.pk).update(details={**step.details, "subject": ""})
    return removed, files


def show_again(there: Touched) -> None:
    """Count again what lists show, and write anew what the search knows."""
    for held in Conversation.objects.filter(pk__in=there.ids, merged_into=None).order_by("pk"):
        summaries.count_again(held)
    indexing.index(there.ids)
    indexing.unlearn(there.words)


def _said(mine: Iterable[int], customer_ids: Sequence[int]) -> QuerySet[Message]:
    rows = Message.objects.filter(author_kind="customer", author_id__in=customer_ids)
    return rows.exclude(conversation__in=list(mine))

"""A customer is called something else, or two are one: the search finds their conversations by that from now on.

Asked for in the transaction that changed the customers, however many at a time; of those without a
conversation nothing is left to do. The rest is done by jobs, one after the other, the latest
conversations first. A job may be done twice.
"""

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from regulars.customers.selectors import families
from regulars.desk.actions import indexing
from regulars.desk.models import Conversation
from regulars.kernel import jobs, tail

WRITE: Final = "desk.write_words_anew"
A_JOB: Final = 1_000  # conversations: a file of a million customers is some hundreds of jobs


def write_later(customer_ids: Sequence[int]) -> None:
    """Have the words of these customers' conversations written anew, of those merged into them too."""
    theirs = Conversation.objects.filter(customer__in=list(families.members(customer_ids)), merged_into=None)
    ids = list(theirs.order_by("-last_at", "-pk").values_list("pk", flat=True))
    for start in range(0, len(ids), A_JOB):
        jobs.defer(WRITE, lock=indexing.CONSUMER, conversation_ids=ids[start : start + A_JOB])


def write(conversation_ids: Sequence[int]) -> None:
    """Write the words of these conversations anew, some at a time, in this order."""
    for start in range(0, len(conversation_ids), indexing.AT_ONCE):
        _write(conversation_ids[start : start + indexing.AT_ONCE])


@transaction.atomic
def _write(conversation_ids: Sequence[int]) -> None:
    """While the reader of the log stands still, so that neither waits for the other nor writes what it read before.

    What nobody is called any more is forgotten as a word too: an erasure would not know it.
    """
    tail.hold(indexing.CONSUMER)
    before = indexing.words_in(conversation_ids)
    indexing.index(conversation_ids)
    if gone := set(before) - set(indexing.words_in(conversation_ids)):
        indexing.unlearn(sorted(gone))

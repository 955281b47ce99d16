"""The desk's facts about conversations, out of the log, and the episodes they make."""

import json
from collections.abc import Sequence

from django.db import connection
from django.db.models import Q

from regulars.desk.episodes import NAMES, DeskFact, Episode, fold
from regulars.desk.models import Link, Merge

# Its condition is that of the index `fact_of_conversation`, word for word.
_FACTS = """
SELECT name, occurred_at, (properties ->> 'conversation_id')::bigint, customer_id, properties::text
FROM kernel_fact
WHERE source_id = 1 AND properties ? 'conversation_id'
  AND (properties ->> 'conversation_id')::bigint = ANY(%s) AND name = ANY(%s)
ORDER BY epoch, tx, id
"""


def facts_of(conversation_ids: Sequence[int]) -> list[DeskFact]:
    """Everything that counts in these conversations, in the order of the log."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [sorted(conversation_ids), list(NAMES)])
        return [
            DeskFact(name, at, conversation_id, customer_id, json.loads(told))
            for name, at, conversation_id, customer_id, told in cursor.fetchall()
        ]


def episodes_of(conversation_ids: Sequence[int]) -> list[Episode]:
    """The episodes of these conversations and of all they were joined with or parted from."""
    return fold(facts_of(related(conversation_ids)))


def related(conversation_ids: Sequence[int]) -> list[int]:
    """These and whatever a merge or a split joins with them, however far; what was undone too."""
    known: set[int] = set()
    new = set(conversation_ids)
    while new:
        known |= new
        pairs = Merge.objects.filter(Q(kept__in=new) | Q(merged__in=new)).values_list("kept", "merged")
        parted = Link.objects.filter(Q(conversation__in=new) | Q(other__in=new), why=Link.SPLIT_FROM)
        found = [*pairs, *parted.values_list("conversation", "other")]
        new = {number for pair in found for number in pair} - known
    return sorted(known)

"""The desk's facts about conversations, out of the log, and the episodes they make."""

import json
from collections.abc import Sequence

from django.db import connection
from django.db.models import Q

from regulars.desk.episodes import NAMES, DeskFact, Episode, fold
from regulars.desk.models import Label, Link
from regulars.kernel import fact_names

# Its condition is that of the index `fact_of_conversation`, word for word.
_FACTS = """
SELECT name, occurred_at, (properties ->> 'conversation_id')::bigint, customer_id, properties::text
FROM kernel_fact
WHERE source_id = 1 AND properties ? 'conversation_id'
  AND (properties ->> 'conversation_id')::bigint = ANY(%s) AND name = ANY(%s)
ORDER BY epoch, tx, id
"""

# Lateral, so that each step looks its few neighbours up and reads no table whole.
_RELATED = """
WITH RECURSIVE found (id) AS (
    SELECT unnest(%s::bigint[])
    UNION
    SELECT neighbour.id FROM found CROSS JOIN LATERAL (
        SELECT kept_id AS id FROM desk_merge WHERE merged_id = found.id
        UNION ALL SELECT merged_id FROM desk_merge WHERE kept_id = found.id
        UNION ALL SELECT other_id FROM desk_link WHERE conversation_id = found.id AND why = %s
        UNION ALL SELECT conversation_id FROM desk_link WHERE other_id = found.id AND why = %s
    ) AS neighbour
) SELECT id FROM found ORDER BY id
"""


def facts_of(conversation_ids: Sequence[int]) -> list[DeskFact]:
    """Everything that counts in these conversations, in the order of the log."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [sorted(conversation_ids), list(NAMES)])
        found = [
            DeskFact(name, at, conversation_id, customer_id, json.loads(told))
            for name, at, conversation_id, customer_id, told in cursor.fetchall()
        ]
    return _by_present_names(found)


def _by_present_names(facts: list[DeskFact]) -> list[DeskFact]:
    """Labels as they are called now: a label that was taken away since was never on, for what is counted from here."""
    ids = {fact.properties["label_id"] for fact in facts if "label_id" in fact.properties}
    if not ids:
        return facts
    rows = Label.objects.filter(Q(pk__in=ids) | Q(joined_into__in=ids)).select_related("joined_into")
    known = {row.pk: row for row in rows}
    return [_by_present_name(fact, known) if "label_id" in fact.properties else fact for fact in facts]


def _by_present_name(fact: DeskFact, known: dict[int, Label]) -> DeskFact:
    """With it go the numbers of those that were joined into it by then: whoever took it off took them off."""
    row = known.get(fact.properties["label_id"])
    if row is None:
        return fact._replace(name=fact_names.CONVERSATION_CHANGED)
    with_it = [
        one.pk for one in known.values() if one.joined_into_id == row.pk and (one.joined_at or fact.at) < fact.at
    ]
    name = (row.joined_into or row).name
    return fact._replace(properties={**fact.properties, "label": name, "with_it": with_it})


def episodes_of(conversation_ids: Sequence[int]) -> list[Episode]:
    """The episodes of these conversations and of all they were joined with or parted from."""
    return fold(facts_of(related(conversation_ids)))


def related(conversation_ids: Sequence[int]) -> list[int]:
    """These and whatever a merge or a split joins with them, however far; what was undone too."""
    with connection.cursor() as cursor:
        cursor.execute(_RELATED, [list(conversation_ids), Link.SPLIT_FROM, Link.SPLIT_FROM])
        return [number for (number,) in cursor.fetchall()]

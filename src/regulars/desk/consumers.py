"""What the desk does with every fact: conversations that moved get their episodes and their words written anew."""

import json
from collections.abc import Sequence

from regulars.desk.actions import episodes, indexing, sorting_out
from regulars.desk.episodes import NAMES
from regulars.kernel import tail
from regulars.kernel.fact_names import DESK_FACTS
from regulars.kernel.facts import PRODUCT_SOURCE_ID
from regulars.kernel.tail import LoggedFact, Position

COUNTING = frozenset(NAMES)


@tail.consumer(episodes.CONSUMER, batch=10_000, pause_seconds=2.0)
def follow(facts: Sequence[LoggedFact], before: Position) -> None:
    """Refold each conversation a batch touches, once; `before` is where the batch begins."""
    episodes.refold(
        json.loads(fact.properties)["conversation_id"]
        for fact in facts
        if fact.source_id == PRODUCT_SOURCE_ID and fact.name in COUNTING
    )


@tail.consumer(indexing.CONSUMER, batch=5_000, pause_seconds=1.0)
def make_findable(facts: Sequence[LoggedFact], before: Position) -> None:
    """Write the words of each conversation a batch touches anew, once."""
    indexing.index(
        json.loads(fact.properties)["conversation_id"]
        for fact in facts
        if fact.source_id == PRODUCT_SOURCE_ID and fact.name in DESK_FACTS
    )


@tail.consumer(sorting_out.CONSUMER, batch=500, pause_seconds=0.5)
def sort_out(facts: Sequence[LoggedFact], before: Position) -> None:
    """Ask the rules about what happened at the desk, then find somebody for what nobody has."""
    sorting_out.sort_out(fact for fact in facts if fact.source_id == PRODUCT_SOURCE_ID and fact.name in DESK_FACTS)

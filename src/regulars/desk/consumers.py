"""What the desk does with every fact: conversations that moved get their episodes written anew."""

import json
from collections.abc import Sequence

from regulars.desk.actions import episodes
from regulars.desk.episodes import NAMES
from regulars.kernel import tail
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

"""Which of many rules a conversation meets: one question for a whole block of them, put into words once.

Asked one after the other, a thousand rules are a thousand questions for everything that happens. What a rule asks
changes only when somebody writes it anew, unless it asks for a time; so the statement of a block is kept for as long
as its rules stay what they are.
"""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final, cast

import structlog
from django.db import connection
from django.db.models import BooleanField, Case, Q, Value, When

from regulars.desk.errors import ConditionNotUsable, TooManyConditions
from regulars.desk.models import Conversation, Rule
from regulars.desk.selectors import conditions
from regulars.desk.selectors.condition_fields import Asker
from regulars.kernel import clock
from regulars.kernel.actors import Actor

log = structlog.get_logger(__name__)

AT_ONCE: Final = 50
_KEPT: Final = 200  # statements: as many as ten thousand rules have
_NOBODY: Final = -7_301_913  # where the number of the conversation comes in a kept statement
_ALL: Final = Q(pk__isnull=False)


def blocks(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """The rules in their order, as many together as are asked at once."""
    rest = iter(rules)
    return iter(lambda: list(islice(rest, AT_ONCE)), [])


def met(block: Sequence[Rule], conversation_id: int) -> set[int]:
    """Those of a block that the conversation meets at this moment; one that cannot be read is met by none."""
    trees = tuple(json.dumps(rule.conditions) for rule in block)
    statement = _kept(trees) or _statement(trees)
    if statement is None:
        return set()
    sql, given, places = statement
    with connection.cursor() as cursor:
        cursor.execute(sql, [conversation_id if each == _NOBODY else each for each in given])
        answers = cursor.fetchone()
    if answers is None:
        return set()
    return {block[place].pk for place, is_met in zip(places, answers, strict=True) if is_met}


Statement = tuple[str, tuple[Any, ...], tuple[int, ...]]  # the words, what is given to them, whose each answer is


class _Asker:
    """Asks as the desk itself does, and notices whether it matters when."""

    by = Actor("system")
    agent_id, is_walked = 0, True

    def __init__(self) -> None:
        self.is_of_a_time = False

    @property
    def now(self) -> Any:
        self.is_of_a_time = True
        return clock.now()


@lru_cache(_KEPT)
def _kept(trees: tuple[str, ...]) -> Statement | None:
    """The statement of a block, where it is the same at any time."""
    asker = _Asker()
    statement = _statement(trees, asker)
    return None if asker.is_of_a_time else statement


def _statement(trees: tuple[str, ...], asker: _Asker | None = None) -> Statement | None:
    asked: dict[int, Q] = {}
    for place, tree in enumerate(trees):
        try:
            asked[place] = conditions.read(json.loads(tree), cast(Asker, asker or _Asker())) or _ALL
        except (ConditionNotUsable, TooManyConditions):
            log.warning("a rule cannot be read any more", conditions=tree[:200])
    if not asked:
        return None
    columns = {
        f"met_{place}": Case(When(where, then=Value(True)), default=Value(False), output_field=BooleanField())
        for place, where in asked.items()
    }
    rows = Conversation.objects.filter(pk=_NOBODY).order_by().annotate(**columns).values_list(*columns)
    sql, given = rows.query.sql_with_params()
    return sql, tuple(given), tuple(asked)

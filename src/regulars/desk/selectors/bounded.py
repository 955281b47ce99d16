"""Lists by conditions that no index leads to: nobody waits for a look at a million conversations.

Such a list is asked for whole first, for a moment. What takes longer is looked for among the next `STRETCH`
conversations in the list's order, and the next page goes on where that ended: a page may be short, even empty, with
more to come, but nothing is ever passed over. What took long is remembered for a while, so that the moment is not
waited for again. Orders that no index holds for every conversation are looked for among the latest alone.
"""

import json
import time
from collections.abc import Callable
from typing import Any, Final

from django.db.models import Q, QuerySet

from regulars.desk.errors import TakesTooLong
from regulars.desk.models import Conversation
from regulars.desk.selectors import alone
from regulars.desk.selectors.alone import OutOfTime
from regulars.desk.selectors.conditions import Tree
from regulars.desk.selectors.sorting import SORTS, Place, Sort, after

STRETCH: Final = 30_000
FIRST_SECONDS, LONGEST_SECONDS = 0.1, 5.0
REMEMBERED_SECONDS: Final = 120.0
MOST_REMEMBERED: Final = 1_000
# Orders an index holds for every conversation.
WALKED: Final = (SORTS["newest"], SORTS["oldest"])
# What an index begins at, however few meet it.
_LED: Final = {("status", "in"), ("status", "not in"), ("assignee", "in"), ("team", "in"), ("following", "is")}

Fetch = Callable[[QuerySet[Any, Any]], list[tuple[Any, ...]]]
_long: dict[str, float] = {}


def is_led(tree: Tree) -> bool:
    """Whether an index leads to what meets the conditions."""
    plain = tree.get("all", [tree]) if isinstance(tree, dict) else ()
    return not tree or all(_is_led(each) for each in plain)


def _is_led(leaf: Any) -> bool:
    return isinstance(leaf, dict) and (not leaf or (leaf.get("field"), leaf.get("is")) in _LED)


def fetch(seconds: float) -> Fetch:
    """How rows are asked for that have so long to come."""
    return lambda rows: alone.rows(rows, seconds=seconds)


def name_of(tree: Tree, *words: object) -> str:
    """What is remembered of a question: who asks is not, as it takes as long for others."""
    return json.dumps([tree, *words], sort_keys=True, default=str)


def took_long(name: str) -> bool:
    """Whether this took long a moment ago."""
    return _long.get(name, 0.0) > time.monotonic()


def remember(name: str) -> None:
    """That this took long."""
    if len(_long) >= MOST_REMEMBERED:
        _long.clear()
    _long[name] = time.monotonic() + REMEMBERED_SECONDS


def end_of_stretch(sort: Sort, start: Place | None, *, is_spam: bool) -> Place | None:
    """The last conversation of the stretch that begins here; None where there are fewer."""
    rows = Conversation.objects.filter(spam_at__isnull=not is_spam, merged_into__isnull=True)
    rows = rows.filter(after(sort, start)) if start else rows
    names = [key.name for key in sort.keys]
    last = rows.order_by(*(key.order for key in sort.keys)).values_list(*names)[STRETCH - 1 : STRETCH]
    return next((Place(list(row)) for row in insisted(last)), None)


def until(sort: Sort, end: Place) -> Q:
    """What does not come after a place; the first key's own bound is what an index can end at."""
    first = sort.keys[0]
    bound = Q(**{f"{first.name}__{'gte' if first.is_descending else 'lte'}": end.values[0]})
    return bound & ~after(sort, end)


def insisted(rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """Rows of a stretch; refused, with what to do, where even that takes too long."""
    try:
        return alone.rows(rows, seconds=LONGEST_SECONDS)
    except OutOfTime as error:
        raise TakesTooLong from error

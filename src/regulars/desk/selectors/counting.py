"""Statements that count what is wanted, put together once for each view and agent.

What conditions mean depends on who asks and when and on nothing else (`conditions`), and most do not depend on
when. Putting a dozen such statements together for every page took longer than answering them.
"""

import json
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from regulars.desk.models import Conversation
from regulars.desk.selectors import conditions
from regulars.kernel.actors import Actor
from regulars.kernel.errors import Invalid

MOST_KEPT: Final = 2_000
Statement = tuple[str, tuple[Any, ...]]

_kept: dict[tuple[str, ...], Statement | None] = {}
_timeless: dict[tuple[str, str], bool] = {}


class Counting:
    """What one actor may see, ready to be counted."""

    def __init__(self, seen: QuerySet[Conversation], *, by: Actor, now: datetime, limit: int) -> None:
        self.seen, self.by, self.now, self.limit = seen, by, now, limit
        self.sight = _text(_compiled(seen.order_by().values("pk")))

    def statement(self, tree: conditions.Tree, *, is_spam: bool) -> Statement | None:
        """The keys of what meets the conditions, as far as is counted; None where nothing can or they make no sense."""
        asked = json.dumps(tree, sort_keys=True, default=str)
        if not self._is_timeless(asked, tree):
            return self._made(tree, is_spam, self.now)
        key = (asked, str(is_spam), str(self.by), self.sight, str(self.limit))
        if key not in _kept:
            _make_room(_kept)
            _kept[key] = self._made(tree, is_spam, self.now)
        return _kept[key]

    def _is_timeless(self, asked: str, tree: conditions.Tree) -> bool:
        """Whether conditions mean the same at another time."""
        key = (asked, str(self.by))
        if key not in _timeless:
            _make_room(_timeless)
            tomorrow = self.now + timedelta(days=1, hours=1, minutes=1, seconds=1)
            _timeless[key] = self._made(tree, False, self.now) == self._made(tree, False, tomorrow)
        return _timeless[key]

    def _made(self, tree: conditions.Tree, is_spam: bool, now: datetime) -> Statement | None:
        shown = self.seen.filter(spam_at__isnull=not is_spam, merged_into__isnull=True)
        try:
            found = shown.filter(conditions.where(tree, by=self.by, now=now))
        except Invalid:
            return None
        return _compiled(found.order_by().values("pk")[: self.limit])


def _compiled(rows: QuerySet[Any, Any]) -> Statement | None:
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(values)


def _text(statement: Statement | None) -> str:
    return repr(statement)


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()

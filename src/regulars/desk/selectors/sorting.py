"""The orders of a list of conversations, and where its next page begins.

A page begins after a place, never at an offset: the place is what the last row was sorted by, so that
a conversation that moves meanwhile is neither shown twice nor passed over.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.db.models import F, Q, QuerySet, Subquery

from regulars.customers.selectors import meeting
from regulars.desk.errors import NoSuchListPage
from regulars.desk.models import Conversation

STAKE: Final = "stake"


@dataclass(frozen=True, slots=True)
class Key:
    """One column a list is sorted by."""

    name: str
    is_descending: bool = False

    @property
    def order(self) -> Any:
        """As the indexes have it: where a number may be missing, those without it come last."""
        if not self.is_descending:
            return F(self.name).asc()
        return F(self.name).desc(nulls_last=True) if self.name == STAKE else F(self.name).desc()

    def beyond(self, value: Any) -> Q:
        return Q(**{f"{self.name}__{'lt' if self.is_descending else 'gt'}": value})

    def from_here(self, value: Any) -> Q:
        return Q(**{f"{self.name}__{'lte' if self.is_descending else 'gte'}": value})


@dataclass(frozen=True, slots=True)
class Sort:
    """An order. `first_with` names a column that may be null: rows without it come last, by their keys.

    What is no column of a conversation is `annotated` to a few rows, and to find the first of many joined by `halves`.
    """

    keys: Sequence[Key]
    first_with: str = ""
    annotated: Subquery | None = None
    halves: Callable[[QuerySet[Conversation]], list[QuerySet[Conversation]]] | None = None


def _when(name: str, *, is_descending: bool = False, first_with: str = "") -> Sort:
    return Sort((Key(name, is_descending), Key("id", is_descending)), first_with)


SORTS: Final[Mapping[str, Sort]] = {
    "newest": _when("last_at", is_descending=True),
    "oldest": _when("last_at"),
    "waiting": _when("waiting_since", first_with="waiting_since"),
    "due": _when("due_at", first_with="due_at"),
    "priority": Sort((Key("priority"), Key("last_at", is_descending=True), Key("id", is_descending=True))),
    "created": _when("created_at", is_descending=True),
    STAKE: Sort(
        (Key(STAKE, is_descending=True), Key("id", is_descending=True)),
        STAKE,
        meeting.number_of(STAKE),
        partial(meeting.joined_with_number, name=STAKE),
    ),
}  # fmt: skip
LAST: Final = Sort((Key("id", is_descending=True),))  # those that have not what the others are sorted by


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: what the last row was sorted by, and whether it was among those that have it."""

    values: list[Any]
    is_among_last: bool = False


def after(sort: Sort, place: Place) -> Q:
    """Whatever comes after a place. The first key's own bound is what an index can begin at."""
    beyond, same = Q(pk__in=[]), Q()
    for key, value in zip(sort.keys, place.values, strict=True):
        beyond |= same & key.beyond(value)
        same &= Q(**{key.name: value})
    return sort.keys[0].from_here(place.values[0]) & beyond


def mark(row: Conversation, sort: Sort) -> str:
    """The place of a row, as an address carries it."""
    is_among_last = bool(sort.first_with) and getattr(row, sort.first_with) is None
    keys = LAST.keys if is_among_last else sort.keys
    return mark_of(Place([getattr(row, key.name) for key in keys], is_among_last))


def mark_of(place: Place) -> str:
    """The same of a place that is known already."""
    text = json.dumps([place.is_among_last, *map(_written, place.values)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(text: str, sort: Sort) -> Place:
    """Read what `mark` wrote; anything else is refused."""
    try:
        is_among_last, *values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        keys = LAST.keys if is_among_last else sort.keys
        read = [_READERS.get(key.name, _moment)(value) for key, value in zip(keys, values, strict=True)]
        return Place(read, is_among_last is True)
    except (ValueError, TypeError, binascii.Error) as error:
        raise NoSuchListPage from error


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(value: Any) -> datetime:
    read = datetime.fromisoformat(value)
    if read.tzinfo is None:
        raise ValueError(value)
    return read


def _whole(value: Any) -> int:
    if type(value) is not int or value >> 63:
        raise ValueError(value)
    return value


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {"id": _whole, "priority": _whole, STAKE: float}

"""The orders of the list of customers, and where a page of one begins: what the address of the next page says."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from regulars.kernel.errors import Invalid


class NoSuchPage(Invalid):
    """This page of the list is not there. Begin again from the top."""


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort: by a value that may be missing, then by id; those without the value come last.

    `direction` repeats the index word for word: PostgreSQL reads an index only in its own order.
    """

    value: str
    cast: str
    direction: str
    tie: str
    is_of_family: bool = False  # whether the merged customer's value counts when it is the greater


SORTS: Final = {
    "seen": Order("shown.last_seen_at", "timestamptz", "DESC NULLS LAST", "DESC", is_of_family=True),
    "name": Order("nullif(lower(left(shown.name, 80)), '')", "text", "ASC", "ASC"),
    "newest": Order("shown.id", "bigint", "DESC", "DESC"),
}


Key = tuple[Any, int, int]  # the sorted value, the id of the row that has it, the id that is shown


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page begins."""

    is_among_valued: bool = True
    value: Any = None
    id: int | None = None


def mark(key: Key) -> str:
    value, row_id, _ = key
    text = json.dumps([value.isoformat() if isinstance(value, datetime) else value, row_id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(after: str, order: Order) -> Start:
    if not after:
        return Start()
    try:
        value, row_id = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if type(row_id) is not int or row_id >> 63:
            raise ValueError
        return Start(value is not None, None if value is None else _READERS[order.cast](value), row_id)
    except (ValueError, TypeError, binascii.Error) as error:
        raise NoSuchPage from error


def _read_text(value: str) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError
    return value.encode().decode()


def _read_number(value: int) -> int:
    if type(value) is not int or value >> 63:
        raise ValueError
    return value


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "timestamptz": datetime.fromisoformat,
    "text": _read_text,
    "bigint": _read_number,
}

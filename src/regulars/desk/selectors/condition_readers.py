"""What kinds of value a condition takes, and reading each; whatever makes no sense raises `ValueError`."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from regulars.desk.languages import UNKNOWN, code_of
from regulars.desk.models import Conversation
from regulars.kernel.currencies import CURRENCIES

LONGEST_TEXT: Final = 200
MOST_VALUES: Final = 200
MOST_HOURS: Final = 24 * 366 * 10

Reader = Callable[[Any], Any]


def _one_of(*allowed: str) -> Reader:
    def read(value: Any) -> str:
        if value not in allowed or not isinstance(value, str):
            raise ValueError(value)
        return value

    return read


def _id_or(*words: str) -> Reader:
    def read(value: Any) -> str | int:
        return value if isinstance(value, str) and value in words else number_id(value)

    return read


def number_id(value: Any) -> int:
    """A key of a row."""
    if type(value) is not int or not 0 < value < 2**63:
        raise ValueError(value)
    return value


def text(value: Any) -> str:
    """A few words."""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST_TEXT or "\x00" in value:
        raise ValueError(value)
    return value.encode().decode()


def number(value: Any) -> float:
    """A number there is an order for."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(value)
    return float(value)


def hours(value: Any) -> float:
    """A length of time, up to ten years."""
    if not 0 <= (asked := number(value)) <= MOST_HOURS:
        raise ValueError(value)
    return asked


def moment(value: Any) -> datetime:
    """A moment as ISO 8601 writes it; without a zone it is UTC."""
    if not isinstance(value, str):
        raise ValueError(value)
    read = datetime.fromisoformat(value)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def yes(value: Any) -> bool:
    """Whether it is so."""
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def plain(value: Any) -> str | float | bool:
    """What a custom field may hold."""
    return value if isinstance(value, bool) else number(value) if isinstance(value, int | float) else text(value)


def day(value: Any) -> str:
    """A day as ISO 8601 writes it."""
    if not isinstance(value, str) or date.fromisoformat(value).isoformat() != value:
        raise ValueError(value)
    return value


def money(value: Any) -> dict[str, Any]:
    """An amount in minor units of a currency."""
    if not isinstance(value, dict) or value.keys() != {"minor", "currency"} or type(value["minor"]) is not int:
        raise ValueError(value)
    if value["currency"] not in CURRENCIES or abs(value["minor"]) >= 2**63:
        raise ValueError(value)
    return value


def nothing(value: Any) -> None:
    """No value at all."""
    if value is not None:
        raise ValueError(value)


def _priority(value: Any) -> int:
    if type(value) is not int or value not in Conversation.PRIORITIES:
        raise ValueError(value)
    return value


def _language(value: Any) -> str:
    """A code without its country, as conversations have it, or that there is none."""
    code = value if value == UNKNOWN else code_of(text(value))
    if not code:
        raise ValueError(value)
    return code


READERS: Final[Mapping[str, Reader]] = {
    "status": _one_of(*Conversation.STATUSES),
    "kind": _one_of(*Conversation.KINDS),
    "priority": _priority,
    "agent": _id_or("me", "nobody"),
    "team": _id_or("mine", "none"),
    "channel": number_id,
    "label": number_id,
    "customer": number_id,
    "customer_label": number_id,
    "company": number_id,
    "language": _language,
    "text": text,
    "number": number,
    "hours": hours,
    "moment": moment,
    "yes": yes,
    "plain": plain,
    "choice": text,
    "day": day,
    "money": money,
    "nothing": nothing,
}


def many(kind: str) -> Reader:
    """A list of values of a kind, at least one."""

    def read(value: Any) -> list[Any]:
        if not isinstance(value, list) or not 0 < len(value) <= MOST_VALUES:
            raise ValueError(value)
        return [READERS[kind](each) for each in value]

    return read

"""Where a page of what is behind a number ends, and how the next one, or the one before, goes on from there.

A page is asked for by the row it begins after, never by how many to leave out: so the five hundredth costs what the
first does. How many there are is counted with the first page and travels with the place.
"""

import base64
import json
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Final

ORDER: Final = "4 DESC NULLS LAST, 3, 1, 2, 5"
BACKWARDS: Final = "4 ASC NULLS FIRST, 3 DESC, 1 DESC, 2 DESC, 5 DESC"


class NoPlace(ValueError):
    """This is no place on a page of ours."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row by all that orders it, how many are before the page it is asked for, and how many there are."""

    seconds: float | None
    began_at: datetime
    conversation_id: int
    episode: int
    row_id: int
    start: int
    n: int

    @property
    def text(self) -> str:
        """As an address carries it."""
        said = json.dumps([*astuple(self)[:1], self.began_at.isoformat(), *astuple(self)[2:]])
        return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")

    @property
    def given(self) -> dict[str, Any]:
        """The same for a query."""
        names = ("seconds", "began_at", "conversation_id", "episode", "row_id")
        return {f"at_{name}": getattr(self, name) for name in names}

    @classmethod
    def read(cls, text: str) -> "Place":
        """What an address carries."""
        try:
            seconds, began_at, *numbers = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            place = cls(seconds if seconds is None else float(seconds), datetime.fromisoformat(began_at), *numbers)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:  # a number or a depth nobody needs
            raise NoPlace from error
        is_whole = all(type(each) is int and 0 <= each < 2**63 for each in numbers)
        if not is_whole or place.began_at.tzinfo is None:
            raise NoPlace
        return place


def after(place: Place, *, seconds: str, columns: str) -> str:
    """The rows behind a place, in order; those without seconds come last."""
    later = f"({columns}) > (%(at_began_at)s, %(at_conversation_id)s, %(at_episode)s, %(at_row_id)s)"
    if place.seconds is None:
        return f"{seconds} IS NULL AND {later}"
    shorter = f"{seconds} < %(at_seconds)s OR {seconds} IS NULL"
    return f"({shorter} OR ({seconds} = %(at_seconds)s AND {later}))"


def before(place: Place, *, seconds: str, columns: str) -> str:
    """The rows before a place."""
    earlier = f"({columns}) < (%(at_began_at)s, %(at_conversation_id)s, %(at_episode)s, %(at_row_id)s)"
    if place.seconds is None:
        return f"({seconds} IS NOT NULL OR {earlier})"
    return f"({seconds} > %(at_seconds)s OR ({seconds} = %(at_seconds)s AND {earlier}))"

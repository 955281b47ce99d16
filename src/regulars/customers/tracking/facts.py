"""Facts that programs send, written many at a time in one round trip.

The database function `customers_track` recognises, makes whoever is new and appends, in one
transaction of its own. It takes the erasures' lock first, so it sees every erasure that ended; each of
its statements sees what others committed meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from django.db import connection

from regulars.customers import normalise
from regulars.customers.actions.recognition import Way
from regulars.kernel import people

SEPARATOR = "\x1f"
MOST_REMEMBERED = 200_000


@dataclass(slots=True)
class Tracked:
    """Facts as columns. `who` says for each which of `ways` it is of; times are microseconds since 1970 in UTC.

    `properties` holds JSON objects that PostgreSQL can store.
    """

    ways: dict[Way, int] = field(default_factory=dict)
    is_verified: list[bool] = field(default_factory=list)  # of each way
    sources: list[int] = field(default_factory=list)  # of each way
    who: list[int] = field(default_factory=list)
    source: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    occurred_us: list[int] = field(default_factory=list)
    message_id: list[str] = field(default_factory=list)
    properties: list[bytes] = field(default_factory=list)
    is_trusted: list[bool] = field(default_factory=list)

    def way(self, way: Way, *, source_id: int, is_verified: bool) -> int:
        """The number of a way among `ways`."""
        number = self.ways.get(way)
        if number is None:
            number = self.ways[way] = len(self.ways)
            self.sources.append(source_id)
            self.is_verified.append(is_verified)
        elif is_verified:
            self.is_verified[number] = True
        return number

    def extend(self, other: "Tracked") -> None:
        """Add what somebody else sent."""
        numbers = [
            self.way(way, source_id=source_id, is_verified=is_verified)
            for way, source_id, is_verified in zip(other.ways, other.sources, other.is_verified, strict=True)
        ]
        self.who += [numbers[number] for number in other.who]
        for name in ("source", "name", "occurred_us", "message_id", "properties", "is_trusted"):
            getattr(self, name).extend(getattr(other, name))


_TRACK = """
SELECT stored, erasures, array_to_string(ids, ',')
FROM customers_track(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %b, %s)
"""


class Store:
    """One process's way to write tracked facts.

    It remembers whose the ways are that it saw. That holds until somebody is erased: with every
    call it says which erasure it knows as the latest, and the database writes nothing when there
    was a later one; then everything remembered is forgotten. Ways are never given to another
    customer: a merge leaves them where they are.
    """

    def __init__(self) -> None:
        self._owners: dict[tuple[Way, bool], int] = {}
        self._erasures = 0

    def write(self, tracked: Tracked, *, received_at: datetime) -> int:
        """Write facts for good and return how many were new. One transaction, committed when this returns."""
        if not tracked.who:
            return 0
        while (stored := self._call(tracked, received_at)) is None:
            continue
        return stored

    def _call(self, tracked: Tracked, received_at: datetime) -> int | None:
        """Past Django's cursor, which would write every value into the statement's text. None: look up again."""
        erasures, owners = self._erasures, self._owners
        ways = list(zip(tracked.ways, tracked.is_verified, strict=True))
        known = [owners.get(way, 0) for way in ways]
        unknown = [place for place, owner in enumerate(known) if not owner]
        for number, place in enumerate(unknown, start=1):
            known[place] = -number
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            arguments = [
                received_at,
                erasures,
                *_of_ways(tracked, [ways[place][0] for place in unknown], unknown),
                *_of_facts(tracked, known),
            ]
            row = cursor.execute(_TRACK, arguments, prepare=True).fetchone()
        stored, latest, found = row or (None, 0, None)
        if stored is None:
            self._owners, self._erasures = {}, latest
            return None
        if found and not connection.in_atomic_block:  # what is not committed yet may be taken back
            self._remember(owners, [ways[place] for place in unknown], found)
        return stored

    def _remember(self, owners: dict[tuple[Way, bool], int], ways: Sequence[tuple[Way, bool]], found: str) -> None:
        """Into the very dictionary the call began with: one that was forgotten meanwhile stays forgotten."""
        if len(owners) > MOST_REMEMBERED:
            owners.clear()
        owners.update({way: int(owner) for way, owner in zip(ways, found.split(","), strict=True) if owner != "0"})


def _of_ways(tracked: Tracked, ways: Sequence[Way], places: Sequence[int]) -> list[object]:
    return [
        SEPARATOR.join(kind for kind, _ in ways),
        _joined([value for _, value in ways]),
        _joined(["" if kind == "anonymous" else normalise.fold(value) for kind, value in ways]),
        SEPARATOR.join(people.digest(*way).hex() for way in ways),
        _numbers([tracked.sources[place] for place in places]),
        _truths([tracked.is_verified[place] for place in places]),
    ]


def _of_facts(tracked: Tracked, known: Sequence[int]) -> list[object]:
    return [
        _numbers([known[place] for place in tracked.who]),
        _numbers(tracked.source),
        _joined(tracked.name),
        _numbers(tracked.occurred_us),
        _joined(tracked.message_id),
        b"\x1f".join(tracked.properties),
        _truths(tracked.is_trusted),
    ]


def _joined(texts: Sequence[str]) -> str:
    """Texts as one, to be split again by the database. The rare text with the separator in it loses it."""
    joined = SEPARATOR.join(texts)
    if texts and joined.count(SEPARATOR) != len(texts) - 1:
        joined = SEPARATOR.join(text.replace(SEPARATOR, "") for text in texts)
    return joined


def _numbers(numbers: Sequence[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def _truths(truths: Sequence[bool]) -> str:
    return "{" + ",".join(["t" if truth else "f" for truth in truths]) + "}"

"""Facts that programs send, written many at a time in one round trip.

The database function `customers_track` recognises, makes whoever is new and appends, in one
transaction of its own. It looks at the log of erasures' lock first, so it sees every erasure that
ended; each of its statements sees what others committed meanwhile.
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
_MOST_SEEN = 200_000


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


_TRACK = "SELECT customers_track(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %b, %s)"


class Store:
    """One process's way to write tracked facts.

    It remembers which identities it saw in the database, only to save the keyed hashes with which
    new ones are compared to erased ones; should one of them be gone, the database asks for its hash.
    """

    def __init__(self) -> None:
        self._seen: set[Way] = set()

    def write(self, tracked: Tracked, *, received_at: datetime) -> int:
        """Write facts for good and return how many were new. One transaction, committed when this returns."""
        if not tracked.who:
            return 0
        ways = list(tracked.ways)
        stored = self._call(tracked, [None if way in self._seen else people.digest(*way) for way in ways], received_at)
        if stored is None:
            stored = self._call(tracked, [people.digest(*way) for way in ways], received_at)
        if len(self._seen) > _MOST_SEEN:
            self._seen = set()
        self._seen.update(ways)
        return stored or 0

    def _call(self, tracked: Tracked, digests: list[bytes | None], received_at: datetime) -> int | None:
        """Past Django's cursor, which would write every value into the statement's text."""
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            cursor.execute(_TRACK, self._arguments(tracked, digests, received_at), prepare=True)
            row = cursor.fetchone()
            return None if row is None else row[0]

    def _arguments(self, tracked: Tracked, digests: list[bytes | None], received_at: datetime) -> list[object]:
        kinds = [kind for kind, _ in tracked.ways]
        new = [digest is not None for digest in digests]
        search = [
            normalise.fold(value) if is_new and kind != "anonymous" else ""
            for (kind, value), is_new in zip(tracked.ways, new, strict=True)
        ]
        return [
            received_at,
            SEPARATOR.join(kinds),
            _joined([value for _, value in tracked.ways]),
            _joined(search),
            SEPARATOR.join("" if digest is None else digest.hex() for digest in digests),
            _numbers(tracked.sources),
            _truths(tracked.is_verified),
            _numbers(tracked.who),
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
    if joined.count(SEPARATOR) != len(texts) - 1:
        joined = SEPARATOR.join(text.replace(SEPARATOR, "") for text in texts)
    return joined


def _numbers(numbers: Sequence[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def _truths(truths: Sequence[bool]) -> str:
    return "{" + ",".join(["t" if truth else "f" for truth in truths]) + "}"

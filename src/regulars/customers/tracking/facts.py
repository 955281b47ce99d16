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
        self._owners: _Owners = {}
        self._erasures = 0

    def write(self, calls: Sequence[Tracked], *, received_at: datetime) -> int:
        """Write facts for good and return how many were new. One transaction, committed when this returns."""
        if not any(call.who for call in calls):
            return 0
        while (stored := self._call(calls, received_at)) is None:
            continue
        return stored

    def _call(self, calls: Sequence[Tracked], received_at: datetime) -> int | None:
        """Past Django's cursor, which would write every value into the statement's text. None: look up again."""
        erasures, owners, unknown = self._erasures, self._owners, _Unknown()
        who = [number for call in calls for number in _numbered(call, owners, unknown)]
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            arguments = [received_at, erasures, *unknown.as_arguments(), _numbers(who), *_of_facts(calls)]
            row = cursor.execute(_TRACK, arguments, prepare=True).fetchone()
        stored, latest, found = row or (None, 0, None)
        if stored is None:
            self._owners, self._erasures = {}, latest
            return None
        if found and not connection.in_atomic_block:  # what is not committed yet may be taken back
            self._remember(owners, unknown, found)
        return stored

    def _remember(self, owners: "_Owners", unknown: "_Unknown", found: str) -> None:
        """Into the very dictionary the call began with: one that was forgotten meanwhile stays forgotten."""
        if len(owners) > MOST_REMEMBERED:
            owners.clear()
        for (way, is_verified), owner in zip(unknown.ways, found.split(","), strict=True):
            if owner != "0":
                owners[way] = (int(owner), is_verified)


class _Unknown:
    """The ways of one transaction that nobody remembers the owners of."""

    def __init__(self) -> None:
        self.ways: dict[tuple[Way, bool], int] = {}
        self.sources: list[int] = []

    def number(self, way: Way, *, is_verified: bool, source_id: int) -> int:
        """Minus the place among them, by which a fact names its way until the database has looked it up."""
        number = self.ways.get((way, is_verified))
        if number is None:
            number = self.ways[way, is_verified] = -len(self.ways) - 1
            self.sources.append(source_id)
        return number

    def as_arguments(self) -> list[object]:
        ways = [way for way, _ in self.ways]
        return [
            SEPARATOR.join(kind for kind, _ in ways),
            _joined([value for _, value in ways]),
            _joined(["" if kind == "anonymous" else normalise.fold(value) for kind, value in ways]),
            SEPARATOR.join(people.digest(*way).hex() for way in ways),
            _numbers(self.sources),
            _truths([is_verified for _, is_verified in self.ways]),
        ]


_Owners = dict[Way, tuple[int, bool]]  # whose a way is, and whether a trusted source said so


def _numbered(call: Tracked, owners: _Owners, unknown: _Unknown) -> list[int]:
    """For each fact its customer, or the place of its way among the unknown.

    A way that only a browser named so far is looked up again when a trusted source names it.
    """
    numbers: list[int] = []
    for way, is_verified, source_id in zip(call.ways, call.is_verified, call.sources, strict=True):
        owner = owners.get(way)
        if owner is not None and (owner[1] or not is_verified):
            numbers.append(owner[0])
        else:
            numbers.append(unknown.number(way, is_verified=is_verified, source_id=source_id))
    return [numbers[place] for place in call.who]


def _of_facts(calls: Sequence[Tracked]) -> list[object]:
    return [
        _numbers([source for call in calls for source in call.source]),
        _joined([name for call in calls for name in call.name]),
        _numbers([moment for call in calls for moment in call.occurred_us]),
        _joined([message for call in calls for message in call.message_id]),
        b"\x1f".join([text for call in calls for text in call.properties]),
        _truths([truth for call in calls for truth in call.is_trusted]),
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

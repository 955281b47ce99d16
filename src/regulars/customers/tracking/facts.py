"""Facts that programs send, written many at a time in one round trip.

The database function `customers_track` recognises, makes whoever is new and appends, in one
transaction of its own. It takes the erasures' lock first, so it sees every erasure that ended; each of
its statements sees what others committed meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
import numpy as np
import psycopg
from django.db import connection, transaction
from numpy.typing import NDArray

from regulars.customers import normalise
from regulars.customers.actions.recognition import Way
from regulars.customers.tracking import arrays
from regulars.kernel import people

SEPARATOR = "\x1f"
MOST_REMEMBERED = 200_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Tracked:
    """The facts of one call as lists. `who` says for each which of `ways` it is of.

    Times are microseconds since 1970 in UTC; `properties` holds JSON objects that PostgreSQL can store.
    """

    ways: dict[Way, int] = field(default_factory=dict)
    is_verified: list[bool] = field(default_factory=list)  # of each way
    who: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    occurred_us: list[int] = field(default_factory=list)
    message_id: list[str] = field(default_factory=list)
    properties: list[bytes] = field(default_factory=list)
    is_trusted: list[bool] = field(default_factory=list)

    def way(self, way: Way, *, is_verified: bool) -> int:
        """The number of a way among `ways`."""
        number = self.ways.get(way)
        if number is None:
            number = self.ways[way] = len(self.ways)
            self.is_verified.append(is_verified)
        elif is_verified:
            self.is_verified[number] = True
        return number


class Packed(msgspec.Struct, gc=False):
    """The facts of one call as they travel: each column in one piece, so that taking them on costs next to nothing.

    Texts are joined by the separator, numbers are those of NumPy in this machine's order of bytes.
    """

    source_id: int
    received_us: int
    ways: list[Way]
    is_verified: list[bool]
    who: bytes = b""
    occurred_us: bytes = b""
    is_trusted: bytes = b""
    names: str = ""
    message_ids: str = ""
    properties: bytes = b""

    def __len__(self) -> int:
        return len(self.is_trusted)


def pack(tracked: Tracked, *, source_id: int, received_us: int) -> Packed:
    """One call's facts in the form in which they are kept and written."""
    return Packed(
        source_id=source_id,
        received_us=received_us,
        ways=list(tracked.ways),
        is_verified=tracked.is_verified,
        who=np.array(tracked.who, np.int64).tobytes(),
        occurred_us=np.array(tracked.occurred_us, np.int64).tobytes(),
        is_trusted=np.array(tracked.is_trusted, np.bool_).tobytes(),
        names=_joined(tracked.name),
        message_ids=_joined(tracked.message_id),
        properties=b"\x1f".join(tracked.properties),
    )


def moment(since_epoch_us: int) -> datetime:
    """A moment that is given in microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=since_epoch_us)


_TRACK = """
SELECT stored, erasures, array_to_string(ids, ',')
FROM customers_track(%s, %s, %s, %s, %s, %s, %b, %b, %b, %b, %s, %b, %b, %s, %b, %b)
"""


class Store:
    """One thread's way to write tracked facts.

    It remembers whose the ways are that it saw. That holds until somebody is erased: with every
    call it says which erasure it knows as the latest, and the database writes nothing when there
    was a later one; then everything remembered is forgotten. Ways are never given to another
    customer: a merge leaves them where they are.
    """

    def __init__(self) -> None:
        self._owners: _Owners = {}
        self._erasures = 0

    def write(self, calls: Sequence[Packed]) -> int:
        """Write facts and return how many were new. One statement; durable when its transaction is committed."""
        calls = [call for call in calls if len(call)]
        if not calls:
            return 0
        while (stored := self._call(calls)) is None:
            continue
        return stored

    def _call(self, calls: Sequence[Packed]) -> int | None:
        """Past Django's cursor, which would write every value into the statement's text. None: look up again."""
        erasures, owners, unknown = self._erasures, self._owners, _Unknown()
        who = np.concatenate([_numbered(call, owners, unknown) for call in calls])
        received = moment(max(call.received_us for call in calls))
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            arrays.register(cursor)
            arguments = [received, erasures, *unknown.as_arguments(), arrays.bigints(who), *_of_facts(calls)]
            row = cursor.execute(_TRACK, arguments, prepare=True).fetchone()
        stored, latest, found = row or (None, 0, None)
        if stored is None:
            self._owners, self._erasures = {}, latest
            return None
        if found:  # what is not committed may be taken back
            transaction.on_commit(partial(self._remember, owners, unknown, found))
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
            arrays.bigints(np.array(self.sources, np.int64)),
            arrays.booleans(np.array([is_verified for _, is_verified in self.ways], np.bool_)),
        ]


_Owners = dict[Way, tuple[int, bool]]  # whose a way is, and whether a trusted source said so


def _numbered(call: Packed, owners: _Owners, unknown: _Unknown) -> NDArray[np.int64]:
    """For each fact its customer, or the place of its way among the unknown.

    A way that only a browser named so far is looked up again when a trusted source names it.
    """
    numbers: list[int] = []
    for way, is_verified in zip(call.ways, call.is_verified, strict=True):
        owner = owners.get(way)
        if owner is not None and (owner[1] or not is_verified):
            numbers.append(owner[0])
        else:
            numbers.append(unknown.number(way, is_verified=is_verified, source_id=call.source_id))
    return np.array(numbers, np.int64)[np.frombuffer(call.who, np.int64)]


def _of_facts(calls: Sequence[Packed]) -> list[object]:
    counts = [len(call) for call in calls]
    return [
        arrays.bigints(np.repeat(np.array([call.source_id for call in calls], np.int64), counts)),
        SEPARATOR.join([call.names for call in calls]),
        arrays.bigints(np.frombuffer(b"".join([call.occurred_us for call in calls]), np.int64)),
        arrays.bigints(np.repeat(np.array([call.received_us for call in calls], np.int64), counts)),
        SEPARATOR.join([call.message_ids for call in calls]),
        b"\x1f".join([call.properties for call in calls]),
        arrays.booleans(np.frombuffer(b"".join([call.is_trusted for call in calls]), np.bool_)),
    ]


def _joined(texts: Sequence[str]) -> str:
    """Texts as one, to be split again by the database. The rare text with the separator in it loses it."""
    joined = SEPARATOR.join(texts)
    if texts and joined.count(SEPARATOR) != len(texts) - 1:
        joined = SEPARATOR.join(text.replace(SEPARATOR, "") for text in texts)
    return joined

"""Calls that were answered and are not in the log yet: each one row, stored before anything else comes of it.

They are taken in the order in which they came, by one process at a time, and removed in the
transaction that settles them: what was stored comes of it once, whoever dies when.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
import psycopg
from django.db import connection

from regulars.customers.tracking.facts import Packed
from regulars.customers.tracking.models import PendingCall
from regulars.customers.tracking.said import PREVIOUS, Said
from regulars.kernel import people

MOST_TOGETHER = 1_000  # calls
SAYING_WEIGHS = 64 * 1024  # what is said of a customer takes as long to settle as so many bytes of facts
_LOCK = 7_301_905  # one process settles at a time: the order of the calls is the order in which they take effect


class Receipt(msgspec.Struct, gc=False):
    """One call as it was understood, and through which key it came.

    What it says of customers is JSON text, because people's traits may hold numbers of any length.
    """

    key_id: int
    key_name: str
    key_kind: str
    facts: Packed
    said: bytes = b"[]"

    @property
    def is_saying(self) -> bool:
        """Whether it says anything of customers besides facts."""
        return self.said != b"[]"

    def who(self) -> list[Said]:
        """What it says of customers."""
        return _said.decode(self.said)


class Stored(NamedTuple):
    """A receipt on its way into the table. `weight` is how much of the bound it takes: its bytes, or as good as."""

    source_id: int
    is_saying: bool
    weight: int
    payload: bytes


class Taken(NamedTuple):
    """A row on its way out."""

    id: int
    source_id: int
    payload: bytes


_receipt = msgspec.msgpack.Decoder(Receipt)
_said = msgspec.json.Decoder(list[Said])

_STORE = """
INSERT INTO customers_pendingcall (source_id, is_saying, weight, stored_at, fault, payload)
SELECT source_id, is_saying, weight, now(), '', payload
FROM unnest(%b::bigint[], %b::boolean[], %b::bigint[], %b::bytea[]) AS new (source_id, is_saying, weight, payload)
"""
# The oldest; what says who is who comes alone, as everything else is written in one order of identities.
_TAKE = """
DELETE FROM customers_pendingcall USING (
    SELECT id, row_number() OVER calls AS place, bool_or(is_saying) OVER calls AS is_saying,
           sum(weight) OVER calls - weight AS before
    FROM (SELECT id, is_saying, weight FROM customers_pendingcall WHERE fault = ''
          ORDER BY id LIMIT %s) AS oldest
    WINDOW calls AS (ORDER BY id)
) AS next
WHERE customers_pendingcall.id = next.id AND (place = 1 OR (NOT next.is_saying AND before < %s))
RETURNING customers_pendingcall.id, source_id, payload
"""
_WEIGHT = "SELECT coalesce(sum(weight), 0)::bigint FROM customers_pendingcall WHERE fault = ''"
WAITING = """
SELECT count(*), coalesce(extract(epoch FROM now() - min(stored_at)), 0)::float
FROM customers_pendingcall WHERE fault = ''
"""


def stored(receipt: Receipt) -> Stored:
    """The row of a receipt."""
    payload = msgspec.msgpack.encode(receipt)
    weight = len(payload) + SAYING_WEIGHS * (len(receipt.who()) if receipt.is_saying else 0)
    return Stored(receipt.facts.source_id, receipt.is_saying, weight, payload)


def read(payload: bytes) -> Receipt:
    """The receipt of a row."""
    return _receipt.decode(payload)


def store(calls: Sequence[Stored]) -> None:
    """Store calls in one statement; outside a transaction they are durable when it returns."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:  # Django's would write the bytes into the statement's text
        cursor.execute(_STORE, [list(column) for column in zip(*calls, strict=True)], prepare=True)


def take(*, most_bytes: int) -> list[Taken]:
    """Remove the oldest calls, to be settled in this transaction; waits for whoever settles just now.

    The transaction need not wait for the disk: should a crash take it back, the calls are there again.
    Whoever built on it comes after it in the write-ahead log, and is taken back too.
    """
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:  # Django's would get the bytes as text
        cursor.execute("SELECT pg_advisory_xact_lock(%s), set_config('synchronous_commit', 'off', true)", [_LOCK])
        cursor.execute(_TAKE, [MOST_TOGETHER, most_bytes], prepare=True, binary=True)
        return sorted(Taken(*row) for row in cursor.fetchall())


def total_weight() -> int:
    """How much of the bound is taken by all that waits."""
    with connection.cursor() as cursor:
        cursor.execute(_WEIGHT)
        return cursor.fetchone()[0]


def newest() -> int:
    """The number of the newest call that waits; 0 when none does."""
    return PendingCall.objects.filter(fault="").order_by("-pk").values_list("pk", flat=True).first() or 0


def is_waiting(*, up_to: int) -> bool:
    """Whether a call of this number or an older one waits."""
    return PendingCall.objects.filter(fault="", pk__lte=up_to).exists()


def set_aside(call_id: int, *, fault: str) -> None:
    """Keep a call that cannot be settled, out of the way of the others."""
    PendingCall.objects.filter(pk=call_id).update(fault=fault)


def try_again() -> int:
    """Let what was set aside be tried once more, as after an update of the product; returns how many."""
    return PendingCall.objects.exclude(fault="").update(fault="")


def forget(digests: Iterable[bytes]) -> int:
    """Remove what was set aside and names somebody who is erased, or nobody can tell whom."""
    erased = set(digests)
    rows = PendingCall.objects.exclude(fault="").values_list("pk", "payload").iterator(100)
    gone = [pk for pk, payload in rows if _names(bytes(payload), erased)]
    return PendingCall.objects.filter(pk__in=gone).delete()[0]


def _names(payload: bytes, erased: set[bytes]) -> bool:
    try:
        receipt = read(payload)
        said = receipt.who()
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return True
    ways = [*receipt.facts.ways, *(message.way for message in said), *(one.other for one in said if one.other)]
    # An alias does not say of which kind the former id is.
    kinds = {kind: ("external", "anonymous") if kind == PREVIOUS else (kind,) for kind, _ in ways}
    return any(people.digest(one, value) in erased for kind, value in ways for one in kinds[kind])

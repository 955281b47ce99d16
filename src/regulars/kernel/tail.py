"""Reading the log in batches, safely.

Ids commit out of order, so "everything above the highest id seen" skips rows. A row's transaction
id settles it: once every transaction up to the oldest one still running has ended, no row with a
smaller transaction id can appear. A consumer therefore reads, in (epoch, tx, id) order, only rows
whose transaction ended before that point, and saves its cursor in the same transaction as its
effects. Rows of an earlier epoch (before a restore) are all settled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.db import connection, transaction

from regulars.kernel import clock
from regulars.kernel.models import Cursor


class Position(NamedTuple):
    """A place in the log: everything up to and including this key has been dealt with."""

    epoch: int
    tx: int
    id: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.tx}-{self.id}"


START = Position(0, 0, 0)


class LoggedFact(NamedTuple):
    """A fact as read from the log; `properties` is JSON text, so that passing it on costs nothing."""

    epoch: int
    tx: int
    id: int
    customer_id: int
    name: str
    occurred_at: datetime
    recorded_at: datetime
    received_at: datetime
    source_id: int
    message_id: str
    is_trusted: bool
    is_recorded_assumed: bool
    properties: str

    @property
    def position(self) -> Position:
        return Position(self.epoch, self.tx, self.id)


class Batch(Protocol):
    """Settled facts in order, in whatever form a consumer likes to read them."""

    def __len__(self) -> int: ...

    @property
    def last(self) -> Position:
        """The key of the last fact in it."""
        ...


class Facts(list[LoggedFact]):
    """A batch as Python objects."""

    @property
    def last(self) -> Position:
        return self[-1].position


Read = Callable[[Position, int], Batch]
Effect = Callable[[Any, Position], None]


@dataclass(frozen=True, slots=True)
class Consumer:
    """One reader of the log: its name, what it does with a batch, and how often it looks."""

    name: str
    effect: Effect
    read: Read
    batch: int
    pause_seconds: float


CONSUMERS: dict[str, Consumer] = {}

# What a reader may see: rows after a position whose transaction can no longer be overtaken.
SETTLED = """
FROM kernel_fact
WHERE (epoch, tx, id) > (%s, %s, %s)
  AND (epoch < (SELECT epoch FROM kernel_logepoch)
       OR tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
ORDER BY epoch, tx, id
LIMIT %s
"""
_READ = f"""
SELECT epoch, tx, id, customer_id, name, occurred_at, recorded_at, received_at, source_id, message_id,
       is_trusted, is_recorded_assumed, properties::text
{SETTLED}"""


def read(after: Position, limit: int) -> Facts:
    """The next settled facts after a position, at most `limit`, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [*after, limit])
        return Facts(LoggedFact(*row) for row in cursor.fetchall())


def consumer(
    name: str, *, read: Read = read, batch: int = 10_000, pause_seconds: float = 1.0
) -> Callable[[Effect], Effect]:
    """Register a function that deals with batches of facts; it may see a batch twice only if it failed."""

    def register(effect: Effect) -> Effect:
        if name in CONSUMERS:
            raise ValueError(f"there are two consumers called {name!r}")
        CONSUMERS[name] = Consumer(name, effect, read, batch, pause_seconds)
        return effect

    return register


@transaction.atomic
def advance(name: str) -> int:
    """Give a consumer its next batch; its effects and its cursor commit together. Returns the batch's size.

    Returns 0 as well while another process holds the consumer's cursor.
    """
    reader = CONSUMERS[name]
    cursor = hold(name, wait=False)
    if cursor is None:
        return 0
    before = Position(cursor.epoch, cursor.tx, cursor.fact_id)
    facts = reader.read(before, reader.batch)
    if len(facts):
        reader.effect(facts, before)
        cursor.epoch, cursor.tx, cursor.fact_id = facts.last
        cursor.moved_at = clock.now()
        cursor.save()
    return len(facts)


def hold(name: str, *, wait: bool = True) -> Cursor | None:
    """Lock a consumer's cursor until the transaction ends, so that it stands still; None if another holds it."""
    Cursor.objects.get_or_create(consumer=name)
    return Cursor.objects.select_for_update(skip_locked=not wait).filter(consumer=name).first()


def position(name: str) -> Position:
    """How far a consumer has read."""
    row = Cursor.objects.filter(consumer=name).first()
    return Position(row.epoch, row.tx, row.fact_id) if row else START


def catch_up(name: str) -> int:
    """Run a consumer until nothing settled is left; returns how many facts it dealt with."""
    total = 0
    while count := advance(name):
        total += count
    return total


def lag(name: str) -> int:
    """How many facts a consumer has not dealt with yet, counted up to 100,000."""
    after = position(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM"
            " (SELECT 1 FROM kernel_fact WHERE (epoch, tx, id) > (%s, %s, %s) LIMIT 100000) AS ahead",
            [*after],
        )
        return cursor.fetchone()[0]


def rewind(name: str, *, to: Position = START) -> None:
    """Make a consumer read again from a position, as after the loss of what it had built."""
    Cursor.objects.update_or_create(
        consumer=name, defaults={"epoch": to.epoch, "tx": to.tx, "fact_id": to.id, "moved_at": clock.now()}
    )

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
from typing import NamedTuple

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


Effect = Callable[[list[LoggedFact], Position], None]


@dataclass(frozen=True, slots=True)
class Consumer:
    """One reader of the log: its name, what it does with a batch, and how often it looks."""

    name: str
    effect: Effect
    batch: int = 10_000
    pause_seconds: float = 1.0


CONSUMERS: dict[str, Consumer] = {}

_READ = """
SELECT epoch, tx, id, customer_id, name, occurred_at, recorded_at, received_at, source_id, message_id,
       is_trusted, is_recorded_assumed, properties::text
FROM kernel_fact
WHERE (epoch, tx, id) > (%s, %s, %s)
  AND (epoch < (SELECT epoch FROM kernel_logepoch)
       OR tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
ORDER BY epoch, tx, id
LIMIT %s
"""


def consumer(name: str, *, batch: int = 10_000, pause_seconds: float = 1.0) -> Callable[[Effect], Effect]:
    """Register a function that deals with batches of facts; it may see a batch twice only if it failed."""

    def register(effect: Effect) -> Effect:
        if name in CONSUMERS:
            raise ValueError(f"there are two consumers called {name!r}")
        CONSUMERS[name] = Consumer(name, effect, batch, pause_seconds)
        return effect

    return register


def read(after: Position, *, limit: int) -> list[LoggedFact]:
    """The next settled facts after a position, at most `limit`, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [*after, limit])
        return [LoggedFact(*row) for row in cursor.fetchall()]


@transaction.atomic
def advance(name: str) -> int:
    """Give a consumer its next batch; its effects and its cursor commit together. Returns the batch's size.

    Returns 0 as well while another process holds the consumer's cursor.
    """
    reader = CONSUMERS[name]
    Cursor.objects.get_or_create(consumer=name)
    cursor = Cursor.objects.select_for_update(skip_locked=True).filter(consumer=name).first()
    if cursor is None:
        return 0
    before = Position(cursor.epoch, cursor.tx, cursor.fact_id)
    facts = read(before, limit=reader.batch)
    if facts:
        reader.effect(facts, before)
        cursor.epoch, cursor.tx, cursor.fact_id = facts[-1].position
        cursor.moved_at = clock.now()
        cursor.save()
    return len(facts)


def catch_up(name: str) -> int:
    """Run a consumer until nothing settled is left; returns how many facts it dealt with."""
    total = 0
    while count := advance(name):
        total += count
    return total


def lag(name: str) -> int:
    """How many facts a consumer has not dealt with yet, counted up to 100,000."""
    row = Cursor.objects.filter(consumer=name).first()
    after = Position(row.epoch, row.tx, row.fact_id) if row else START
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

"""Calls that were stored and answered take effect: their facts in the log, what they say of customers.

One transaction removes the rows and does what they ask, so each call takes effect once, whoever
dies when. Identities that were erased meanwhile are left out, as everywhere.
"""

import traceback
from collections.abc import Sequence
from typing import NamedTuple

import django.db
import psycopg
import structlog
from django.db import transaction

from regulars.customers.tracking import applying, pending, rejected
from regulars.customers.tracking.facts import Store
from regulars.customers.tracking.pending import Receipt, Taken
from regulars.customers.tracking.rejected import Rejection
from regulars.kernel import metrics
from regulars.kernel.actors import Actor

MOST_BYTES_TOGETHER = 2_000_000  # in one transaction; one more call may go over it
PASSING = (psycopg.OperationalError, psycopg.InterfaceError, django.db.OperationalError, django.db.InterfaceError)


class _Count(NamedTuple):
    kind: str
    sent: int
    stored: int


_log = structlog.get_logger("regulars.tracking")


def settle(store: Store, *, most_bytes: int = MOST_BYTES_TOGETHER) -> int:
    """Settle the oldest calls, as many as one transaction should hold; returns how many there were.

    A fault that passes (a lost connection, a deadlock) is raised, and nothing has changed. With any
    other, each call is tried alone, and the one that it is due to is set aside.
    """
    taken: list[Taken] = []
    try:
        with transaction.atomic():
            taken += pending.take(most_bytes=most_bytes)
            counts = _write([pending.read(call.payload) for call in taken], store)
    except PASSING:
        raise
    except Exception as fault:
        if len(taken) == 1:
            _set_aside(taken[0], fault)
        for _ in taken[1:] and taken:
            settle(store, most_bytes=0)
    else:
        _count(counts)
    return len(taken)


def drain() -> None:
    """Settle everything that is stored at this moment."""
    newest, store = pending.newest(), Store()
    while newest and pending.is_waiting(up_to=newest):
        settle(store)


def _write(receipts: Sequence[Receipt], store: Store) -> list[_Count]:
    """A call that says who is who is alone here; the others are written together, one statement a kind of key."""
    counts: list[_Count] = []
    for kind in sorted({receipt.key_kind for receipt in receipts}):
        of_kind = [receipt for receipt in receipts if receipt.key_kind == kind]
        stored = sum(_apply(receipt, store) for receipt in of_kind if receipt.is_saying)
        stored += store.write([receipt.facts for receipt in of_kind if not receipt.is_saying])
        counts.append(_Count(kind, sum(len(receipt.facts) for receipt in of_kind), stored))
    return counts


def _apply(receipt: Receipt, store: Store) -> int:
    teller = applying.Teller(receipt.facts.source_id, Actor("key", receipt.key_id, receipt.key_name))
    return applying.write(receipt.facts, receipt.who(), teller=teller, store=store)


def _count(counts: Sequence[_Count]) -> None:
    for count in counts:
        metrics.facts_received.labels(count.kind).inc(count.stored)
        if count.sent > count.stored:
            metrics.facts_repeated.labels(count.kind).inc(count.sent - count.stored)


@transaction.atomic
def _set_aside(call: Taken, fault: Exception) -> None:
    """Note the place and the kind of the fault; never its words or values, which may be about a person."""
    where = "".join(traceback.format_tb(fault.__traceback__))
    _log.error("a call could not be settled and was set aside", call=call.id, fault=type(fault).__name__, where=where)
    pending.set_aside(call.id, fault=type(fault).__name__)
    reason = "The call was stored but could not be taken into the log. It is kept, and tried again at the next start."
    rejected.keep([Rejection(0, "set_aside", reason)], source_id=call.source_id)

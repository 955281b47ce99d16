"""What an import would do, counted without doing it."""

import hashlib
from typing import Any

import numpy as np

from regulars.customers.importing import checking
from regulars.customers.importing.checking import Progress
from regulars.customers.importing.plans import Plan
from regulars.customers.importing.sources import already_there
from regulars.customers.importing.spool import Spool
from regulars.customers.importing.steps import Refused
from regulars.customers.models import Identity


def foresee(spool: Spool, plan: Plan, *, progress: Progress = lambda done, rows: None) -> dict[str, Any]:
    """Counts, customers new and known, facts there already, the span of time, the money by currency."""
    counts: dict[str, int] = {}
    rejected = dict(spool.found["rejected"])
    money: dict[str, int] = {}
    span: list[int] = []
    customers, there, rows = np.zeros(0, np.uint64), 0, 0
    for step in checking.KINDS[plan.kind].steps(spool, plan):
        seen = step.foresee()
        _add(counts, seen.outcome.counts)
        _add(rejected, _by_reason(seen.outcome.refused))
        _add(money, seen.money)
        span += [at for at in (seen.first_at, seen.last_at) if at is not None]
        ways = set(seen.ways)
        new = ways - _known(ways)
        customers = np.union1d(customers, np.array([_hash(way) for way in new], np.uint64))
        there += already_there(seen.message_ids, kind=plan.kind)
        rows += step.rows
        progress(rows / max(1, spool.found["rows"]), rows)
    return {
        "rows": spool.found["rows"],
        "counts": counts,
        "rejected": rejected,
        "customers_new": len(customers),
        "facts_there": there,
        "money": money,
        "first_at": min(span, default=None),
        "last_at": max(span, default=None),
    }


def _add(total: dict[str, int], more: dict[str, int]) -> None:
    for name, count in more.items():
        total[name] = total.get(name, 0) + count


def _by_reason(refused: list[Refused]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for item in refused:
        counts[item.reason] = counts.get(item.reason, 0) + len(item.places)
    return counts


def _known(ways: set[tuple[str, str]]) -> set[tuple[str, str]]:
    values = sorted({value for _, value in ways})
    return set(Identity.objects.filter(value__in=values).values_list("kind", "value")) & ways


def _hash(way: tuple[str, str]) -> int:
    """Customers are counted over the whole file, so each is remembered by eight bytes only."""
    return int.from_bytes(hashlib.blake2b("\x00".join(way).encode(), digest_size=8).digest(), "big")

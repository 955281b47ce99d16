"""Our reduced form by itself: building it from raw facts, answering beside merely reading it, and keeping it up.

`python -m bench._built FOLDER RUNS` prints one JSON line and saves the answer from the form it built.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import tenure
from bench import _tenure
from bench._facts import DAY_US, ZONE, Facts
from bench._measure import Measured, measure

NEW = (0.0001, 0.001, 0.01, 0.1)  # parts of the facts that come in later
LATER_DAYS = 10


def main(folder: Path, runs: int) -> None:
    facts = Facts.load(folder / "raw")
    built = measure(partial(tenure.reduce, facts.customers, facts.times, zone=ZONE), runs=runs)
    days: tenure.Days = built.result
    from_days, fresh = _tenure.formulations_of(days).values()
    kept, anew = measure(from_days, runs=runs), measure(fresh, runs=runs)
    read = measure(partial(_read, days), runs=max(runs, 5))
    np.save(folder / "tenure-built.npy", kept.result)
    print(
        json.dumps(
            {
                "version": tenure.__version__,
                **_said(built),
                "peak_mb": built.peak_mb,
                "added_mb": built.peak_mb - built.before_mb,
                "runs": built.runs,
                "query": "reduce",
                "disagreeing_queries": [] if np.array_equal(kept.result, anew.result) else ["nothing kept"],
                "form_mb": round(sum(column.nbytes for column in _columns(days)) / 1e6, 1),
                "reading": _said(read),
                "answering": _said(kept),
                "answering_first": _said(anew),
                "updates": [_updated(days, facts, part, runs=runs) for part in NEW],
            }
        )
    )


def _updated(days: tenure.Days, facts: Facts, part: float, *, runs: int) -> dict[str, Any]:
    """New facts, later than all others, of customers as they come: reduced, and merged into the form."""
    count, chance = max(1, int(part * len(facts.times))), np.random.default_rng(3)
    customers = facts.customers[chance.integers(0, len(facts.customers), count)]
    times = facts.times.max() + chance.integers(0, LATER_DAYS * DAY_US, count)
    reduced = measure(partial(tenure.reduce, customers, times, zone=ZONE), runs=runs)
    merged = measure(partial(days.merge, reduced.result), runs=runs)
    return {"new_facts": count, "reduce": _said(reduced), "merge": _said(merged)}


def _read(days: tenure.Days) -> int:
    """Every number of the form once, and as little done with it as can be."""
    return max(int(column.max()) for column in _columns(days))


def _columns(days: tenure.Days) -> tuple[np.ndarray, ...]:
    return days.customers, days.offsets, days.days


def _said(measured: Measured) -> dict[str, float]:
    return {"seconds": round(measured.seconds, 5), "cpu_seconds": round(measured.cpu_seconds, 5)}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

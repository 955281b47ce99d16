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

NEW = (1_000, 10_000, 100_000, 1_000_000)  # facts that come in later
LATER_DAYS = 10
IN_A_ROW = 32  # updates of the same size, one after the other


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
                "updates": [_updated(days, facts, count, runs=runs) for count in NEW if 4 * count <= len(facts.times)],
            }
        )
    )


def _updated(days: tenure.Days, facts: Facts, count: int, *, runs: int) -> dict[str, Any]:
    """New facts, later than all others, of customers as they come: reduced, merged into the form, and asked about.

    One update only puts a layer beside the form; many in a row also join the layers as they grow.
    """
    updates = max(2, min(IN_A_ROW, len(facts.times) // (2 * count)))
    several = [_new(facts, count, seed=seed) for seed in range(updates)]
    reduced = measure(partial(tenure.reduce, *several[0], zone=ZONE), runs=runs)
    merged = measure(partial(days.merge, reduced.result), runs=runs)
    asked = measure(lambda: _tenure.retention(days.merge(reduced.result)), runs=runs)
    in_a_row = measure(partial(_all_merged, days, several), runs=1)
    return {
        "new_facts": count, "reduce": _said(reduced), "merge": _said(merged), "merge_and_answer": _said(asked),
        "in_a_row": {"updates": updates, "cpu_µs_per_fact": round(in_a_row.cpu_seconds / updates / count * 1e6, 3)},
        "agrees": _is_as_built_at_once(in_a_row.result, facts, several),
    }  # fmt: skip


def _new(facts: Facts, count: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    customers = facts.customers[chance.integers(0, len(facts.customers), count)]
    return customers, facts.times.max() + chance.integers(0, LATER_DAYS * DAY_US, count)


def _all_merged(days: tenure.Days, several: list[tuple[np.ndarray, np.ndarray]]) -> tenure.Days:
    for customers, times in several:
        days = days.merge(tenure.reduce(customers, times, zone=ZONE))
    return days


def _is_as_built_at_once(days: tenure.Days, facts: Facts, several: list[tuple[np.ndarray, np.ndarray]]) -> bool:
    customers, times = (np.concatenate(column) for column in zip((facts.customers, facts.times), *several, strict=True))
    at_once = tenure.reduce(customers, times, zone=ZONE)
    is_same_answer = _tenure.retention(days).table().equals(_tenure.retention(at_once).table())
    return is_same_answer and all(map(np.array_equal, _columns(days), _columns(at_once)))


def _read(days: tenure.Days) -> int:
    """Every number of the form once, and as little done with it as can be."""
    return max(int(column.max()) for column in _columns(days))


def _columns(days: tenure.Days) -> tuple[np.ndarray, ...]:
    return days.customers, days.offsets, days.days


def _said(measured: Measured) -> dict[str, float]:
    return {"seconds": round(measured.seconds, 5), "cpu_seconds": round(measured.cpu_seconds, 5)}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

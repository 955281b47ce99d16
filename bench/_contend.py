"""One contender in its own process: tries its formulations, keeps the fastest, measures it, saves its answer.

`python -m bench._contend duckdb raw FOLDER RUNS [FORMULATION …]` prints one JSON line; with formulations named, only
those are tried.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from pathlib import Path

import numpy as np

from bench._facts import Facts
from bench._measure import measure
from bench._question import Answer, Formulation


def main(contender: str, form: str, folder: Path, runs: int, *, only: list[str]) -> None:
    module = import_module(f"bench._{contender}")
    facts = Facts.load(folder / ("raw" if form == "raw" else "sorted"))
    formulations: dict[str, Formulation] = module.formulations(facts, form=form)
    formulations = {name: work for name, work in formulations.items() if not only or name in only}
    del facts
    tried, answers = {}, {}
    for name, work in formulations.items():
        answers[name], tried[name] = _tried(work, best=min(tried.values(), default=float("inf")))
    best = min(tried, key=lambda name: tried[name])
    measured = measure(formulations[best], runs=runs)
    np.save(folder / f"{contender}-{form}.npy", measured.result)
    disagreeing = [name for name, answer in answers.items() if not np.array_equal(answer, measured.result)]
    print(
        json.dumps(
            {
                "version": module.version(),
                "seconds": round(measured.seconds, 5),
                "cpu_seconds": round(measured.cpu_seconds, 5),
                "peak_mb": measured.peak_mb,
                "added_mb": measured.peak_mb - measured.before_mb,
                "runs": measured.runs,
                "query": best,
                "tried": {name: round(seconds, 4) for name, seconds in tried.items()},
                "disagreeing_queries": disagreeing,
            }
        )
    )


def _tried(work: Formulation, *, best: float) -> tuple[Answer, float]:
    """The answer, and the better of two runs after it; hopeless ones (three times the best) run only once."""
    began = time.perf_counter()
    answer = work()
    seconds = [time.perf_counter() - began]
    if seconds[0] > 3 * best:
        return answer, seconds[0]
    for _ in range(2):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return answer, min(seconds[1:])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), only=sys.argv[5:])

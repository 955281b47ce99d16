"""Does an observed estimator hold its tongue when it should? `python -m bench.refusals [--worlds 2000]`.

Three kinds of worlds, seeds fixed here, a JSON line each: weak overlap, where the answer must be *not identifiable*;
a hidden confounder, where a negative control must take the claim away; the same with nothing hidden, where the
controls ought to stay quiet (each speaks up by chance in one world out of twenty).
"""

from __future__ import annotations

import argparse
import os
from multiprocessing import get_context

from bench._measure import emit

WORLDS = 2_000
SEEDS = {"weak overlap": 51_000_000, "hidden confounder": 52_000_000, "nothing hidden": 53_000_000}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.refusals")
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"))
    with get_context("spawn").Pool(asked.processes) as pool:
        for name, first in SEEDS.items():
            jobs = [(name, seed) for seed in range(first, first + asked.worlds)]
            emit(**summed(name, list(pool.imap(lived, jobs, chunksize=10))))
    return 0


def lived(job: tuple[str, int]) -> dict[str, bool]:
    """What the public question says of one world."""
    from bench._worlds_observed import THIN, ask, hidden_world, lived_in, recorded_world
    from tenure.effect.controls import activity_before, next_treatment

    name, seed = job
    if name == "weak overlap":
        answer = ask(lived_in(THIN, seed=seed))
        held = answer.is_identifiable and answer.estimate.low <= 1.0 <= answer.estimate.high
        return {"refused": not answer.is_identifiable, "covered": held}
    table = hidden_world(seed) if name == "hidden confounder" else recorded_world(seed)
    answer = ask(table, controls=(activity_before("before"), next_treatment("later")))
    held = answer.is_identifiable and answer.estimate.low <= 0.0 <= answer.estimate.high
    quiet = [one.is_null for one in answer.controls] if answer.is_identifiable else [True, True]
    return {
        "refused": not answer.is_identifiable, "covered": held, "downgraded": answer.evidence == "described",
        "by_activity_before": not quiet[0], "by_the_next_answer": not quiet[1], "claimed": answer.is_clear,
    }  # fmt: skip


def summed(name: str, lives: list[dict[str, bool]]) -> dict[str, object]:
    """Shares over the worlds; `covered` counts only the answers that were given."""
    given = [life for life in lives if not life["refused"]]
    shares = {key: round(sum(life[key] for life in lives) / len(lives), 4) for key in lives[0] if key != "covered"}
    covered = round(sum(life["covered"] for life in given) / len(given), 4) if given else None
    return {"bench": "refusals", "worlds_of": name, "worlds": len(lives), **shares, "covered_when_given": covered}


if __name__ == "__main__":
    raise SystemExit(main())

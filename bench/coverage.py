"""Do 95 % intervals hold the truth 95 % of the time? `python -m bench.coverage [NAME …] [--worlds 2000]`.

Each estimator of `bench/_worlds_*.py` is shown simulated worlds whose effect is known, seeds fixed in those files.
A JSON line per estimator; the process ends with 1 when one covers less than 93 % or more than 97 % (a time-uniform
one: less than 95 %).
"""

from __future__ import annotations

import argparse
import os
from multiprocessing import get_context
from multiprocessing.pool import Pool

from bench._measure import emit
from bench._worlds import HIGHEST, LOWEST, WORLDS, Coverage, coverage, estimators, lived

PROCESSES = 2


def main() -> int:
    asked = _parsed()
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"))
    with get_context("spawn").Pool(asked.processes) as pool:
        done = [_covered(pool, name, asked.worlds) for name in asked.names or estimators()]
    return 0 if all(line.holds() for line in done) else 1


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.coverage", description="Coverage of 95 % intervals.")
    parser.add_argument("names", nargs="*", choices=[*estimators(), []], metavar="NAME", help=", ".join(estimators()))
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--processes", type=int, default=PROCESSES)
    return parser.parse_args()


def _covered(pool: Pool, name: str, worlds: int) -> Coverage:
    first = estimators()[name].first_seed
    seeds = [(name, seed) for seed in range(first, first + worlds)]
    lives = pool.imap(_lived, seeds, chunksize=max(1, min(25, worlds // 20)))
    line = coverage(estimators()[name], worlds=worlds, lives=lives)
    emit(
        bench="coverage", estimator=name, worlds=line.worlds, covered=round(line.share, 4), too_high=line.too_high,
        too_low=line.too_low, refused=line.refused, mean_width=round(line.mean_width, 5), holds=line.holds(),
        wanted=">= 0.95 at all times" if line.is_time_uniform else f"{LOWEST} to {HIGHEST}",
        seconds=round(line.seconds, 1),
    )  # fmt: skip
    return line


def _lived(job: tuple[str, int]) -> tuple[float, float, float]:
    name, seed = job
    return lived(estimators()[name], seed)


if __name__ == "__main__":
    raise SystemExit(main())

"""What a customer is worth, side by side: `python -m bench.value`.

BG/NBD by maximum likelihood, and P(alive) with expected purchases for everybody: on CDNOW's 2,357 customers (where
the shared data are) and on made-up ones who follow the model (a million by default). Every contender runs in a
process of its own; parameters are judged by one plain formula of the log-likelihood, and a contender that ends more
than a hundredth of a nat per thousand customers lower does not agree. Contenders that need too long for the million
are given `--fewer` and the line says so. The machine is shared: `…_cpu_seconds` is what to compare when it is busy.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench._measure import THREADS, emit, in_own_process

CONTENDERS = ("tenure", "tenure with intervals", "lifetimes", "pymc-marketing (MAP)")
TRUTH = (0.243, 4.414, 0.793, 2.426)
BAR, SCORING_BAR = 20.0, 2.0


def main() -> int:
    asked = _parsed()
    with tempfile.TemporaryDirectory(prefix="bench-value-") as made:
        agreed = [_compare(name, file, asked) for name, file in _inputs(Path(made), asked)]
    return 0 if all(agreed) else 1


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.value")
    parser.add_argument("--customers", type=lambda text: int(float(text)), default=1_000_000)
    parser.add_argument("--fewer", type=lambda text: int(float(text)), default=0, help="for contenders that are slow")
    parser.add_argument("--contenders", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def _inputs(folder: Path, asked: argparse.Namespace) -> list[tuple[str, Path]]:
    shared = Path(os.environ.get("REGULARS_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    cdnow = shared / "cdnow" / "cdnow_customers_summary.csv"
    found = []
    if cdnow.exists():
        rows = np.loadtxt(cdnow, delimiter=",", skiprows=1)
        np.savez(folder / "cdnow.npz", x=rows[:, 1], t=rows[:, 2], T=rows[:, 3])
        found.append(("cdnow", folder / "cdnow.npz"))
    else:
        emit(bench="value", data="cdnow", skipped=f"{cdnow} is not here")
    if asked.customers:
        x, t, T = simulate(asked.customers, seed=asked.seed)
        np.savez(folder / "simulated.npz", x=x, t=t, T=T)
        found.append(("simulated", folder / "simulated.npz"))
    return found


def simulate(customers: int, *, seed: int) -> tuple[Any, Any, Any]:
    """Customers who follow BG/NBD with CDNOW's parameters, watched for 1 to 104 weeks."""
    r, alpha, a, b = TRUTH
    rng = np.random.default_rng(seed)
    age, rate = rng.uniform(1, 104, customers), rng.gamma(r, 1 / alpha, customers)
    leaving, clock = rng.beta(a, b, customers), np.zeros(customers)
    x, t, going = np.zeros(customers), np.zeros(customers), np.arange(customers)
    while len(going):
        clock[going] += rng.exponential(1 / np.maximum(rate[going], 1e-300))
        going = going[clock[going] < age[going]]
        x[going] += 1
        t[going] = clock[going]
        going = going[rng.random(len(going)) > leaving[going]]
    return x, t, age


def _compare(name: str, file: Path, asked: argparse.Namespace) -> bool:
    lines = {}
    for contender in asked.contenders:
        count = len(np.load(file)["x"])
        given = _cut(file, asked.fewer) if asked.fewer and count > asked.fewer and _is_slow(contender) else file
        rows = len(np.load(given)["x"])
        runs = asked.runs if rows <= 10_000 or not _is_slow(contender) else 1
        try:
            line = in_own_process("bench._value", contender, str(given), str(runs))
        except (RuntimeError, subprocess.SubprocessError) as failed:
            line = {"failed": str(failed).strip().splitlines()[-1]}
        emit(bench="value", data=name, contender=contender, customers=rows, threads=THREADS, **line)
        lines[contender] = {"customers": rows, **line}
    return _emit_ratios(name, lines)


def _is_slow(contender: str) -> bool:
    return not contender.startswith("tenure")


def _cut(file: Path, count: int) -> Path:
    stored = np.load(file)
    cut = file.with_name(f"{file.stem}-{count}.npz")
    np.savez(cut, **{name: stored[name][:count] for name in stored})
    return cut


def _emit_ratios(name: str, lines: dict[str, dict[str, Any]]) -> bool:
    """How many times faster we are; of a contender given fewer customers, per customer (which flatters it)."""
    ours, agreed = lines.get("tenure"), True
    if ours is None or "failed" in ours:
        return ours is None
    for contender, line in lines.items():
        if not _is_slow(contender) or "failed" in line:
            continue
        share = ours["customers"] / line["customers"]
        said = {
            f"{what}_times_faster": round(line[f"{what}_seconds"] * share / ours[f"{what}_seconds"], 1)
            for what in ("fit", "fit_cpu", "score", "score_cpu")
        }
        if share == 1:
            lower = ours["log_likelihood"] - line["log_likelihood"]
            said["our_log_likelihood_is_higher_by"] = round(lower, 3)
            said["agrees"] = abs(lower) < 1e-5 * ours["customers"] + 0.01
            agreed = agreed and (said["agrees"] or lower > 0)
        met = said["fit_times_faster"] >= BAR
        emit(bench="value", data=name, against=contender, fewer=share > 1, bar=BAR, met=met, **said)
    emit(bench="value", data=name, scoring_seconds=ours["score_seconds"], bar=SCORING_BAR,
         met=ours["score_seconds"] < SCORING_BAR)  # fmt: skip
    return agreed


if __name__ == "__main__":
    sys.exit(main())

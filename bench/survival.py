"""Survival side by side: `python -m bench.survival --rows 1000000`.

Kaplan–Meier with intervals and Cox (Efron ties) over the same made-up customers by tenure and lifelines, from a pandas
frame, in two forms: `whole` (durations in whole months, so ties are heavy) and `exact` (hardly any). Every contender
runs in a process of its own, five times for each question, and is measured by the fastest run; answers are compared:
survival with its interval at every time, coefficients, standard errors and the log-likelihood. lifelines fits Cox
on exact durations on a tenth of the rows and one run only (`--whole-exact` gives it all of them: minutes), and its time
is then a lower bound. The process ends with 1 when answers disagree.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench._measure import emit, in_own_process

BAR = 10.0
EFFECTS = (0.3, -0.2, 0.1, 0.0, 0.05)
NAMES = tuple("abcde")
QUESTIONS = ("kaplan-meier", "cox")
FORMS = ("whole", "exact")
CONTENDERS = ("tenure", "lifelines")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.survival")
    parser.add_argument("--rows", type=lambda text: int(float(text)), default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=list(FORMS))
    parser.add_argument("--whole-exact", action="store_true", help="give lifelines' Cox all exact rows too")
    parser.add_argument("--alone", nargs=5, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        return _alone(*asked.alone)
    return max([_compare(form, question, asked) for form in asked.forms for question in QUESTIONS])


def customers(rows: int, *, form: str, seed: int) -> Any:
    """Exponential stays of about 20 months, sooner or later by five covariates; followed for up to 40."""
    import pandas as pd

    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, len(EFFECTS)))
    stays, seen = rng.exponential(20 * np.exp(-x @ np.array(EFFECTS))), rng.uniform(0, 40, rows)
    months = np.minimum(stays, seen)
    frame = pd.DataFrame(x, columns=list(NAMES))
    return frame.assign(months=np.ceil(months) if form == "whole" else months, left=stays <= seen)


def _compare(form: str, question: str, asked: argparse.Namespace) -> int:
    cut = 10 if (form, question) == ("exact", "cox") and not asked.whole_exact else 1
    with tempfile.TemporaryDirectory(prefix="bench-survival-") as made:
        lines = {}
        for contender in CONTENDERS:
            rows = asked.rows // (cut if contender == "lifelines" else 1)
            lines[contender] = _run(contender, question, form, rows, Path(made) / f"{contender}.npy", asked)
        if cut > 1:  # the answers are compared on the same rows
            _run("tenure", question, form, asked.rows // cut, Path(made) / "tenure.npy", asked)
        ours, theirs = (np.load(Path(made) / f"{contender}.npy") for contender in CONTENDERS)
    apart = float(np.nanmax(np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs))))
    agrees = ours.shape == theirs.shape and np.array_equal(np.isnan(ours), np.isnan(theirs)) and apart < 1e-6
    times = lines["lifelines"]["seconds"] / lines["tenure"]["seconds"]
    note = f"lifelines on a tenth of the rows, a lower bound on {asked.rows:,}" if cut > 1 else None
    emit(
        bench="survival", question=question, form=form, times_faster=round(times, 1), bar=BAR, met=times >= BAR,
        largest_difference=apart, agrees=bool(agrees), note=note,
    )  # fmt: skip
    return 0 if agrees else 1


def _run(contender: str, question: str, form: str, rows: int, answer: Path, asked: argparse.Namespace) -> Any:
    heavy = (contender, question, form) == ("lifelines", "cox", "exact")
    runs = 0 if heavy else asked.runs
    line = in_own_process(
        "bench.survival", "--seed", str(asked.seed), "--alone", contender, question, form, str(rows), f"{answer}:{runs}"
    )
    emit(bench="survival", contender=contender, question=question, form=form, rows=rows, **line)
    return line


def _alone(contender: str, question: str, form: str, rows: str, told: str) -> int:
    """In a process of its own: a warm-up (except where one run takes minutes), then the fastest of the runs."""
    answer, runs = told.rsplit(":", 1)
    frame = customers(int(rows), form=form, seed=7)
    ask = _ASK[contender, question]
    times, cpu = [], []
    if int(runs):
        ask(frame.head(2_000))
    for _ in range(max(1, int(runs))):
        began, cpu_began = time.perf_counter(), time.process_time()
        found = ask(frame)
        times.append(time.perf_counter() - began)
        cpu.append(time.process_time() - cpu_began)
    np.save(answer, _READ[contender, question](found))
    emit(seconds=round(min(times), 4), cpu_seconds=round(min(cpu), 4), runs=[round(run, 4) for run in times])
    return 0


def _ours_curve(frame: Any) -> Any:
    import tenure

    return tenure.kaplan_meier(frame, duration="months", event="left").curve


def _ours_cox(frame: Any) -> Any:
    from tenure.survival import cox

    return cox(frame, duration="months", event="left")


def _their_curve(frame: Any) -> Any:
    from lifelines import KaplanMeierFitter

    return KaplanMeierFitter().fit(frame["months"], frame["left"])


def _their_cox(frame: Any) -> Any:
    from lifelines import CoxPHFitter

    return CoxPHFitter().fit(frame, "months", "left")


def _curve_read(curve: Any) -> np.ndarray:
    return np.stack([curve.survival, curve.low, curve.high])


def _their_curve_read(fitter: Any) -> np.ndarray:
    """lifelines begins with a line for time 0, when nobody has left, and writes 0 for an interval nobody knows."""
    ends = fitter.confidence_interval_survival_function_.to_numpy()
    skip = 0 if (fitter.event_table.loc[0.0, "observed"] + fitter.event_table.loc[0.0, "censored"]) else 1
    table = np.column_stack([fitter.survival_function_.to_numpy()[:, 0], ends])[skip:].T
    table[1:, table[0] == 0] = np.nan
    return table


def _cox_read(fit: Any) -> np.ndarray:
    return np.r_[fit.coefficients, fit.standard_errors, fit.log_likelihood]


def _their_cox_read(fitter: Any) -> np.ndarray:
    return np.r_[fitter.params_.to_numpy(), fitter.standard_errors_.to_numpy(), fitter.log_likelihood_]


_ASK: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("tenure", "kaplan-meier"): _ours_curve, ("tenure", "cox"): _ours_cox,
    ("lifelines", "kaplan-meier"): _their_curve, ("lifelines", "cox"): _their_cox,
}  # fmt: skip
_READ: dict[tuple[str, str], Callable[[Any], np.ndarray]] = {
    ("tenure", "kaplan-meier"): _curve_read, ("tenure", "cox"): _cox_read,
    ("lifelines", "kaplan-meier"): _their_curve_read, ("lifelines", "cox"): _their_cox_read,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())

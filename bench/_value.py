"""One contender of `bench.value` in its own process: `python -m bench._value tenure FILE RUNS` prints one JSON line.

FILE is an .npz of x, t and T. Every contender fits BG/NBD by maximum likelihood (PyMC-Marketing: flat priors and
MAP) and scores P(alive) and the purchases of the next 39 units.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

AHEAD = 39.0
Fit = Callable[[], tuple[list[float], Any]]
Score = Callable[[Any], None]


def main(contender: str, file: Path, runs: int) -> None:
    stored = np.load(file)
    x, t, T = stored["x"], stored["t"], stored["T"]
    fit, score, package = CONTENDERS[contender](x, t, T)
    if runs > 1:
        fit()  # what is compiled once is not timed; a contender that is run once only pays for it, and says so
    seconds, cpu, found = [], [], None
    for _ in range(runs):
        began, cpu_began = time.perf_counter(), time.process_time()
        found = fit()
        seconds.append(time.perf_counter() - began)
        cpu.append(time.process_time() - cpu_began)
    assert found is not None
    theta, model = found
    scoring, scoring_cpu = _scored(score, model, runs)
    line = {
        "version": version(package), "fit_seconds": round(statistics.median(seconds), 5),
        "fit_cpu_seconds": round(statistics.median(cpu), 5), "score_seconds": scoring, "score_cpu_seconds": scoring_cpu,
        "parameters": [round(float(value), 4) for value in theta],
        "log_likelihood": round(log_likelihood(x, t, T, theta), 3), "is_warm": runs > 1,
    }  # fmt: skip
    print(json.dumps(line))


def log_likelihood(x: Any, t: Any, T: Any, theta: list[float]) -> float:
    """The same plain formula for everybody's parameters, so that the fits can be compared."""
    from scipy.special import betaln, gammaln

    r, alpha, a, b = theta
    stayed = betaln(a, b + x) - (r + x) * np.log(alpha + T)
    left = betaln(a + 1, b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t)
    both = np.where(x > 0, np.logaddexp(stayed, left), stayed)
    return float((gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b) + both).sum())


def _scored(score: Score, model: Any, runs: int) -> tuple[float, float]:
    if runs > 1:
        score(model)
    seconds, cpu = [], []
    for _ in range(runs):
        began, cpu_began = time.perf_counter(), time.process_time()
        score(model)
        seconds.append(time.perf_counter() - began)
        cpu.append(time.process_time() - cpu_began)
    return round(statistics.median(seconds), 4), round(statistics.median(cpu), 4)


def _tenure(x: Any, t: Any, T: Any) -> tuple[Fit, Score, str]:
    from tenure import value

    people = value.read_histories(frequency=x, recency=t, age=T)

    def fit() -> tuple[list[float], Any]:
        model = value.bg_nbd(people)
        return model.estimates.tolist(), model

    def score(model: Any) -> None:
        model.alive(people)
        model.expected(people, within=AHEAD)

    return fit, score, "tenure"


def _tenure_with_intervals(x: Any, t: Any, T: Any) -> tuple[Fit, Score, str]:
    from tenure import value

    people = value.read_histories(frequency=x, recency=t, age=T)
    fit, _, package = _tenure(x, t, T)
    return fit, lambda model: model.score(people, within=AHEAD), package


def _lifetimes(x: Any, t: Any, T: Any) -> tuple[Fit, Score, str]:
    import pandas as pd
    from lifetimes import BetaGeoFitter

    frame = pd.DataFrame({"frequency": x, "recency": t, "T": T})

    def fit() -> tuple[list[float], Any]:
        model = BetaGeoFitter()
        model.fit(frame["frequency"], frame["recency"], frame["T"])
        return [float(model.params_[name]) for name in ("r", "alpha", "a", "b")], model

    def score(model: Any) -> None:
        model.conditional_probability_alive(frame["frequency"], frame["recency"], frame["T"])
        model.conditional_expected_number_of_purchases_up_to_time(
            AHEAD, frame["frequency"], frame["recency"], frame["T"]
        )

    return fit, score, "lifetimes"


def _pymc(x: Any, t: Any, T: Any) -> tuple[Fit, Score, str]:
    import logging

    import pandas as pd
    from pymc_extras.prior import Prior
    from pymc_marketing.clv import BetaGeoModel

    logging.disable(logging.WARNING)
    frame = pd.DataFrame({"customer_id": np.arange(len(x)), "frequency": x, "recency": t, "T": T})
    flat = {name: Prior("HalfFlat") for name in ("r", "alpha", "a", "b")}

    def fit() -> tuple[list[float], Any]:
        model = BetaGeoModel(data=frame, model_config=flat)
        model.fit(method="map", progressbar=False)
        found = model.fit_result
        return [float(found[name].mean()) for name in ("r", "alpha", "a", "b")], model

    def score(model: Any) -> None:
        model.expected_probability_alive(frame)
        model.expected_purchases(frame, future_t=AHEAD)

    return fit, score, "pymc-marketing"


CONTENDERS: dict[str, Callable[[Any, Any, Any], tuple[Fit, Score, str]]] = {
    "tenure": _tenure, "tenure with intervals": _tenure_with_intervals,
    "lifetimes": _lifetimes, "pymc-marketing (MAP)": _pymc,
}  # fmt: skip

if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))

"""How sure a Cox fit is of what it predicts, and the published answers on the trial Cox himself used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tenure.survival import cox, kaplan_meier, log_rank
from tenure.survival.proportional import Cox

# Weeks of remission in leukaemia (Freireich et al. 1963), as Cox 1972 gives them; below 0: still in it.
TREATED = (6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35)
CONTROL = (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)


def trial() -> dict[str, Any]:
    weeks = np.array(TREATED + CONTROL)
    control = np.repeat([0, 1], [len(TREATED), len(CONTROL)])
    return {"weeks": np.abs(weeks), "relapsed": weeks > 0, "control": control}


def world(customers: int, *, seed: int, ticks: float = 1.0) -> dict[str, Any]:
    """Customers who leave at .1·exp(.5·visits) a month, watched for at most a year; tied at so many ticks a month."""
    rng = np.random.default_rng(seed)
    visits = rng.normal(size=customers)
    lives = rng.exponential(10 * np.exp(-0.5 * visits))
    seen = rng.uniform(6, 12, customers)
    ends = np.ceil(np.minimum(lives, seen) * ticks) / ticks
    return {"months": ends, "left": lives <= seen, "visits": visits}


def test_coxs_own_trial_comes_out_as_published() -> None:
    asked: dict[str, Any] = {"duration": "weeks", "event": "relapsed", "covariates": ["control"], "unit": "week"}
    efron, breslow = cox(trial(), **asked), cox(trial(), **asked, ties="breslow")
    assert round(float(efron.coefficients[0]), 4) == 1.5721
    assert round(float(efron.standard_errors[0]), 4) == 0.4124
    assert round(float(efron.hazard_ratios[0]), 2) == 4.82
    assert round(float(breslow.coefficients[0]), 4) == 1.5092
    assert round(float(breslow.standard_errors[0]), 4) == 0.4096
    assert (round(-2 * breslow.null_log_likelihood, 2), round(-2 * breslow.log_likelihood, 2)) == (187.97, 172.76)


def test_the_trials_curves_and_log_rank_come_out_as_published() -> None:
    by: dict[str, Any] = {"duration": "weeks", "event": "relapsed", "by": "control", "unit": "week"}
    curves = kaplan_meier(trial(), **by)
    assert (curves[0].median, curves[1].median) == (23, 8)
    assert round(log_rank(trial(), **by).statistic, 2) == 16.79


def hazard_by_hand(data: dict[str, Any], beta: float, *, until: float, away: float, efron: bool) -> tuple[float, float]:
    """(H(until | x), Σ 1/φ²·r²), denominator by denominator; x away from the average visits."""
    months, left, visits = (np.asarray(data[name], float) for name in ("months", "left", "visits"))
    weight = np.exp(beta * (visits - visits.mean()))
    total, squares = 0.0, 0.0
    for time in np.unique(months[(left > 0) & (months <= until)]):
        leavers = (months == time) & (left > 0)
        for k in range(int(leavers.sum())):
            share = k / leavers.sum() if efron else 0.0
            denominator = weight[months >= time].sum() - share * weight[leavers].sum()
            total, squares = total + 1 / denominator, squares + 1 / denominator**2
    return total * np.exp(beta * away), squares * np.exp(2 * beta * away)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_the_interval_is_the_delta_methods_with_slopes_found_by_hand(ties: str) -> None:
    data = world(300, seed=4)
    found = cox(data, duration="months", event="left", ties=ties)
    beta, away, step = float(found.coefficients[0]), 1.3 - found.averages[0], 1e-5
    asked = {"until": 5.0, "away": away, "efron": ties == "efron"}
    hazard, counted = hazard_by_hand(data, beta, **asked)
    slope = (hazard_by_hand(data, beta + step, **asked)[0] - hazard_by_hand(data, beta - step, **asked)[0]) / (2 * step)
    reach = 1.959963984540054 * np.sqrt(counted + slope**2 * found.covariance[0, 0]) / hazard
    said = found.predict({"visits": [1.3]}, at=5.0)
    assert said.survival[0, 0] == pytest.approx(np.exp(-hazard))
    assert said.survival_low[0, 0] == pytest.approx(np.exp(-hazard * np.exp(reach)), rel=1e-6)
    assert said.survival_high[0, 0] == pytest.approx(np.exp(-hazard / np.exp(reach)), rel=1e-6)
    ratio = np.exp(beta * away + np.array([-1, 1]) * 1.959963984540054 * abs(away) * found.standard_errors[0])
    assert [said.relative_hazard_low[0], said.relative_hazard_high[0]] == pytest.approx(ratio.tolist())


def test_the_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held = []
    for seed in range(150):
        said = fitted(world(200, seed=seed, ticks=50.0)).predict({"visits": [0.0, 1.5]}, at=[3, 6], after=[0, 1])
        truth = np.exp(-0.1 * np.exp(0.5 * np.array([[0.0], [1.5]])) * (np.array([[3, 6]]) - np.array([[0], [1]])))
        held.append((said.survival_low <= truth) & (truth <= said.survival_high))
    share = np.mean(held, axis=0)
    assert ((share > 0.89) & (share < 0.995)).all()
    assert 0.93 < share.mean() < 0.975


def fitted(data: dict[str, Any]) -> Cox:
    return cox(data, duration="months", event="left")


def test_ends_are_known_where_they_must_be_and_nothing_is_claimed_beyond_what_was_seen() -> None:
    found = fitted(world(400, seed=3))
    said = found.predict({"visits": [0.0, 60.0, None]}, at=[0, 6, 99])
    assert (said.survival_low[0, 0], said.survival_high[0, 0]) == (1.0, 1.0)
    assert said.survival_low[0, 1] < said.survival[0, 1] < said.survival_high[0, 1]
    assert np.isnan(said.survival_low[:, 2]).all() and np.isnan(said.survival_high[:, 2]).all()
    assert 0 <= said.survival_low[1, 1] <= said.survival[1, 1] <= said.survival_high[1, 1] <= 1
    assert np.isnan(said.survival_low[2]).all() and np.isnan(said.relative_hazard_low[2])
    table = said.table()
    assert table.column_names[:3] == ["survival_at_0", "survival_at_0_low", "survival_at_0_high"]
    assert table.column_names[9:] == [
        "median", "median_low", "median_high", "relative_hazard", "relative_hazard_low", "relative_hazard_high"
    ]  # fmt: skip


def test_the_interval_of_the_median_is_where_those_of_survival_cross_one_half() -> None:
    found = fitted(world(400, seed=5, ticks=20.0))
    times = np.unique(found.baseline.time)
    asked = {"visits": [-2.0, -0.8, 0.7, 1.5, 2.5, 60.0]}
    said = found.predict(asked, at=times, after=[0, 0, 0, 0.5, 3, 2])
    for row in range(6):
        for end, part in ((said.median_low, "_low"), (said.median, ""), (said.median_high, "_high")):
            down = np.flatnonzero(getattr(said, f"survival{part}")[row] <= 0.5)
            assert (np.isnan(end[row]) and not len(down)) or end[row] == times[down[0]]
    known = ~np.isnan(said.median_high)
    assert known.tolist() == [False, False, True, True, True, True]
    assert np.isnan(said.median_low).tolist() == [True, False, False, False, False, False]
    assert (said.median_low[known] <= said.median[known]).all() and (said.median <= said.median_high)[known].all()
    alone = found.predict({"visits": [0.7]}, at=1)
    assert (alone.median_low[0], alone.median_high[0]) == (said.median_low[2], said.median_high[2])


def test_the_interval_of_the_median_holds_the_truth_as_often_as_it_says() -> None:
    held = []
    for seed in range(150):
        said = fitted(world(200, seed=seed, ticks=50.0)).predict({"visits": [0.5, 1.5]}, at=1, after=[0, 1])
        truth = np.log(2) / (0.1 * np.exp(0.5 * np.array([0.5, 1.5]))) + np.array([0, 1])
        high = np.where(np.isnan(said.median_high), np.inf, said.median_high)
        held.append((said.median_low <= truth) & (truth <= high))
    assert ((np.mean(held, axis=0) > 0.89) & (np.mean(held, axis=0) < 0.995)).all()


def test_what_is_predicted_can_be_read_and_drawn() -> None:
    said = fitted(world(400, seed=3)).predict({"visits": [-1.0, 2.0, None]}, at=[3, 6])
    page = said._repr_html_()
    assert "3 customers, with 95% intervals in brackets." in page and "there at 3" in page
    assert page.count("<tr>") == 4 and "nan" not in page
    assert said.chart().to_dict()["title"]["text"] == "How long they are likely to stay"
    assert [said.table()[name].null_count for name in ("median", "median_low", "median_high")] == [1, 1, 2]


@pytest.mark.filterwarnings("error")
def test_customers_unlike_all_others_are_certain_or_unknown_but_never_a_nan() -> None:
    data = world(400, seed=3)
    data["spent"] = np.exp(np.random.default_rng(1).normal(0, 6, 400))
    said = fitted(data).predict({"visits": [0.0, 1e9, -1e9], "spent": [1e9, 0.0, 0.0]}, at=[0, 6])
    for part in (said.survival, said.survival_low, said.survival_high, said.relative_hazard):
        assert np.isfinite(part).all()
    assert said.survival[1:].tolist() == [[1.0, 0.0], [1.0, 1.0]]
    assert np.isnan(said.median[2]) and said.median[1] == min(data["months"][data["left"]])


def test_a_stratum_is_as_sure_as_its_own_leavers_allow() -> None:
    data = world(600, seed=9)
    small = np.arange(600) < 60
    data["plan"] = np.where(small, "rare", "usual")
    found = cox(data, duration="months", event="left", covariates=["visits"], strata="plan")
    said = found.predict({"visits": [0.0, 0.0], "plan": ["rare", "usual"]}, at=6)
    wide = said.survival_high - said.survival_low
    assert wide[0, 0] > 2 * wide[1, 0]

"""Worlds in which chance decided who was treated: the effect is known because the worlds are made with it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from bench._worlds import Estimator

_FIRST_SEED: Final = 20_260_000  # fixed before any of this was run; each estimator has 10,000 seeds of its own


def shares_world(seed: int) -> tuple[Any, float]:
    """250 customers held out, 750 treated; 12 % and 17 % retained."""
    rng = np.random.default_rng(seed)
    treated = np.arange(1_000) >= 250
    retained = rng.random(1_000) < np.where(treated, 0.17, 0.12)
    return {"treated": treated, "outcome": retained}, 0.05


def spending_world(seed: int) -> tuple[Any, float]:
    """300 against 500 customers, most of whom spend nothing and some a lot: 2.40 against 3.00 on average."""
    rng = np.random.default_rng(seed)
    treated = np.arange(800) >= 300
    buys = rng.random(800) < np.where(treated, 0.15, 0.12)
    spent = np.where(buys, rng.gamma(2, 10, 800), 0)
    return {"treated": treated, "outcome": spent}, 0.6


def covariate_world(seed: int) -> tuple[Any, float]:
    """One customer in four treated, who gains more the more was spent before: 4 on average over everybody."""
    rng = np.random.default_rng(seed)
    treated = rng.permutation(np.arange(400) % 4 == 0)
    before = rng.gamma(4, 5, 400)
    spent = 5 + 0.8 * before + treated * (2 + 0.1 * before) + rng.normal(0, 6, 400)
    return {"treated": treated, "outcome": spent, "before": before}, 4.0


def companies_world(seed: int) -> tuple[Any, float]:
    """60 companies of 2 to 40 people assigned as a whole, who share much: half a point more on average."""
    rng = np.random.default_rng(seed)
    company = np.repeat(np.arange(60), rng.integers(2, 41, 60))
    treated = company % 2 == 1
    happy = 6 + 0.5 * treated + rng.normal(0, 0.7, 60)[company] + rng.normal(0, 1, len(company))
    return {"treated": treated, "outcome": happy, "company": company}, 0.5


def worth_world(seed: int) -> tuple[Any, float]:
    """The shares' world, and a kept customer worth 300 that is itself only known to ± 60 (standard error)."""
    data, effect = shares_world(seed)
    worth = 300 + np.random.default_rng(seed + 5_000_000).normal(0, 60)
    return {**data, "worth": worth}, effect * 300 * 1_000


def peeked_world(seed: int) -> tuple[Any, float]:
    """5,000 customers who come one after the other, looked at after each from the 200th on; 10 % and 13 % retained."""
    rng = np.random.default_rng(seed)
    treated = rng.random(5_000) < 0.5
    return {"treated": treated, "outcome": rng.random(5_000) < np.where(treated, 0.13, 0.10)}, 0.03


def curved_world(seed: int) -> tuple[Any, float]:
    """600 customers, three in ten treated; who is retained bends with two covariates: 10 points more on average."""
    rng = np.random.default_rng(seed)
    treated = rng.permutation(np.arange(600) % 10 < 3)
    x = rng.uniform(0, 1, (600, 2))
    chance = 0.2 + 0.4 * x[:, 0] ** 2 + 0.2 * (x[:, 1] > 0.7) + treated * 0.2 * x[:, 0]
    return {"treated": treated, "outcome": rng.random(600) < chance, "x": x}, 0.1


def ordered_world(seed: int) -> tuple[Any, float]:
    """800 customers in an order that is right: an effect of x/10 by x even in 0 to 1, so the coefficient is 1/120."""
    rng = np.random.default_rng(seed)
    treated, x = rng.permutation(np.arange(800) % 2 == 0), rng.uniform(0, 1, 800)
    return {"treated": treated, "outcome": rng.random(800) < 0.3 + treated * x / 10, "x": x}, 1 / 120


def _asked(data: dict[str, Any], **more: Any) -> Any:
    from tenure import effect

    arm = np.where(data["treated"], "treated", "control")
    share = float(data["treated"].mean())
    shares = {"control": 1 - share, "treated": share}
    return effect.experiment(arm=arm, outcome=data["outcome"], shares=shares, **more)


def _plain(data: dict[str, Any]) -> tuple[float, float]:
    found = _asked(data).comparison.plain
    return found.low, found.high


def _lift(data: dict[str, Any]) -> tuple[float, float]:
    found = _asked(data).comparison.lift
    return found.low, found.high


def _adjusted(data: dict[str, Any], **more: Any) -> tuple[float, float]:
    found = _asked(data, covariates={"before": data["before"]}, **more).comparison.adjusted
    return found.low, found.high


def _common_slope(data: dict[str, Any]) -> tuple[float, float]:
    return _adjusted(data, slopes="common")


def _clustered(data: dict[str, Any]) -> tuple[float, float]:
    found = _asked(data, cluster=data["company"]).comparison.plain
    return found.low, found.high


def _money(data: dict[str, Any]) -> tuple[float, float]:
    from tenure import effect

    reach = 1.959963984540054 * 60
    worth = effect.Worth(data["worth"], "EUR", low=data["worth"] - reach, high=data["worth"] + reach)
    found = _asked(data).gain(worth=worth, customers=1_000).money
    return found.low, found.high


def _watched(data: dict[str, Any]) -> tuple[float, float]:
    """What all looks have in common: it holds the truth only if every one of them did."""
    from tenure import effect

    arm = np.where(data["treated"], "treated", "control")
    found = effect.watch(arm=arm, outcome=data["outcome"], planned=5_000, first_look=200, most_looks=None)
    return float(found.low.max()), float(found.high.min())


def _doubly_robust(data: dict[str, Any]) -> tuple[float, float]:
    from tenure.effect.trials import read_trial
    from tenure.effect.uplift import average_effect

    arm = np.where(data["treated"], "treated", "control")
    known = {"first": data["x"][:, 0], "second": data["x"][:, 1]}
    trial = read_trial(arm=arm, outcome=data["outcome"], covariates=known, shares={"control": 0.7, "treated": 0.3})
    found = average_effect(trial)
    return found.low, found.high


def _qini(data: dict[str, Any]) -> tuple[float, float]:
    from tenure.effect.qini import qini

    found = qini(
        data["x"], data["outcome"].astype(float), data["treated"], unit=np.arange(800), draws=300, seed=1, level=0.95
    )
    return found.low, found.high


def _shares_lift_world(seed: int) -> tuple[Any, float]:
    return shares_world(seed)[0], 0.17 / 0.12 - 1


def _spending_lift_world(seed: int) -> tuple[Any, float]:
    return spending_world(seed)[0], 0.15 / 0.12 - 1


ESTIMATORS: Final[tuple[Estimator, ...]] = (
    Estimator("intent to treat, share", shares_world, _plain, _FIRST_SEED),
    Estimator("intent to treat, amount", spending_world, _plain, _FIRST_SEED + 10_000),
    Estimator("CUPED, own slopes", covariate_world, _adjusted, _FIRST_SEED + 20_000),
    Estimator("CUPED, common slope", covariate_world, _common_slope, _FIRST_SEED + 30_000),
    Estimator("clusters", companies_world, _clustered, _FIRST_SEED + 40_000),
    Estimator("relative lift of a share", _shares_lift_world, _lift, _FIRST_SEED + 50_000),
    Estimator("relative lift of an amount", _spending_lift_world, _lift, _FIRST_SEED + 60_000),
    Estimator("money", worth_world, _money, _FIRST_SEED + 70_000),
    Estimator("confidence sequence", peeked_world, _watched, _FIRST_SEED + 80_000, is_time_uniform=True),
    Estimator("doubly robust average", curved_world, _doubly_robust, _FIRST_SEED + 90_000),
    Estimator("Qini coefficient", ordered_world, _qini, _FIRST_SEED + 100_000),
)

"""Ours: straight from the facts, and from the days of each customer kept reduced."""

from __future__ import annotations

from functools import partial

import numpy as np

import tenure
from bench._facts import AS_OF, ZONE, Facts
from bench._question import COHORTS, FIRST, KINDS, PERIODS, Answer, Formulation, with_open_days_masked


def version() -> str:
    return tenure.__version__


def formulations(facts: Facts, *, form: str) -> dict[str, Formulation]:
    if form == "reduced":
        return formulations_of(tenure.reduce(customer=facts.customers, time=facts.times, zone=ZONE))
    return {"retention": partial(_from_facts, facts)}


def formulations_of(days: tenure.Days) -> dict[str, Formulation]:
    """From a reduced form: as it is asked again and again, and as if each question were its first."""
    return {
        "retention_of(days)": partial(_from_days, days),
        "retention_of(days), nothing kept from an earlier question": partial(_from_fresh_days, days),
    }


def _from_facts(facts: Facts) -> Answer:
    answer = tenure.retention(
        customer=facts.customers, time=facts.times, period="day", zone=ZONE, as_of=AS_OF, periods=PERIODS
    )
    return _shaped(answer)


def retention(days: tenure.Days) -> tenure.Retention:
    """The question as of the last day there is."""
    return tenure.retention_of(days, period="day", periods=PERIODS)


def _from_days(days: tenure.Days) -> Answer:
    return _shaped(tenure.retention_of(days, period="day", as_of=AS_OF, periods=PERIODS))


def _from_fresh_days(days: tenure.Days) -> Answer:
    """What the first question to these days costs: the bit planes they keep for later ones are built anew."""
    return _from_days(tenure.Days(days.customers, days.offsets, days.days, days.zone))


def _shaped(found: tenure.Retention) -> Answer:
    """Our own mask of open days is kept: where it differs from the question's, the answers disagree."""
    rows = found.cohorts.astype("datetime64[D]").astype(np.int64) - FIRST
    answer = np.zeros((COHORTS, 1 + len(KINDS) * PERIODS), np.int64)
    answer[rows, 0] = found.sizes
    cells = answer[:, 1:].reshape(COHORTS, len(KINDS), PERIODS)
    for place, kind in enumerate(KINDS):
        cells[rows, place] = np.where(found.at_risk_of(kind)[:, 1:] > 0, found.retained[kind][:, 1:], -1)
    unseen = np.setdiff1d(np.arange(COHORTS), rows)
    answer[unseen] = with_open_days_masked(np.zeros_like(answer))[unseen]
    return answer

"""Every fast path against its obvious twin, on random facts with zones, clock changes, conditions and segments."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import tenure
from tenure import _twins

ZONES = (
    "UTC",
    "Europe/Berlin",
    "Asia/Shanghai",
    "America/St_Johns",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
)


def some_facts(
    seed: int, *, customers: int = 25, start: dt.datetime, days: int, segments: Any = ("a", "b", None)
) -> list[_twins.PlainFact]:
    pick = random.Random(seed)
    facts = []
    for customer in range(customers):
        birth = pick.uniform(0, days)
        for _ in range(pick.choice([1, 1, 2, 5, 20])):
            at = start + dt.timedelta(
                days=min(birth + pick.expovariate(4 / days), days), microseconds=pick.randrange(3)
            )
            if pick.random() < 0.2:
                at = at.replace(hour=pick.choice([0, 21, 22, 23]), minute=0, second=0, microsecond=0)
            facts.append(
                _twins.PlainFact(
                    customer * 7919 - 40_000, at, pick.random() < 0.7, pick.random() < 0.7, pick.choice(segments)
                )
            )
    pick.shuffle(facts)
    return facts


def asked(facts: list[_twins.PlainFact], question: _twins.PlainQuestion, **more: Any) -> tenure.Retention:
    return tenure.retention(
        {
            "customer": [fact.customer for fact in facts],
            "time": np.array([round((fact.at - EPOCH) / dt.timedelta(microseconds=1)) for fact in facts], np.int64),
            "segment": [fact.segment for fact in facts],
            "begins": [fact.is_begin for fact in facts],
            "backs": [fact.is_back for fact in facts],
        },
        customer="customer", time="time", begin="begins", back="backs", period=question.period, zone=question.zone,
        as_of=question.as_of, periods=question.periods, window=question.window, cohort=question.cohort,
        since=question.since, until=question.until, by_when=question.by_when, follow_up=question.follow_up, **more,
    )  # fmt: skip


def cells(answer: tenure.Retention) -> _twins.Answer:
    c, found = answer.cells, {}
    for i in range(len(c)):
        segment = None if answer.segments is None else answer.segments[c.row[i]]
        found[segment, c.cohort[i].item(), tenure.KINDS[c.kind[i]], int(c.period[i])] = (
            int(c.at_risk[i]),
            int(c.retained[i]),
        )
    return found


EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def questions(seed: int, start: dt.datetime, days: int) -> tuple[_twins.PlainQuestion, Any]:
    pick = random.Random(seed)
    window = pick.choice(["calendar", "calendar", "personal"])
    period = pick.choice(
        ["day", "week", "10 days"] if window == "personal" else ["day", "week", "month", "quarter", "year"]
    )
    cohort = pick.choice(["first_ever", "first_in_window", "born_column"] + ["recurring"] * (window == "calendar"))
    periods = pick.choice([1, 3, 12, 70, 200])
    fixed = pick.randrange(1, periods + 1)
    bracket_from, bracket = pick.choice([
        (fixed, lambda n: fixed if fixed <= n else None),
        (lambda n: max(1, n - 6), lambda n: max(1, n - 6)),
        (lambda n: (n + 1) // 2, lambda n: (n + 1) // 2),
    ])  # fmt: skip
    middle = (start + dt.timedelta(days=days / 3)).date()
    since = pick.choice([None, middle])
    until = pick.choice([None, middle + dt.timedelta(days=days // 3)])
    as_of = start + dt.timedelta(days=days * pick.choice([0.5, 0.9, 1.1]))
    zone = pick.choice(ZONES)
    if pick.random() < 0.3:
        as_of = as_of.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    question = _twins.PlainQuestion(
        period, zone, as_of, periods, bracket, window, cohort, since, until, pick.choice(["birth", "then"]),
        pick.choice([None, periods, periods + 5]),
    )  # fmt: skip
    return question, bracket_from


@pytest.mark.parametrize("seed", range(60))
def test_a_question_is_answered_as_its_obvious_twin_answers_it(seed: int) -> None:
    start = dt.datetime(*random.Random(seed).choice([(2011, 11, 20), (2026, 2, 1), (2025, 9, 1)]), tzinfo=dt.UTC)
    days = random.Random(seed).choice([20, 90, 500])
    facts = some_facts(seed, start=start, days=days)
    question, bracket_from = questions(seed, start, days)
    born = None
    more: dict[str, Any] = {"bracket_from": bracket_from, "by": "segment"}
    if question.cohort == "born_column":
        born = {
            fact.customer: start + dt.timedelta(days=hash(fact.customer) % days, hours=5)
            for fact in facts
            if fact.customer % 5
        }
        more["born"] = np.array(
            [
                np.datetime64("NaT", "us") if f.customer not in born else local(born[f.customer], question.zone)
                for f in facts
            ]
        )
    expected = _twins.retention(facts, question, born)
    if not expected:
        with pytest.raises(tenure.TenureError):
            asked(facts, question, **more)
        return
    assert cells(asked(facts, question, **more)) == expected


def local(at: dt.datetime, zone: str) -> np.datetime64:
    return np.datetime64(at.astimezone(ZoneInfo(zone)).replace(tzinfo=None), "us")


@pytest.mark.parametrize("zone", ZONES)
def test_local_days_are_those_of_the_zone_itself(zone: str) -> None:
    pick = random.Random(zone)
    for year in (1995, 2011, 2026):
        ats = [
            dt.datetime(year, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=pick.randrange(366 * 86_400))
            for _ in range(800)
        ]
        people = [pick.randrange(30) for _ in ats]
        days = tenure.reduce(
            np.array(people),
            np.array([np.datetime64(at.replace(tzinfo=None), "us") for at in ats]).astype(np.int64),
            zone=zone,
        )
        expected = _twins.days_of(zip(people, ats, strict=True), zone)
        got = {
            int(c): [np.datetime64(int(d), "D").item() for d in days.days[days.offsets[i] : days.offsets[i + 1]]]
            for i, c in enumerate(days.customers)
        }
        assert got == expected

"""Mistakes that tools for retention are known to make, one test each; and horizons beyond any machine word."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

import tenure
from tenure import _twins

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def asked(facts: list[tuple[Any, str]], **question: Any) -> tenure.Retention:
    return tenure.retention({"customer": [who for who, _ in facts], "time": [at for _, at in facts]}, **question)


def test_a_cohort_east_of_utc_is_not_a_day_late() -> None:
    """In UTC+8 seven in the morning of the 2nd is still the 1st in UTC."""
    facts = [(1, "2026-03-02T07:00:00+08:00"), (1, "2026-03-03T07:00:00+08:00")]
    answer = asked(facts, period="day", zone="Asia/Shanghai", as_of="2026-03-04")
    assert [str(day) for day in answer.cohorts] == ["2026-03-02"]
    assert answer.retained["classic"].tolist() == [[1, 1]]


def test_a_return_on_the_next_day_does_not_vanish_east_of_utc() -> None:
    """Tokyo's morning and the next one after midnight there, both of one date in UTC."""
    facts = [(1, "2026-03-01T20:00:00Z"), (1, "2026-03-01T10:00:00Z")]
    assert asked(facts, period="day", zone="UTC", as_of="2026-03-04").retained["classic"].tolist() == [[1, 0, 0]]
    tokyo = asked(facts, period="day", zone="Asia/Tokyo", as_of="2026-03-04")
    assert [str(day) for day in tokyo.cohorts] == ["2026-03-01"]
    assert tokyo.retained["classic"].tolist() == [[1, 1, 0]]


@pytest.mark.parametrize(
    ("zone", "first", "second"),
    [
        # 23 hours: 29 March 2026 in Berlin lacks 02:00–03:00; 22 hours apart are still two dates, and one.
        ("Europe/Berlin", "2026-03-28T23:30:00+01:00", "2026-03-29T00:30:00+01:00"),
        ("Europe/Berlin", "2026-03-29T23:30:00+02:00", "2026-03-30T00:10:00+02:00"),
        # 25 hours: 25 October 2026 in Berlin has 02:00–03:00 twice.
        ("Europe/Berlin", "2026-10-24T23:59:00+02:00", "2026-10-25T23:59:00+01:00"),
        ("Europe/Berlin", "2026-10-25T00:01:00+02:00", "2026-10-26T00:00:00+01:00"),
        ("America/New_York", "2026-03-08T23:59:00-04:00", "2026-03-09T00:01:00-04:00"),
    ],
)
def test_days_of_23_and_25_hours_are_days(zone: str, first: str, second: str) -> None:
    answer = asked([(1, first), (1, second)], period="day", zone=zone, as_of="2026-12-01", periods=1)
    assert answer.retained["classic"].tolist() == [[1, 1]]


def test_both_ends_of_a_day_of_25_hours_are_one_day() -> None:
    facts = [(1, "2026-10-25T00:00:00+02:00"), (1, "2026-10-25T23:59:59+01:00")]
    answer = asked(facts, period="day", zone="Europe/Berlin", as_of="2026-10-27", periods=1)
    assert answer.retained["classic"].tolist() == [[1, 0]]


def test_a_period_that_is_still_open_is_not_counted_as_a_loss() -> None:
    facts = [(1, "2026-01-05"), (1, "2026-02-20"), (2, "2026-02-03")]
    answer = asked(facts, period="month", as_of="2026-03-10")
    assert answer.at_risk.tolist() == [[1, 1], [1, 0]]  # for February's cohort, March has not ended
    assert answer.curve("classic").rate[1] == 1.0


def test_averages_weigh_customers_alike_and_not_cohorts() -> None:
    days = [(1, "2026-01-01"), (1, "2026-01-02"), *[(who, "2026-01-02") for who in range(2, 11)]]
    answer = asked(days, period="day", as_of="2026-01-04")
    assert answer.rate("classic")[:, 1].tolist() == [1.0, 0.0]
    assert answer.curve("classic").rate[1] == 0.1  # one of ten customers; the mean of the two cohorts would be 0.5


def test_the_first_ever_that_fails_the_filter_does_not_come_back_as_a_later_first() -> None:
    """Ada's first order ever was in January: a cohort of February must not hold her, whatever window is looked at."""
    facts = [("Ada", "2026-01-10"), ("Ada", "2026-02-10"), ("Musa", "2026-02-11")]
    for since, until in (("2026-02-01", "2026-03-01"), ("2026-02-05", None), ("2026-02-01", None)):
        answer = asked(facts, period="month", since=since, until=until, as_of="2026-04-01")
        assert answer.sizes.tolist() == [1]
    inside = asked(facts, period="month", cohort="first_in_window", since="2026-02-01", as_of="2026-04-01")
    assert inside.sizes.tolist() == [2]


def test_more_than_31_intervals_are_no_limit() -> None:
    facts = [(1, str(dt.date(2026, 1, 1) + dt.timedelta(days=day))) for day in range(50)]
    answer = asked(facts, period="day", as_of="2026-02-20", periods=49)
    assert answer.retained["full"].tolist() == [[1] * 50]


def test_a_property_date_is_a_birth_of_its_own() -> None:
    """Signed up in January, first bought in March: month 2 of the sign-up, and no return at all of the first order."""
    facts = {
        "customer": [1, 2, 2], "time": ["2026-03-10", "2026-01-20", "2026-02-01"],
        "signed_up": ["2026-01-05", "2026-01-20", "2026-01-20"],
    }  # fmt: skip
    born = tenure.retention(facts, cohort="born_column", born="signed_up", period="month", as_of="2026-05-01")
    assert (born.sizes.tolist(), born.retained["classic"].tolist()) == ([2], [[2, 1, 1, 0]])
    ever = tenure.retention(facts, period="month", as_of="2026-05-01")
    assert ever.sizes.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("period", "cohorts", "classic"),
    [
        ("quarter", ["2025-10-01", "2026-01-01"], [[1, 1, 0, 1, 0], [1, 0, 0, 0, 0]]),
        ("year", ["2025-01-01", "2026-01-01"], [[1, 1], [1, 0]]),
    ],
)
def test_quarters_and_years_by_hand(period: str, cohorts: list[str], classic: list[list[int]]) -> None:
    facts = [(1, "2025-12-31"), (1, "2026-01-01"), (1, "2026-07-01"), (2, "2026-03-31")]
    answer = asked(facts, period=period, as_of="2027-01-01")
    assert [str(day) for day in answer.cohorts] == cohorts
    assert answer.retained["classic"].tolist() == classic


@pytest.mark.parametrize("periods", [65, 129, 1_025])
@pytest.mark.parametrize("window", ["calendar", "personal"])
@pytest.mark.parametrize("form", ["fewest", "compiled", "with another fact"])
def test_horizons_beyond_a_machine_word_are_those_of_the_twin(
    periods: int, window: str, form: str, request: pytest.FixtureRequest
) -> None:
    if form == "compiled":
        request.getfixturevalue("compiled_always")
    rng = np.random.default_rng(periods)
    start = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)
    days = np.r_[0, periods // 2, periods - 1, periods, periods + 1, rng.integers(0, periods + 40, 40)]
    is_any = form != "with another fact"
    facts = [
        _twins.PlainFact(
            int(rng.integers(1, 4)), start + dt.timedelta(days=int(day), hours=3), is_back=is_any or bool(day % 5)
        )
        for day in days
    ]
    question = _twins.PlainQuestion(
        "day", "UTC", start + dt.timedelta(days=periods + 30), periods, lambda n: max(1, n - 6), window, "first_ever",
        None, None, "birth", None,
    )  # fmt: skip
    answer = tenure.retention(
        customer=np.array([fact.customer for fact in facts]),
        time=np.array([round((fact.at - EPOCH) / dt.timedelta(microseconds=1)) for fact in facts]),
        back=np.array([fact.is_back for fact in facts]) if not is_any else None,
        period="day", periods=periods, window=window, as_of=question.as_of, bracket_from=lambda n: max(1, n - 6),
    )  # fmt: skip
    assert cells(answer) == _twins.retention(facts, question, None)
    if window == "calendar" and is_any:
        reduced = tenure.reduce(
            np.array([fact.customer for fact in facts]),
            np.array([round((fact.at - EPOCH) / dt.timedelta(microseconds=1)) for fact in facts]),
        )
        again = tenure.retention_of(
            reduced, period="day", periods=periods, as_of=question.as_of.date(), bracket_from=lambda n: max(1, n - 6)
        )  # fmt: skip
        assert cells(again) == cells(answer)


def cells(answer: tenure.Retention) -> _twins.Answer:
    c = answer.cells
    return {
        (None, c.cohort[i].item(), tenure.KINDS[c.kind[i]], int(c.period[i])): (int(c.at_risk[i]), int(c.retained[i]))
        for i in range(len(c))
    }

"""Revenue retention: the worked example, the algebra, the twin, and what is never added up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.errors import LengthsDiffer, NothingToRead, PeriodsTooFew, UnknownChoice
from tenure.revenue import errors, revenue_retention, revenue_retention_of, subscription_revenue_retention

money = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.booleans()), min_size=1, max_size=30)
payments = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 5), st.integers(-3, 9), st.sampled_from(["a", "b"])),
    min_size=1, max_size=50,
)  # fmt: skip

# Ada leaves (400), Musa pays 100 less, Ines 800 more, Bo stays; Edo is new, Noor came back.
WORKED = {
    "account": ["Ada", "Musa", "Ines", "Bo", "Edo", "Noor"],
    "opening": [400, 1_600, 3_000, 5_000, 0, 0],
    "closing": [0, 1_500, 3_800, 5_000, 700, 250],
    "came_back": [False, False, False, False, False, True],
}


def worked(**more: Any) -> Any:
    opening, closing, account, came_back = (WORKED[name] for name in ("opening", "closing", "account", "came_back"))
    return revenue_retention_of(opening, closing, account=account, came_back=came_back, **more)


def test_ten_thousand_at_the_start_is_five_percent_churn_ninety_five_gross_and_a_hundred_and_three_net() -> None:
    line = worked().line
    parts = (line.opening, line.churned, line.contraction, line.expansion, line.new, line.reactivated, line.closing)
    assert parts == (10_000, 400, 100, 800, 700, 250, 11_250)
    assert line.gross_churn.value == pytest.approx(0.05)
    assert line.gross_retention.value == pytest.approx(0.95)
    assert line.net_retention.value == pytest.approx(1.03)
    assert (line.accounts, line.lost_accounts) == (4, 1)


def test_account_by_account_it_says_what_became_of_each() -> None:
    movements = {row["account"]: (row["kept"], row["movement"]) for row in worked().accounts().to_pylist()}
    assert movements == {
        "Ada": (0, "churned"), "Musa": (1_500, "contraction"), "Ines": (3_000, "expansion"), "Bo": (5_000, "kept"),
        "Edo": (0, "new or reactivated"), "Noor": (0, "new or reactivated"),
    }  # fmt: skip


@given(money)
def test_the_parts_add_up_and_gross_never_passes_net_nor_one(rows: list[tuple[int, int, bool]]) -> None:
    opening, closing, old = ([row[i] for row in rows] for i in range(3))
    if not any(opening):
        with pytest.raises(errors.NothingPaid):
            revenue_retention_of(opening, closing)
        return
    line = revenue_retention_of(opening, closing, came_back=old, interval="linear").line
    lost = line.churned + line.contraction
    assert line.opening - lost + line.expansion + line.new + line.reactivated == line.closing == sum(closing)
    gross, net = line.gross_retention, line.net_retention
    assert gross.value is not None and net.value is not None
    assert 0 <= gross.value <= 1 and gross.value <= net.value + 1e-12
    assert gross.value == pytest.approx(sum(min(a, b) for a, b in zip(opening, closing, strict=True)) / sum(opening))
    if gross.low is not None and gross.high is not None:
        assert 0 <= gross.low <= gross.value + 1e-12 and gross.value <= gross.high + 1e-12 <= 1 + 1e-9


@settings(max_examples=80, deadline=None)
@given(payments, st.integers(1, 3))
def test_payments_are_summed_by_account_and_month_as_the_obvious_twin_does(
    rows: list[tuple[int, int, int, str]], span: int
) -> None:
    columns = {
        "account": [row[0] for row in rows], "paid": [row[2] for row in rows], "plan": [row[3] for row in rows],
        "day": [dt.date(2026, row[1] + 1, 10) for row in rows],
    }  # fmt: skip
    asked = {
        "account": "account", "time": "day", "amount": "paid", "span": span, "as_of": "2026-07-01",
        "interval": "linear",
    }  # fmt: skip
    expected = obvious(rows, span)
    if not expected:
        with pytest.raises(errors.NothingPaid):
            revenue_retention(columns, **asked)
        return
    found = revenue_retention(columns, **asked)
    parts = ("opening", "churned", "contraction", "expansion", "new", "reactivated")
    told = [(line.start.month - 1, *(getattr(line, part) for part in parts)) for line in found.lines if line.start]
    assert told == expected
    by_plan = revenue_retention(columns, **asked, plan="plan")
    for i, line in enumerate(line for line in by_plan.lines if line.group is None):
        parts = [part for part in by_plan.lines if part.group is not None and part.start == line.start]
        assert sum(part.opening for part in parts) == line.opening == expected[i][1]
        assert sum(part.churned for part in parts) == line.churned


def obvious(rows: list[tuple[int, int, int, str]], span: int) -> list[tuple[float, ...]]:
    paid: dict[tuple[int, int], int] = {}
    for account, month, amount, _ in rows:
        paid[account, month] = paid.get((account, month), 0) + amount
    paid = {key: amount for key, amount in paid.items() if amount > 0}
    lines = []
    for month in range(6 - span):
        at = {account: amount for (account, when), amount in paid.items() if when == month}
        then = {account: amount for (account, when), amount in paid.items() if when == month + span}
        if not at:
            continue
        before = {account for account, when in paid if when < month}
        lines.append((
            month, sum(at.values()), sum(v for a, v in at.items() if a not in then),
            sum(max(0, v - then[a]) for a, v in at.items() if a in then),
            sum(max(0, then[a] - v) for a, v in at.items() if a in then),
            sum(v for a, v in then.items() if a not in at and a not in before),
            sum(v for a, v in then.items() if a not in at and a in before),
        ))  # fmt: skip
    return lines


def test_a_subscription_counts_while_it_is_in_force_as_the_month_begins() -> None:
    rows = {
        "account": ["Ada", "Ada", "Musa", "Ines"],
        "began": ["2026-01-01", "2026-02-15", "2025-11-20", "2026-02-02"],
        "ended": [None, None, "2026-03-01", None],
        "amount": [100, 50, 70, 30],
        "plan": ["basic", "extra", "basic", "plus"],
    }
    found = subscription_revenue_retention(
        rows, account="account", began="began", ended="ended", amount="amount", as_of="2026-04-01"
    )
    told = {str(line.start): (line.opening, line.churned, line.expansion, line.new) for line in found.lines}
    assert told == {
        "2025-12-01": (70, 0, 0, 100), "2026-01-01": (170, 0, 0, 0), "2026-02-01": (170, 70, 50, 0 + 30),
        "2026-03-01": (180, 0, 0, 0),
    }  # fmt: skip
    plans = subscription_revenue_retention(
        rows, account="account", began="began", ended="ended", amount="amount", plan="plan", as_of="2026-03-15"
    )
    assert [line.churned for line in plans.of("basic")] == [0, 0, 70]
    assert plans.of("basic")[-1].expansion == 50  # Ada's extra is expansion of the plan she had


def test_a_month_begins_at_midnight_in_its_zone() -> None:
    rows = {
        "account": ["Ada", "Musa", "Ada", "Musa"], "paid": [10, 10, 10, 10],
        "at": ["2026-01-10T00:00Z", "2026-01-31T20:00Z", "2026-02-10T00:00Z", "2026-02-28T20:00Z"],
    }  # fmt: skip
    asked = {"account": "account", "time": "at", "amount": "paid", "as_of": "2026-04-02"}
    utc, tokyo = revenue_retention(rows, **asked), revenue_retention(rows, **asked, zone="Asia/Tokyo")
    assert [(line.opening, line.churned) for line in utc.lines] == [(20, 0), (20, 20)]
    assert [(line.opening, line.churned, line.new) for line in tokyo.lines] == [(10, 0, 10), (20, 10, 0)]


def test_a_period_that_has_not_ended_closes_nothing() -> None:
    rows = {"account": [1, 1, 1], "paid": [5, 5, 5], "at": ["2026-01-05", "2026-02-05", "2026-03-05"]}
    found = revenue_retention(rows, account="account", time="at", amount="paid", as_of="2026-03-20")
    assert [str(line.end) for line in found.lines] == ["2026-02-01"]


def test_currencies_are_never_added_up() -> None:
    rows = {"account": [1, 2], "paid": [5, 5], "at": ["2026-01-05", "2026-02-05"], "money": ["EUR", "JPY"]}
    with pytest.raises(errors.CurrenciesMixed, match="in EUR and JPY; they are never added up"):
        revenue_retention(rows, account="account", time="at", amount="paid", currency="money")
    one = {name: values[:1] * 2 for name, values in rows.items()} | {"at": ["2026-01-05", "2026-02-05"]}
    found = revenue_retention(one, account="account", time="at", amount="paid", currency="money", as_of="2026-03-01")
    assert found.currency == "EUR"
    assert found.sentence().startswith("Of 5 EUR from 1 accounts")


def test_the_bootstrap_repeats_with_its_seed_and_agrees_with_the_linear_interval() -> None:
    rng = np.random.default_rng(2)
    opening = rng.gamma(2, 50, 600)
    closing = np.where(rng.random(600) < 0.1, 0, opening * rng.normal(1.05, 0.2, 600).clip(0))
    drawn, again = (revenue_retention_of(opening, closing, seed=9).line for _ in range(2))
    linear = revenue_retention_of(opening, closing, interval="linear").line
    assert drawn == again
    for name in ("gross_retention", "net_retention", "gross_churn"):
        ours, other = getattr(drawn, name), getattr(linear, name)
        assert (ours.low, ours.high) == pytest.approx((other.low, other.high), abs=0.006)
    assert worked().notes == ("Intervals: accounts drawn again 2,000 times, percentiles.",)


@pytest.mark.parametrize("interval", ["bootstrap", "linear"])
def test_the_intervals_hold_the_truth_about_as_often_as_they_say(interval: str) -> None:
    rng, hits = np.random.default_rng(4), 0
    for _ in range(200):
        opening = rng.gamma(4, 25, 150)
        closing = opening * np.where(rng.random(150) < 0.15, 0.0, 1.0)
        share = revenue_retention_of(opening, closing, interval=interval).line.gross_retention
        assert share.low is not None and share.high is not None
        hits += share.low <= 0.85 <= share.high
    assert 0.89 <= hits / 200 <= 0.99


def test_refunds_beyond_the_payments_and_missing_amounts_are_noted() -> None:
    days = ["2026-01-05", "2026-01-06", "2026-01-07", "2026-02-05", "2026-01-01"]
    rows = {"account": [1, 1, 2, 2, 3], "paid": [5, -9, 8, 8, None], "at": days}
    found = revenue_retention(rows, account="account", time="at", amount="paid", as_of="2026-03-01")
    assert found.line.opening == 8
    assert found.notes[-4:-2] == (
        "1 of 5 rows have no amount and were left out.",
        "1 times an account was given back more than it paid in a month; that counts as nothing.",
    )
    assert found.notes[-1] == "Fewer than two accounts have no interval."


@pytest.mark.parametrize(
    ("asked", "refusal", "words"),
    [
        (lambda: revenue_retention_of([1, 2], [1]), LengthsDiffer, "closing has 1 rows"),
        (lambda: revenue_retention_of([], []), NothingToRead, "no facts"),
        (lambda: revenue_retention_of([1, float("nan")], [1, 1]), errors.AmountBad, "Row 2"),
        (lambda: revenue_retention_of([1, 1], [1, 1], account=["a", "a"]), errors.AccountTwice, "'a' is given twice"),
        (lambda: revenue_retention_of([1, 1], [1, 1], interval="guess"), UnknownChoice, "bootstrap, linear"),
        (lambda: subscription_revenue_retention({"a": [1]}, account="a", amount="a"), errors.WhenDoesItBegin, "began="),
        (
            lambda: subscription_revenue_retention(
                {"a": [1], "b": ["2026-02-01"], "e": ["2026-01-01"], "m": [5]}, account="a", began="b", ended="e",
                amount="m",
            ),
            errors.EndsBeforeItBegins,
            "Row 1",
        ),
        (
            lambda: revenue_retention({"account": [1], "time": ["2026-01-01"], "m": ["much"]}, amount="m"),
            errors.AmountBad,
            "'much'",
        ),
        (
            lambda: revenue_retention({"account": [1], "time": ["2026-01-01"], "m": [1]}, amount="m", span=0),
            PeriodsTooFew,
            "1 or more",
        ),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(asked: Any, refusal: type[Exception], words: str) -> None:
    with pytest.raises(refusal, match=words):
        asked()


def test_it_is_tabled_told_and_drawn() -> None:
    days = ["2026-01-05", "2026-01-05", "2026-02-05", "2026-02-05"]
    rows = {"account": [1, 2, 1, 2], "paid": [5, 5, 6, 4], "at": days}
    found = revenue_retention(rows, account="account", time="at", amount="paid", as_of="2026-03-01")
    row = found.table().to_pylist()[0]
    assert (row["opening"], row["gross_retention"], row["net_retention"]) == (10, 0.9, 1.0)
    assert "gross retention" in found._repr_html_() and "90.0%" in repr(found)
    pytest.importorskip("altair", reason="charts need the extra tenure[chart]")
    assert found.chart().to_dict()["title"]["text"] == "Revenue kept, by opening"

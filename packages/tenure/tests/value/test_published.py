"""The answers printed in the papers, to the printed digits, on the papers' own data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tenure import value
from tenure.value.counting import distinct_rows
from tenure.value.fitted import Fitted
from tenure.value.models import bg_nbd, gamma_gamma, pareto_nbd

Shared = Callable[[str], Path]


@pytest.fixture
def cdnow(shared: Shared) -> value.Histories:
    return value.read_histories(
        shared("cdnow/cdnow_customers_summary_with_transactions.csv"),
        customer="ID", frequency="x", recency="t_x", age="T", mean_amount="zbar",
    )  # fmt: skip


@pytest.fixture
def purchases(shared: Shared) -> value.Histories:
    """CDNOW from its single purchases: times and amounts not yet rounded to two decimals, as the papers fitted them."""
    lines = [line.split() for line in shared("cdnow/CDNOW_sample.txt").read_text().splitlines() if line.strip()]
    days = [f"{line[2][:4]}-{line[2][4:6]}-{line[2][6:]}" for line in lines]
    return value.summarise(
        customer=[int(line[1]) for line in lines], time=np.array(days, "datetime64[D]"),
        amount=[float(line[4]) for line in lines], observed_until="1997-09-30",
    )  # fmt: skip


@pytest.fixture
def donors(shared: Shared) -> value.Opportunities:
    return value.read_opportunities(
        shared("donations/donations.csv"),
        frequency="frequency", recency="recency", opportunities="periods", weight="weights",
    )  # fmt: skip


def printed(model: Fitted, digits: int) -> list[float]:
    return [round(float(estimate), digits) for estimate in model.estimates]


def test_bg_nbd_on_cdnow_is_as_printed(purchases: value.Histories, cdnow: value.Histories) -> None:
    for people in (purchases, cdnow):
        model = value.bg_nbd(people)
        assert printed(model, 3) == [0.243, 4.414, 0.793, 2.426]
        assert round(model.log_likelihood, 1) == -9582.4
        assert model.customers == 2357


def test_bg_nbd_expects_of_a_new_customer_what_is_printed(purchases: value.Histories) -> None:
    """1.8576 is the series cut off at 150 terms (147 to 151 give it), as a spreadsheet must; in full it is 1.8580."""
    model = value.bg_nbd(purchases)
    assert [round(cut_off_at_150(model, t), 4) for t in (1, 32, 78)] == [0.0532, 1.0437, 1.8576]
    assert model.new([1, 32, 78]).round(4).tolist() == [0.0532, 1.0437, 1.8580]


def cut_off_at_150(model: Fitted, t: float) -> float:
    """E[X(t)], equation (9) of the paper, with so many terms of the hypergeometric series."""
    r, alpha, a, b = (float(estimate) for estimate in model.estimates)
    j = np.arange(150)
    ratios = (r + j) * (b + j) / ((a + b - 1 + j) * (1 + j)) * t / (alpha + t)
    series = 1 + float(np.cumprod(ratios).sum())
    return (a + b - 1) / (a - 1) * (1 - (alpha / (alpha + t)) ** r * series)


def test_the_first_customer_of_cdnow_is_expected_to_buy_1226_times_in_39_weeks(cdnow: value.Histories) -> None:
    first = cdnow.chosen([0])
    assert value.bg_nbd(cdnow).expected(first, within=39).round(3).tolist() == [1.226]


def test_gamma_gamma_on_the_946_who_came_back_is_as_printed(purchases: value.Histories) -> None:
    model = value.gamma_gamma(purchases)
    assert printed(model, 2) == [6.25, 3.74, 15.44]
    assert round(model.log_likelihood, 1) == -4055.9
    assert model.customers == 946


def test_the_conditional_spend_of_the_first_cdnow_customers_is_as_printed(cdnow: value.Histories) -> None:
    expected = value.gamma_gamma(cdnow).expected(cdnow.chosen(slice(0, 5)))
    assert expected.round(1).tolist() == [24.7, 18.9, 35.2, 35.2, 35.2]


def test_the_single_purchases_of_cdnow_summarise_to_the_papers_own_file(
    purchases: value.Histories, cdnow: value.Histories
) -> None:
    made = purchases
    assert made.customers.tolist() == cdnow.customers.tolist()
    assert made.frequency.tolist() == cdnow.frequency.tolist()
    assert made.recency == pytest.approx(cdnow.recency, abs=0.0051)
    assert made.age == pytest.approx(cdnow.age, abs=0.0051)
    again = made.frequency > 0
    assert made.mean_amount is not None and cdnow.mean_amount is not None
    assert made.mean_amount[again] == pytest.approx(cdnow.mean_amount[again], abs=0.0051)
    assert np.isnan(made.mean_amount[~again]).all()


def test_pareto_nbd_on_cdnow_is_as_printed(purchases: value.Histories) -> None:
    model = value.pareto_nbd(purchases)
    assert printed(model, 3) == [0.553, 10.578, 0.606, 11.669]
    assert round(model.log_likelihood, 1) == -9595.0


def test_two_decimals_in_the_file_move_the_last_printed_digit(cdnow: value.Histories) -> None:
    """β is printed as 11.669 and γ as 15.44: the times and amounts of the papers' own file are rounded."""
    assert printed(value.pareto_nbd(cdnow), 3) == [0.553, 10.578, 0.606, 11.668]
    assert printed(value.gamma_gamma(cdnow), 2) == [6.25, 3.74, 15.45]


def test_printed_parameters_have_the_printed_likelihood_and_none_is_likelier_than_ours(
    cdnow: value.Histories,
) -> None:
    again = cdnow.frequency > 0
    rows = distinct_rows(cdnow.frequency, cdnow.recency, cdnow.age, None)
    assert cdnow.mean_amount is not None
    spent = distinct_rows(cdnow.frequency[again], cdnow.mean_amount[again], np.zeros(946), None)
    for ours, said, theirs in (
        (value.bg_nbd(cdnow), -9582.4, bg_nbd.log_likelihood(rows, np.array([0.243, 4.414, 0.793, 2.426]))[0]),
        (
            value.pareto_nbd(cdnow),
            -9595.0,
            pareto_nbd.log_likelihood(rows, np.array([0.553, 10.578, 0.606, 11.669]))[0],
        ),
        (value.gamma_gamma(cdnow), -4055.9, gamma_gamma.log_likelihood(spent, np.array([6.25, 3.74, 15.44]))[0]),
    ):
        assert round(theirs, 1) == said
        assert ours.log_likelihood - 0.002 < theirs <= ours.log_likelihood


def test_bg_bb_on_the_donors_is_as_printed(donors: value.Opportunities) -> None:
    model = value.bg_bb(donors)
    assert printed(model, 3) == [1.204, 0.750, 0.657, 2.783]
    assert round(model.log_likelihood, 1) == -33225.6
    assert model.customers == 11_104


def test_donors_are_expected_to_give_as_often_as_the_paper_prints(donors: value.Opportunities) -> None:
    expected = value.bg_bb(donors).expected(donors, within=5).round(2)
    found = {(x, t): e for x, t, e in zip(donors.frequency, donors.recency, expected, strict=True)}
    assert (found[0, 0], found[6, 6]) == (0.07, 3.75)


@pytest.mark.parametrize(
    ("survivors", "parameters", "fit"),
    [
        ([1000, 631, 468, 382, 326, 289, 262, 241], [0.704, 1.182], -1680.3),
        ([1000, 869, 743, 653, 593, 551, 517, 491], [0.668, 3.806], -1611.2),
    ],
    ids=["regular", "high end"],
)
def test_sbg_on_seven_years_of_renewals_is_as_printed(
    survivors: list[int], parameters: list[float], fit: float
) -> None:
    model = value.sbg(survivors)
    assert printed(model, 3) == parameters
    assert round(model.log_likelihood, 1) == fit


def test_sbg_foresees_the_years_that_were_held_out() -> None:
    regular = value.sbg([1000, 631, 468, 382, 326, 289, 262, 241])
    high_end = value.sbg([1000, 869, 743, 653, 593, 551, 517, 491])
    assert regular.survival([8, 12]) == pytest.approx([0.223, 0.173], abs=0.005)  # as it then was
    assert high_end.survival([8, 12]) == pytest.approx([0.468, 0.394], abs=0.017)

"""The answers printed in the papers, to the printed digits, on the papers' own data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tenure import value

Shared = Callable[[str], Path]


@pytest.fixture
def cdnow(shared: Shared) -> value.Histories:
    return value.read_histories(
        shared("cdnow/cdnow_customers_summary_with_transactions.csv"),
        customer="ID", frequency="x", recency="t_x", age="T", mean_amount="zbar",
    )  # fmt: skip


def printed(model: value.BgNbd | value.GammaGamma, digits: int) -> list[float]:
    return [round(float(estimate), digits) for estimate in model.estimates]


def test_bg_nbd_on_cdnow_is_as_printed(cdnow: value.Histories) -> None:
    model = value.bg_nbd(cdnow)
    assert printed(model, 3) == [0.243, 4.414, 0.793, 2.426]
    assert round(model.log_likelihood, 1) == -9582.4
    assert model.customers == 2357


def test_bg_nbd_expects_of_a_new_customer_what_the_paper_prints(cdnow: value.Histories) -> None:
    assert value.bg_nbd(cdnow).new([1, 32]).round(4).tolist() == [0.0532, 1.0437]
    assert value.bg_nbd(cdnow).new(78) == pytest.approx(1.8576, abs=5e-4)  # printed from rounded parameters


def test_the_first_customer_of_cdnow_is_expected_to_buy_1226_times_in_39_weeks(cdnow: value.Histories) -> None:
    first = cdnow.chosen([0])
    assert value.bg_nbd(cdnow).expected(first, within=39).round(3).tolist() == [1.226]


def test_gamma_gamma_on_the_946_who_came_back_is_as_printed(cdnow: value.Histories) -> None:
    model = value.gamma_gamma(cdnow)
    assert printed(model, 2) == [6.25, 3.74, 15.45]
    assert model["gamma"] == pytest.approx(15.44, abs=0.01)
    assert round(model.log_likelihood, 1) == -4055.9
    assert model.customers == 946


def test_the_conditional_spend_of_the_first_cdnow_customers_is_as_printed(cdnow: value.Histories) -> None:
    expected = value.gamma_gamma(cdnow).expected(cdnow.chosen(slice(0, 5)))
    assert expected.round(1).tolist() == [24.7, 18.9, 35.2, 35.2, 35.2]


def test_the_raw_purchases_of_cdnow_summarise_to_the_papers_own_file(shared: Shared, cdnow: value.Histories) -> None:
    lines = [line.split() for line in shared("cdnow/CDNOW_sample.txt").read_text().splitlines() if line.strip()]
    days = [f"{line[2][:4]}-{line[2][4:6]}-{line[2][6:]}" for line in lines]
    made = value.summarise(
        customer=[int(line[1]) for line in lines], time=np.array(days, "datetime64[D]"),
        amount=[float(line[4]) for line in lines], observed_until="1997-09-30",
    )  # fmt: skip
    assert made.customers.tolist() == cdnow.customers.tolist()
    assert made.frequency.tolist() == cdnow.frequency.tolist()
    assert made.recency == pytest.approx(cdnow.recency, abs=0.0051)
    assert made.age == pytest.approx(cdnow.age, abs=0.0051)
    again = made.frequency > 0
    assert made.mean_amount is not None and cdnow.mean_amount is not None
    assert made.mean_amount[again] == pytest.approx(cdnow.mean_amount[again], abs=0.0051)
    assert np.isnan(made.mean_amount[~again]).all()

"""The page "Did it work?" runs as it stands, and the made-up truth comes out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tenure import datasets, effect

PAGE = Path(__file__).resolve().parents[2] / "docs" / "did-it-work.md"


@pytest.fixture(scope="module")
def lived() -> dict[str, Any]:
    pytest.importorskip("sklearn", reason="the page learns whom to treat with scikit-learn, which is not installed")
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL):
        exec(compile(block, str(PAGE), "exec"), names)
    return names


def test_every_example_of_the_page_runs(lived: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert {"plan", "answer", "adjusted", "together", "watched", "order"} <= set(lived)


def test_the_known_effect_is_within_each_interval(lived: dict[str, Any]) -> None:
    plain = lived["answer"].comparison.plain
    assert plain.low <= 0.074 <= plain.high and lived["answer"].comparison.is_clear
    _, low, high = lived["watched"].now
    assert low <= 0.074 <= high


def test_adjusting_narrows_the_interval(lived: dict[str, Any]) -> None:
    assert lived["adjusted"].comparison.variance_saved > 0.05
    assert lived["adjusted"].comparison.adjusted.se < lived["adjusted"].comparison.plain.se


def test_plus_is_called_first_and_the_money_is_said(lived: dict[str, Any]) -> None:
    order = lived["order"]
    assert order.answer == "in order"
    assert "EUR" in lived["answer"].gain(worth=lived["worth"]).sentence


def test_the_errors_it_names_exist() -> None:
    from tenure.effect import errors

    named = re.findall(r"`([A-Z]\w+)`", PAGE.read_text("utf-8"))
    assert named and all(hasattr(errors, name) or hasattr(effect, name) for name in named)


def test_the_made_up_truth_is_in_the_data() -> None:
    table = datasets.win_back(200_000, seed=3).to_pandas()
    shares = table.groupby(["plan", "arm"]).retained.mean()
    assert shares["basic", "called"] - shares["basic", "held out"] == pytest.approx(0.02, abs=0.01)
    assert shares["plus", "called"] - shares["plus", "held out"] == pytest.approx(0.20, abs=0.01)
    assert (table.called_at.dropna() > table.assigned_at[table.called_at.notna()]).all()

"""Charts as data: what is drawn, in which colours, and nothing a strict page would refuse."""

from __future__ import annotations

import builtins
import itertools
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure
from tenure import charts
from tenure.datasets import bookshop, hand_worked, subscriptions
from tenure.errors import ChartsMissing, NothingToDraw, UnknownChoice
from tenure.labelling import spread

pytest.importorskip("altair", reason="charts need the extra tenure[chart]")
vl_convert = pytest.importorskip("vl_convert", reason="pictures need the extra tenure[chart]")


@pytest.fixture(scope="module")
def by_hand() -> tenure.Retention:
    return tenure.retention(hand_worked(), period="day", as_of="2026-03-15", periods=7)


@pytest.fixture(scope="module")
def shop() -> tenure.Retention:
    return tenure.retention(bookshop(400), period="month", as_of="2025-12-01", by="plan")


def layers(spec: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == mark]


def values(spec: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    data = layer.get("data", spec.get("data"))
    return data["values"] if "values" in data else spec["datasets"][data["name"]]


def test_the_curves_draw_every_kind_from_period_one(by_hand: tenure.Retention) -> None:
    spec = by_hand.chart().to_dict()
    rows = values(spec, layers(spec, "line")[0])
    third = {row["line"]: row["rate"] for row in rows if row["period"] == 3}
    assert third == pytest.approx({"full": 0.2, "classic": 0.4, "rolling": 0.6, "return": 0.8, "bracket": 0.8})
    assert min(row["period"] for row in rows) == 1
    assert {row["at_risk"] for row in rows} == {5}


def test_rolling_is_dashed_and_says_that_it_is_provisional(by_hand: tenure.Retention) -> None:
    spec = by_hand.chart().to_dict()
    names = {row["words"] for row in values(spec, layers(spec, "text")[0])}
    assert names == {"full", "classic", "rolling, provisional", "return", "bracket"}
    assert layers(spec, "line")[0]["encoding"]["strokeDash"]["condition"]["value"] == [5, 4]


def test_the_band_is_the_interval_of_the_kind_asked_for(by_hand: tenure.Retention) -> None:
    spec = by_hand.chart("return").to_dict()
    assert layers(spec, "area")[0]["transform"] == [{"filter": {"field": "line", "equal": "return"}}]
    assert "95% interval of return" in spec["title"]["subtitle"]


def test_axes_are_in_percent_and_the_font_is_the_systems(by_hand: tenure.Retention) -> None:
    spec = by_hand.chart().to_dict()
    assert layers(spec, "line")[0]["encoding"]["y"]["axis"]["format"] == "%"
    assert spec["config"]["font"].startswith("system-ui")


def test_a_theme_colours_every_role(by_hand: tenure.Retention) -> None:
    dark = json.dumps(by_hand.chart(theme=charts.DARK).to_dict())
    assert charts.DARK.surface in dark and charts.DARK.kinds["full"] in dark
    assert not [colour for colour in charts.LIGHT.kinds.values() if colour in dark]


def test_the_heat_map_leaves_periods_that_have_not_ended_empty(shop: tenure.Retention) -> None:
    spec = shop.chart(form="cohorts", segment="plus").to_dict()
    rows = values(spec, layers(spec, "rect")[0])
    last = [row for row in rows if row["cohort"].startswith("plus · 2025-09")]
    assert [row["period"] for row in last] == [1, 2]


def test_a_breakdown_draws_a_line_per_segment(shop: tenure.Retention) -> None:
    spec = shop.chart("rolling").to_dict()
    assert {row["line"] for row in values(spec, layers(spec, "line")[0])} == {"basic", "plus"}
    assert spec["title"]["text"] == "Rolling retention by plan"


def test_twenty_thousand_cells_are_no_surprise() -> None:
    answer = tenure.retention(bookshop(3_000), period="day", periods=60)
    spec = answer.chart(form="cohorts").to_dict()
    assert len(values(spec, layers(spec, "rect")[0])) > 20_000


@pytest.mark.parametrize("form", ["curves", "cohorts"])
def test_every_chart_becomes_a_picture(shop: tenure.Retention, by_hand: tenure.Retention, form: str) -> None:
    for answer in (shop, by_hand):
        assert vl_convert.vegalite_to_svg(answer.chart(form=form).to_dict()).startswith("<svg")


def test_survival_is_drawn_from_everybody_at_zero() -> None:
    chart = tenure.kaplan_meier(subscriptions(200), duration="months", event="left", by="plan").chart()
    spec = chart.to_dict()
    begins = [row for row in values(spec, layers(spec, "line")[0]) if row["time"] == 0]
    assert {(row["line"], row["rate"]) for row in begins} == {("basic", 1.0), ("plus", 1.0)}
    assert vl_convert.vegalite_to_svg(spec).startswith("<svg")


def test_a_single_rate_is_a_point_with_its_interval() -> None:
    rate = tenure.repeat_purchase_rate(bookshop(200), customer="customer", time="time", order="order")
    row = values(rate.chart().to_dict(), layers(rate.chart().to_dict(), "rule")[0])[0]
    assert (row["rate"], row["low"], row["high"]) == (rate.value, rate.low, rate.high)


def test_without_altair_the_extra_is_named(by_hand: tenure.Retention, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == "altair":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ChartsMissing, match=r'pip install "tenure\[chart\]"'):
        by_hand.chart()


def test_nothing_ended_yet_is_said_rather_than_drawn_empty() -> None:
    answer = tenure.retention(hand_worked(), period="year")
    for form in ("curves", "cohorts"):
        with pytest.raises(NothingToDraw):
            answer.chart(form=form)


def test_an_unknown_form_is_refused(by_hand: tenure.Retention) -> None:
    with pytest.raises(UnknownChoice, match="curves, cohorts"):
        by_hand.chart(form="pie")


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_names_never_touch_and_keep_their_order(wanted: list[float]) -> None:
    places = spread(wanted, gap=0.05, low=0.0, high=1.0)
    ordered = [places[i] for i in sorted(range(len(wanted)), key=lambda i: wanted[i])]
    assert all(b - a >= 0.05 - 1e-9 for a, b in itertools.pairwise(ordered))
    assert min(places) >= -1e-9 and max(places) <= 1 + 1e-9


def test_names_with_room_stay_where_they_are() -> None:
    assert spread([0.1, 0.9, 0.5], gap=0.05, low=0.0, high=1.0) == [0.1, 0.9, 0.5]
    assert np.allclose(spread([0.5, 0.5], gap=0.1, low=0.0, high=1.0), [0.5, 0.6])

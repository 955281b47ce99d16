"""The reduced form: the same answers, kept up to date in small steps."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenure
from tenure import errors

PAIRS = st.lists(st.tuples(st.integers(-5, 15), st.integers(-400, 400)), max_size=60)


def days_of(pairs: list[tuple[int, int]]) -> tenure.Days:
    if not pairs:
        return tenure.Days(np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros(0, np.int32))
    return tenure.reduce(np.array([c for c, _ in pairs]), np.array([d * 86_400_000_000 for _, d in pairs]))


def plain(days: tenure.Days) -> dict[int, list[int]]:
    return {int(c): days.days[days.offsets[i] : days.offsets[i + 1]].tolist() for i, c in enumerate(days.customers)}


def by_hand(pairs: list[tuple[int, int]]) -> dict[int, list[int]]:
    return {c: sorted({d for other, d in pairs if other == c}) for c in sorted({c for c, _ in pairs})}


@settings(max_examples=60, deadline=None)
@given(PAIRS, PAIRS)
def test_merging_is_the_union_in_any_order_and_twice_is_once(left: list[Any], right: list[Any]) -> None:
    both = days_of(left).merge(days_of(right))
    assert plain(both) == by_hand(left + right) == plain(days_of(right).merge(days_of(left)))
    assert plain(both.merge(days_of(right))) == plain(both)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(PAIRS, min_size=1, max_size=6),
    st.sampled_from(["day", "week", "month"]),
    st.sampled_from([1, 30, 80]),
    st.sampled_from([None, "1970-01-20", "1971-03-01"]),
)
def test_updates_in_any_split_and_order_answer_as_what_is_built_at_once(
    updates: list[Any], period: str, periods: int, as_of: str | None
) -> None:
    days, so_far = days_of([]), list[tuple[int, int]]()
    for update in updates:
        days, so_far = days.merge(days_of(update)), so_far + update
        if so_far and (as_of is None or min(day for _, day in so_far) < 19):
            asked: dict[str, Any] = {"period": period, "as_of": as_of, "periods": periods}
            found, at_once = (tenure.retention_of(form, **asked) for form in (days, days_of(so_far)))
            assert (found.cohorts == at_once.cohorts).all() and (found.at_risk == at_once.at_risk).all()
            assert all((found.retained[kind] == at_once.retained[kind]).all() for kind in found.kinds)
    assert plain(days) == by_hand(so_far)
    sizes = [len(layer.days) for layer in days.layers]
    assert all(2 * small <= large for large, small in itertools.pairwise(sizes))


def test_an_update_touches_nothing_of_what_is_much_larger() -> None:
    large = days_of([(customer, day) for customer in range(50) for day in range(0, 40, 3)])
    tenure.retention_of(large, period="day")
    masks = large.layers[0].masks("day")
    updated = large.merge(days_of([(7, 1), (50, 2)])).merge(days_of([(8, 1), (9, 1), (50, 2)]))
    assert [layer is large.layers[0] for layer in updated.layers] == [True, False]
    tenure.retention_of(updated, period="day")
    assert updated.layers[0].masks("day") is masks
    assert updated.merge(large).layers == updated.layers  # what is there already is not put beside itself
    assert len(updated) == 51


@settings(max_examples=60, deadline=None)
@given(PAIRS, st.dictionaries(st.integers(-5, 15), st.integers(16, 18), max_size=4))
def test_renaming_gives_the_days_to_the_new_name(pairs: list[Any], mapping: dict[int, int]) -> None:
    assert plain(days_of(pairs).renamed(mapping)) == by_hand([(mapping.get(c, c), d) for c, d in pairs])


@settings(max_examples=40, deadline=None)
@given(PAIRS, st.lists(st.integers(-5, 15), max_size=5))
def test_without_forgets_a_customer_altogether(pairs: list[Any], gone: list[int]) -> None:
    assert plain(days_of(pairs).without(gone)) == by_hand([(c, d) for c, d in pairs if c not in gone])


@pytest.mark.parametrize("mmap", [True, False])
def test_what_is_saved_is_loaded_as_it_was(mmap: bool, tmp_path: Path) -> None:
    days = tenure.reduce([3, 1, 1], ["2026-01-01", "2026-01-05", None], zone="Asia/Tokyo")
    days.save(tmp_path / "orders.days")
    again = tenure.Days.load(tmp_path / "orders.days", mmap=mmap)
    assert (plain(again), again.zone, again.notes) == (plain(days), "Asia/Tokyo", days.notes)
    assert [path.name for path in tmp_path.iterdir()] == ["orders.days"]
    days_of([]).save(tmp_path / "none.days")
    assert len(tenure.Days.load(tmp_path / "none.days")) == 0


def test_a_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.days").write_bytes(b"not at all")
    with pytest.raises(errors.NotDays, match=r"x\.days"):
        tenure.Days.load(tmp_path / "x.days")


def test_days_are_frozen() -> None:
    days = tenure.reduce([1], ["2026-01-01"])
    with pytest.raises(ValueError, match="read-only"):
        days.days[0] = 0


def test_days_of_different_zones_are_not_mixed() -> None:
    with pytest.raises(errors.DaysDiffer, match=r"UTC and Asia/Tokyo"):
        tenure.reduce([1], ["2026-01-01"]).merge(tenure.reduce([1], ["2026-01-01"], zone="Asia/Tokyo"))


@pytest.mark.parametrize("period", ["day", "week", "month", "quarter", "year"])
@pytest.mark.parametrize("cohort", ["first_ever", "first_in_window", "recurring"])
@pytest.mark.parametrize("as_of", [None, "2026-09-01", "2030-01-01"])
def test_days_answer_as_facts_do(period: str, cohort: str, as_of: str | None) -> None:
    pick = np.random.default_rng(5)
    customers, moments = (
        pick.integers(0, 200, 3_000),
        1_750_000_000_000_000 + pick.integers(0, 600 * 86_400_000_000, 3_000),
    )
    choices: dict[str, Any] = {
        "period": period,
        "cohort": cohort,
        "as_of": as_of,
        "since": "2025-09-01",
        "bracket_from": 1,
    }
    facts = tenure.retention(customer=customers, time=moments, zone="Asia/Shanghai", **choices)
    days = tenure.retention_of(tenure.reduce(customers, moments, zone="Asia/Shanghai"), **choices)
    assert facts.table().equals(days.table())


def test_days_of_two_facts_with_labels_and_own_births() -> None:
    begin, back = days_of([(1, 0), (2, 0), (3, 1)]), days_of([(1, 1), (3, 2), (9, 1)])
    answer = tenure.retention_of(begin, back, by=([1, 3], ["web", "shop"]), period="day", as_of="1970-01-04", periods=1)
    assert (answer.segments, answer.retained["classic"].tolist()) == (("shop", "web", None), [[1, 1], [1, 1], [1, 0]])
    own = tenure.retention_of(
        begin,
        back,
        cohort="born_column",
        born=([9, 4], ["1970-01-01", None]),
        period="day",
        as_of="1970-01-04",
        periods=1,
    )
    assert own.retained["classic"].tolist() == [[1, 1]]


def test_a_moment_inside_a_day_is_taken_back_and_noted() -> None:
    answer = tenure.retention_of(days_of([(1, 0), (1, 1), (1, 5)]), period="day", as_of="1970-01-03T10:00:00Z")
    assert answer.question.as_of == "1970-01-03"
    assert any("taken back" in note for note in answer.notes)
    assert answer.retained["rolling"].tolist() == [[1, 1]]


def test_as_of_before_the_first_day_is_refused() -> None:
    with pytest.raises(errors.AsOfBeforeEverything, match="1970-01-01"):
        tenure.retention_of(days_of([(1, 0)]), as_of="1970-01-01")

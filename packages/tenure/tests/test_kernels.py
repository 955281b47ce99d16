"""The compiled ways against each other and against the obvious ones, on more facts than the twins can take."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure
from tenure import fusing, grouping, kinds, localising, partitions, planes, reducing
from tenure.periods import period_of

ZONES = ("UTC", "Europe/Berlin", "Asia/Shanghai", "America/St_Johns", "Pacific/Apia")


def facts(seed: int, *, count: int = 40_000, customers: int = 700, span: int = 600) -> tuple[Any, Any]:
    pick = np.random.default_rng(seed)
    ids = pick.integers(-(2**63), 2**63 - 1, customers)
    who = ids[(pick.random(count) ** 2 * customers).astype(int)]
    start = (
        1_300_000_000_000_000  # 2011, when Apia skipped a day and St John's changed its clocks a minute past midnight
    )
    return who, start + (pick.random(count) ** 2 * span * 86_400_000_000).astype(np.int64)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("order", ["loose", "sorted"])
def test_the_straight_way_and_the_way_by_days_give_the_same_table(zone: str, order: str, compiled_always: None) -> None:
    customers, moments = facts(1)
    if order == "sorted":
        at = np.argsort(customers, kind="stable")
        customers, moments = customers[at], moments[at]
    for period, periods in (("day", 30), ("day", 63), ("week", 20), ("month", 12)):
        choices: dict[str, Any] = {"period": period, "periods": periods, "bracket_from": lambda n: max(1, n - 6)}
        straight = tenure.retention(customer=customers, time=moments, zone=zone, **choices)
        days = tenure.reduce(customers, moments, zone=zone)
        assert straight.table().equals(tenure.retention_of(days, **choices).table())
        general = tenure.retention(customer=customers, time=moments, zone=zone, follow_up=10_000, **choices)
        for kind in straight.kinds:
            assert (straight.retained[kind] == general.retained[kind]).all()


@pytest.mark.parametrize("zone", ZONES)
def test_compiled_days_are_the_plain_ones(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    customers, moments = facts(2)
    plain = tenure.reduce(customers, moments, zone=zone)
    for module, name in ((grouping, "_FEW"), (localising, "_FEW"), (reducing, "_FEW")):
        monkeypatch.setattr(module, name, 1)
    at = np.argsort(customers, kind="stable")
    for compiled in (
        tenure.reduce(customers, moments, zone=zone),
        tenure.reduce(customers[at], moments[at], zone=zone),
    ):
        for name in ("customers", "offsets", "days"):
            assert (getattr(compiled, name) == getattr(plain, name)).all()


@pytest.mark.parametrize("horizon", [1, 5, 63, 64, 128, 500])
@pytest.mark.parametrize("bracket_from", [1, 5, lambda n: max(1, n - 6), lambda n: (n + 1) // 2])
def test_planes_count_what_pieces_count_at_any_horizon(horizon: int, bracket_from: Any) -> None:
    if isinstance(bracket_from, int) and bracket_from > horizon:
        bracket_from = horizon
    customers, moments = facts(3, count=8_000)
    days = tenure.reduce(customers, moments)
    choices: dict[str, Any] = {"period": "day", "periods": horizon, "bracket_from": bracket_from}
    quick = tenure.retention_of(days, **choices)
    general = tenure.retention_of(days, follow_up=100_000, **choices)
    assert (quick.at_risk == general.at_risk).all()
    for kind in quick.kinds:
        assert (quick.retained[kind] == general.retained[kind]).all()


def test_many_customers_with_few_facts_make_the_tables_grow(compiled_always: None) -> None:
    pick = np.random.default_rng(7)
    customers = np.repeat(pick.integers(0, 2**40, 90_000), 2)
    moments = 1_700_000_000_000_000 + pick.integers(0, 40 * 86_400_000_000, len(customers))
    at = pick.permutation(len(customers))
    masks = fusing.masks_of(
        customers[at],
        moments[at],
        first=int(moments.min()),
        last=int(moments.max()),
        zone="UTC",
        period="day",
        horizon=30,
    )
    assert masks is not None
    days = tenure.reduce(customers, moments)
    assert len(masks.masks) == len(days)
    assert sorted(masks.first.tolist()) == sorted(days.first.tolist())
    ids, codes = grouping.group(customers)
    expected = np.unique(customers, return_inverse=True)
    assert (ids == expected[0]).all() and (codes == expected[1]).all()


@pytest.mark.parametrize("customers", [300_000, 600_000])
def test_partitions_of_more_customers_than_can_be_marked_give_everybodys_mask(
    customers: int, compiled_always: None
) -> None:
    pick = np.random.default_rng(9)
    who = np.repeat(pick.integers(-(2**63), 2**63 - 1, customers), 2)[pick.permutation(2 * customers)]
    moments = DAY * (19_000 + pick.integers(0, 60, len(who)))
    masks = fusing.masks_of(
        who, moments, first=int(moments.min()), last=int(moments.max()), zone="UTC", period="day", horizon=60
    )
    assert masks is not None
    by_days = tenure.reduce(who, moments).whole.masks("day")
    found, expected = (np.stack([m.masks, m.first.view(np.uint32), m.last.view(np.uint32)]) for m in (masks, by_days))
    assert (found[:, np.lexsort(found)] == expected[:, np.lexsort(expected)]).all()


SEEN = st.lists(st.sets(st.integers(-200, 200), min_size=1, max_size=80), min_size=1, max_size=5)


@given(SEEN, st.sampled_from(["day", "week", "month"]))
def test_a_mask_has_a_bit_for_each_of_the_first_64_periods(seen: list[set[int]], period: str) -> None:
    lists = [sorted(days) for days in seen]
    offsets = np.cumsum([0, *map(len, lists)])
    masks = planes.masks_of_days(offsets, np.concatenate(lists).astype(np.int32), period=period)
    numbers = [period_of(np.array(days), period).tolist() for days in lists]
    obvious = [sum(1 << n for n in {number - own[0] for number in own} if n < 64) for own in numbers]
    assert masks.masks.tolist() == obvious
    assert masks.first.tolist() == [own[0] for own in numbers]
    assert masks.last.tolist() == [own[-1] for own in numbers]


@pytest.mark.parametrize("kind", [np.int32, np.int64])
def test_the_ends_of_a_long_column_are_its_least_and_its_greatest(kind: Any) -> None:
    for place in (0, 77_777, 199_999):
        column = np.random.default_rng(place).integers(-1000, 1000, 200_000).astype(kind)
        for extreme in (-5_000, 5_000):
            column[place] = extreme
            assert localising.extent(column) == (column.min(), column.max())


IDS = st.sets(st.integers(-(2**63), 2**63 - 1) | st.integers(-100, 100), min_size=1, max_size=300)


@given(IDS)
def test_a_spread_id_can_be_told_again_and_those_in_order_stay_so(ids: set[int]) -> None:
    from tenure._kernels.partition import gathered, spread

    ordered = sorted(ids)
    in_order = partitions.in_order(np.array(list(ids), np.int64))
    for how in (partitions.SCATTERED, in_order):
        words = [np.uint64(spread(np.int64(customer), how.low, how.factor)) for customer in ordered]
        assert [gathered(word, how.low, how.lead, how.inverse) for word in words] == ordered
        assert not how.is_in_order or words == sorted(words)


def test_dates_that_go_to_and_fro_within_hours_take_the_slower_way() -> None:
    first, last = 1_270_000_000_000_000, 1_300_000_000_000_000  # 2010, America/St_Johns: 00:01 back to 23:01
    assert partitions.numbered("America/St_Johns", "day", first=first, last=last) is None
    assert partitions.numbered("Europe/Berlin", "day", first=first, last=last) is not None


def test_the_import_is_light() -> None:
    heavy = "('numba', 'numpy', 'pyarrow', 'narwhals', 'altair')"
    code = f"import sys, tenure; print([m for m in {heavy} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_a_bracket_reaches_as_far_as_its_beginning_allows() -> None:
    from tenure.following import bracket_reach

    starts = kinds.bracket_starts(lambda n: max(1, n - 2), periods=5, period="day")
    assert bracket_reach(starts).tolist() == [-1, 3, 4, 5, 5, 5]
    assert bracket_reach(kinds.bracket_starts(3, periods=5, period="day")).tolist() == [-1, 0, 1, 5, 5, 5]
    assert planes  # the planes' own way is held against this one above


FAR = 2**62  # one id far from all others puts those into one partition when they are kept in order


@pytest.mark.parametrize("customers", [700, 3_000, 20_000])
@pytest.mark.parametrize(("facts", "is_scattered"), [(30_000, False), (70_000, True)])
def test_a_crowd_in_one_partition_is_sorted_list_by_list_or_scattered_and_gives_the_same_days(
    customers: int, facts: int, is_scattered: bool, compiled_always: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, days = crowd(np.append(np.arange(1, customers), FAR), facts)
    monkeypatch.setattr(partitions, "_CROWD", 1)
    monkeypatch.setattr(partitions, "_FACTS_PER_PART", 1 << 16)
    table = partitions.numbered("UTC", "day", first=int(days.min()) * DAY, last=int(days.max()) * DAY)
    assert table is not None
    spread = partitions.in_order(who)
    parts = partitions.partitioned(who, days * DAY, *table[:2], span=table[2], bits=10, spread=spread)
    assert parts.spread.is_in_order is not is_scattered
    assert_same_days(who, days)


@pytest.mark.parametrize("customers", [700, 20_000])
def test_a_crowd_of_scattered_customers_gives_the_same_days(
    customers: int, compiled_always: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reducing, "in_order", lambda ids: partitions.SCATTERED)
    first_bits_nought = np.arange(1, customers + 1, dtype=np.uint64) * partitions.SCATTERED.inverse
    assert_same_days(*crowd(first_bits_nought.view(np.int64), 60_000))


DAY = 86_400_000_000


def crowd(ids: Any, facts: int) -> tuple[Any, Any]:
    pick = np.random.default_rng(8)
    who = ids[pick.integers(0, len(ids), facts)]
    who[0] = ids[-1]
    return who, 15_000 + pick.integers(0, 900, facts)


def assert_same_days(who: Any, days: Any) -> None:
    found = tenure.reduce(who, days * DAY)
    pairs = np.unique(np.stack([who, days], axis=1), axis=0)
    people, counts = np.unique(pairs[:, 0], return_counts=True)
    assert (found.customers == people).all()
    assert (np.diff(found.offsets) == counts).all()
    assert (found.days == pairs[:, 1]).all()


@given(IDS)
def test_customers_are_put_in_order_as_argsort_does(ids: set[int]) -> None:
    people = np.array(list(ids), np.int64)
    assert (reducing._order(people) == np.argsort(people)).all()

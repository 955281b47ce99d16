"""Polars' best: 64-day blocks of bits, a join on the first fact, lists per customer, or the user-day roll-up."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
import polars as pl

from bench._facts import DAY_US, Facts
from bench._question import (
    PERIODS,
    Answer,
    Formulation,
    answer_from,
    answer_from_histograms,
    berlin_offsets,
    bracket_bits,
    low_bits,
)


def version() -> str:
    return pl.__version__


def formulations(facts: Facts, *, form: str) -> dict[str, Formulation]:
    frame = pl.DataFrame({"customer": facts.customers, "moment": facts.times})
    if form == "sorted":
        frame = frame.with_columns(pl.col("customer").set_sorted())
    days = frame.lazy().select("customer", _day().alias("d"))
    if form == "reduced":
        return _reduced(days)
    calendar = frame.lazy().select("customer", _calendar_day().alias("d"))
    found: dict[str, Formulation] = {
        "64-day blocks": partial(_ask, _blocks(days)),
        "join on the first day": partial(_ask, _joined(days)),
        "user-days then join": partial(_ask, _joined(days.unique())),
        "window over the customer": partial(_ask, _windowed(days)),
        "64-day blocks, zone function": partial(_ask, _blocks(calendar)),
    }
    return found | {"64-day blocks, streaming": partial(_ask, _blocks(days), engine="streaming")}


def _reduced(days: pl.LazyFrame) -> dict[str, Formulation]:
    masks = (
        _blocks(days)
        .select(pl.col("first").cast(pl.Int16), pl.col("last").cast(pl.Int16), "mask")
        .collect()
        .sort("first")
    )
    user_days = days.unique().sort("customer", "d").collect().with_columns(pl.col("customer").set_sorted())
    return {
        "31-bit masks, 150 sums": partial(_ask, masks.lazy()),
        "31-bit masks, histograms": partial(_ask_with_histograms, masks),
        "user-day roll-up": partial(_ask, _joined(user_days.lazy())),
    }


def _ask(masks: pl.LazyFrame, *, engine: str = "in-memory") -> Answer:
    counted = masks.group_by("first").agg(pl.len(), *_all_counts()).collect(engine=engine)  # type: ignore[call-overload]
    return answer_from([column.to_numpy().astype(np.int64) for column in counted])


def _ask_with_histograms(masks: pl.DataFrame) -> Answer:
    """Full, rolling and return as running sums of one histogram each, from the stored masks."""
    counts = [
        *_tested([1 << n - 1 for n in _periods()], "classic"),
        *_tested([bracket_bits(n) for n in _periods()], "bracket"),
    ]
    mask, lazy = pl.col("mask"), masks.lazy()
    values = [
        (mask ^ (mask + 1)).bitwise_count_ones() - 1,
        pl.col("last").clip(upper_bound=30),
        (mask ^ (mask - 1)).bitwise_count_ones(),
    ]
    sources = [lazy, lazy, lazy.filter(mask != 0)]
    asked = [
        source.group_by("first", value.cast(pl.Int64).alias("v"))
        .agg(w=pl.len())
        .select(pl.lit(kind).alias("kind"), "first", "v", "w")
        for kind, (source, value) in enumerate(zip(sources, values, strict=True))
    ]
    plain, *tall = pl.collect_all([lazy.group_by("first").agg(pl.len(), *counts), *asked])
    return answer_from_histograms(_columns(plain), _columns(pl.concat(tall)))


def _columns(frame: pl.DataFrame) -> list[np.ndarray]:
    return [column.to_numpy().astype(np.int64) for column in frame]


def _day() -> pl.Expr:
    """The Berlin day by arithmetic from the offsets of these years."""
    offsets, moment = berlin_offsets(), pl.col("moment")
    shift = pl.lit(offsets[-1][1])
    for (_, before), (until, _) in reversed(list(pairwise(offsets))):
        shift = pl.when(moment < until).then(pl.lit(before)).otherwise(shift)
    return ((moment + shift) // DAY_US).cast(pl.Int32)


def _calendar_day() -> pl.Expr:
    local = pl.from_epoch("moment", time_unit="us").dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Berlin")
    return local.dt.date().to_physical().cast(pl.Int32)


def _blocks(days: pl.LazyFrame) -> pl.LazyFrame:
    """(first, last, mask): bits of 64-day blocks first, then the first two blocks of each customer side by side."""
    bit = pl.lit(1, pl.UInt64) * pl.lit(2, pl.UInt64).pow(pl.col("d") % 64)
    blocks = days.group_by("customer", b=pl.col("d") // 64).agg(
        m=bit.cast(pl.UInt64).bitwise_or(), lo=pl.col("d").min(), hi=pl.col("d").max()
    )
    firsts = blocks.group_by("customer").agg(first=pl.col("lo").min(), last=pl.col("hi").max())
    spread = blocks.join(firsts, on="customer")
    shift = pl.col("b").cast(pl.Int64) * 64 - pl.col("first")
    near = spread.filter(shift <= 30).with_columns(shift=shift)
    power = pl.lit(2, pl.UInt64).pow(pl.col("shift").abs())
    moved = pl.when(pl.col("shift") <= 0).then(pl.col("m") // power).otherwise((pl.col("m") & low_bits(31)) * power)
    return (
        near.group_by("customer")
        .agg(pl.col("first").first(), last=(pl.col("last") - pl.col("first")).first(), bits=moved.bitwise_or())
        .select("first", "last", mask=((pl.col("bits") // 2) & low_bits(30)).cast(pl.UInt32))
    )


def _joined(days: pl.LazyFrame) -> pl.LazyFrame:
    firsts = days.group_by("customer").agg(first=pl.col("d").min())
    return (
        days.join(firsts, on="customer").group_by("customer").agg(pl.col("first").first(), *_relative()).pipe(_masked)
    )


def _windowed(days: pl.LazyFrame) -> pl.LazyFrame:
    """The first day inside the aggregation itself: one pass over each customer's group."""
    first = pl.col("d").min()
    bit = pl.lit(2, pl.UInt64).pow((pl.col("d") - first).clip(upper_bound=63)).cast(pl.UInt64)
    return (
        days.group_by("customer").agg(first=first, last=pl.col("d").max() - first, bits=bit.bitwise_or()).pipe(_masked)
    )


def _relative() -> list[pl.Expr]:
    since = pl.col("d") - pl.col("first")
    bit = pl.lit(2, pl.UInt64).pow(since.clip(upper_bound=63)).cast(pl.UInt64)
    return [since.max().alias("last"), bit.bitwise_or().alias("bits")]


def _masked(grouped: pl.LazyFrame) -> pl.LazyFrame:
    return grouped.select("first", "last", mask=((pl.col("bits") // 2) & low_bits(30)).cast(pl.UInt32))


def _all_counts() -> list[pl.Expr]:
    mask, last = pl.col("mask"), pl.col("last")
    full = [((mask & low_bits(n)) == low_bits(n)).sum().alias(f"full{n}") for n in _periods()]
    rolling = [(last >= n).sum().alias(f"rolling{n}") for n in _periods()]
    classic, back, bracket = (
        [1 << n - 1 for n in _periods()],
        [low_bits(n) for n in _periods()],
        [bracket_bits(n) for n in _periods()],
    )
    return [*full, *_tested(classic, "classic"), *rolling, *_tested(back, "return"), *_tested(bracket, "bracket")]


def _tested(masks: list[int], name: str) -> list[pl.Expr]:
    return [((pl.col("mask") & bits) != 0).sum().alias(f"{name}{i}_{bits}") for i, bits in enumerate(masks, 1)]


def _periods() -> range:
    return range(1, PERIODS + 1)

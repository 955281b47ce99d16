"""Orders as facts, with the properties of Segment's e-commerce names."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from regulars.customers.importing.orders.grouping import MICRO, Ints, Orders, codes_of, first_said
from regulars.customers.importing.values import json_text
from regulars.customers.importing.values.texts import per_unique
from regulars.kernel.arrow import pc
from regulars.kernel.fact_names import ORDER_COMPLETED, ORDER_REFUNDED
from regulars.kernel.money import Money, exponent

# An order's fact names this many of its lines; `line_count` says how many there were.
MOST_PRODUCTS: Final = 100


def names(orders: Orders, rows: slice) -> list[str]:
    return [ORDER_REFUNDED if is_refund else ORDER_COMPLETED for is_refund in orders.is_refund[rows].tolist()]


def message_ids(table: pa.Table, orders: Orders, rows: slice) -> list[str]:
    """One fact per order and kind, whatever file it comes in: the same order again is a replay."""
    ids = table["order"].take(pa.array(orders.first[rows])).to_pylist()
    kinds = ["refunded" if is_refund else "completed" for is_refund in orders.is_refund[rows].tolist()]
    return [f"order:{order}:{kind}" for order, kind in zip(ids, kinds, strict=True)]


def totals(table: pa.Table, orders: Orders, rows: slice, *, currency: str) -> list[Money | None]:
    """What each order came to, in minor units, halves to even as `Money.parse` has it."""
    codes = _currencies(table, orders, rows, currency)
    return [
        Money(_minor(micros, 10 ** (6 - exponent(code))), code) if has_total else None
        for micros, code, has_total in zip(
            orders.total[rows].tolist(), codes, orders.has_total[rows].tolist(), strict=True
        )
    ]


def properties(table: pa.Table, orders: Orders, rows: slice, paid: Sequence[Money | None]) -> list[str]:
    """JSON text for each order."""
    size = len(paid)
    order = table["order"].take(pa.array(orders.first[rows])).combine_chunks()
    counts = np.diff(orders.starts[rows.start : rows.stop + 1])
    members = [
        json_text.member("order_id", json_text.strings(order)),
        json_text.member("total", pa.array([str(money.major) if money else None for money in paid], pa.string())),
        json_text.member("currency", pa.array([f'"{money.currency}"' if money else None for money in paid])),
        json_text.member("line_count", pa.array(counts).cast(pa.string())),
        json_text.member("products", _products(table, orders, rows)),
        _kept(table, orders, rows),
    ]
    return json_text.braced(json_text.joined(members, size=size)).to_pylist()


def _currencies(table: pa.Table, orders: Orders, rows: slice, default: str) -> list[str]:
    if table["currency"].null_count == table.num_rows:
        return [default] * (rows.stop - rows.start)
    order = codes_of(table["order"])
    said = first_said(order, table["currency"]).take(pa.array(order[orders.first[rows]]))
    return [code or default for code in said.to_pylist()]


def _minor(micros: int, step: int) -> int:
    if step == 0:
        return micros
    whole, rest = divmod(micros, step)
    return whole + (rest * 2 > step or (rest * 2 == step and whole % 2 == 1))


def _products(table: pa.Table, orders: Orders, rows: slice) -> pa.Array:
    """Lists of products as JSON; null where the file names none."""
    begin, end = int(orders.starts[rows.start]), int(orders.starts[rows.stop])
    lines, counts = orders.lines[begin:end], np.diff(orders.starts[rows.start : rows.stop + 1])
    place_in_order = np.arange(len(lines)) - np.repeat(np.cumsum(counts) - counts, counts)
    lines = lines[place_in_order < MOST_PRODUCTS]
    offsets = np.concatenate([[0], np.cumsum(np.minimum(counts, MOST_PRODUCTS))]).astype(np.int32)
    members = _members(table, lines)
    if members.null_count == len(members):
        return pa.nulls(len(counts), pa.string())
    objects = pc.fill_null(json_text.braced(members), "{}")
    texts = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), objects), ",")
    return pc.binary_join_element_wise("[", texts, "]", "")


def _members(table: pa.Table, lines: Ints) -> pa.Array:
    place = pa.array(lines)
    columns = {name: table[name].take(place).combine_chunks() for name in _PRODUCT}
    quantity = pc.abs(columns["quantity"])
    members = [
        json_text.member("product_id", json_text.strings(columns["product"])),
        json_text.member("name", json_text.strings(columns["product_name"])),
        json_text.member("quantity", per_unique(quantity, _decimal, pa.string())),
        json_text.member("price", per_unique(columns["price"], _decimal, pa.string())),
    ]
    return json_text.joined(members, size=len(lines))


_PRODUCT = ("product", "product_name", "quantity", "price")


def _kept(table: pa.Table, orders: Orders, rows: slice) -> pa.Array:
    """The columns kept, as the order's first line that has them says, without their braces."""
    if table["kept"].null_count == table.num_rows:
        return pa.nulls(rows.stop - rows.start, pa.string())
    order = codes_of(table["order"])
    said = first_said(order, table["kept"]).take(pa.array(order[orders.first[rows]]))
    return pc.utf8_slice_codeunits(said, 1, -1)


def _decimal(micros: int | None) -> str | None:
    if micros is None:
        return None
    whole, rest = divmod(micros, MICRO)
    return str(whole) if not rest else f"{whole}.{rest:06d}".rstrip("0")

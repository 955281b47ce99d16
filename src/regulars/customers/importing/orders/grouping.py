"""Bringing the lines of each order together: who, when, how much, and which lines cannot belong."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars.customers.importing.typed import Mask
from regulars.customers.importing.values.texts import is_null, true_where
from regulars.kernel.arrow import pc

MICRO = 1_000_000
Ints = NDArray[np.int64]


class Orders(NamedTuple):
    """Sales and refunds, one row each, in the order in which the file first names them.

    `lines` holds, one after the other, the places of each row's lines in the table; row i has those
    from `starts[i]` to `starts[i + 1]`. `total` is in millionths, and means something only where
    `has_total`.
    """

    starts: Ints
    lines: Ints
    is_refund: Mask
    first: Ints
    at: Ints
    total: Ints
    has_total: Mask
    refused: list[tuple[str, Ints]]

    @property
    def size(self) -> int:
        return len(self.is_refund)


def group(table: pa.Table) -> Orders:
    """Group a table of typed lines, all lines of each order being in it."""
    refused: list[tuple[str, Ints]] = []
    order = codes_of(table["order"])
    who, at, currency = (_inherited(order, _codes(table, name)) for name in ("who", "at", "currency"))
    is_out = np.zeros(table.num_rows, bool)
    for reason, mask in (
        ("no_customer", who.is_missing),
        ("no_time", at.is_missing),
        ("other_customer", who.is_other),
        ("other_currency", currency.is_other),
        ("negative", true_where(pc.less(table["price"], 0).combine_chunks())),
        ("no_sale", _is_no_sale(table)),
    ):
        _refuse(refused, is_out, reason, mask)
    is_refund = _is_refund(table)
    _refuse(refused, is_out, "other_total", _other_total(order, is_refund, table["total"]))
    kept = np.flatnonzero(~is_out)
    return _collected(table, kept, order[kept] * 2 + is_refund[kept], is_refund, order, refused)


def codes_of(column: pa.ChunkedArray) -> Ints:
    """Numbers from 0 in the order of first appearance; null is -1."""
    encoded = column.combine_chunks().dictionary_encode()
    return np.asarray(pc.fill_null(encoded.indices, -1)).astype(np.int64)


class Inherited(NamedTuple):
    """Per line: whether its order never says it, and whether it says another than the order's first line that does."""

    is_missing: Mask
    is_other: Mask


def _codes(table: pa.Table, name: str) -> Ints:
    if name == "who":
        return codes_of(who_column(table))
    if name == "at":  # only whether it is there: lines of one order may differ in it
        return np.where(is_null(table[name].combine_chunks()), -1, 0).astype(np.int64)
    return codes_of(table[name])


def who_column(table: pa.Table) -> pa.ChunkedArray:
    """Customers by number where there is one, else by address; told apart by their first letter."""
    by_number = pc.binary_join_element_wise("#", table["customer"], "")
    by_address = pc.binary_join_element_wise("@", table["email"], "")
    return pc.coalesce(by_number, by_address)


def _inherited(order: Ints, codes: Ints) -> Inherited:
    count = int(order.max()) + 1 if len(order) else 0
    first = np.full(count, -1, np.int64)
    said = np.flatnonzero(codes >= 0)[::-1]
    first[order[said]] = codes[said]  # the earliest is written last, and stays
    of_order = first[order]
    return Inherited(of_order < 0, (codes >= 0) & (codes != of_order))


def first_said(order: Ints, column: pa.ChunkedArray) -> pa.Array:
    """For each order, by its code, the first value any of its lines has."""
    count = int(order.max()) + 1 if len(order) else 0
    plain = column.combine_chunks()
    place = np.full(count, -1, np.int64)
    said = np.flatnonzero(~is_null(plain))[::-1]
    place[order[said]] = said
    return plain.take(pa.array(place, mask=place < 0))


def _refuse(refused: list[tuple[str, Ints]], is_out: Mask, reason: str, mask: Mask) -> None:
    places = np.flatnonzero(mask & ~is_out)
    if len(places):
        refused.append((reason, places))
        is_out |= mask


def _is_refund(table: pa.Table) -> Mask:
    said = np.asarray(table["is_refund"].combine_chunks())
    for name in ("quantity", "total", "amount"):
        said = said | true_where(pc.less(table[name], 0).combine_chunks())
    return said


def _is_no_sale(table: pa.Table) -> Mask:
    """Nothing bought, or nothing to pay: `quantity` or `price` is nought, as in write-offs, samples and adjustments."""
    nothing = [true_where(pc.equal(table[name], 0).combine_chunks()) for name in ("quantity", "price")]
    return nothing[0] | nothing[1]


def _other_total(order: Ints, is_refund: Mask, total: pa.ChunkedArray) -> Mask:
    """Lines whose total differs from the first total their order (or its refund) names."""
    key = order * 2 + is_refund
    if total.null_count == len(total):
        return np.zeros(len(order), bool)
    return _inherited(key, codes_of(total)).is_other


def _collected(
    table: pa.Table, kept: Ints, key: Ints, is_refund: Mask, order: Ints, refused: list[tuple[str, Ints]]
) -> Orders:
    """Sort the kept lines by order, stably, and reduce each stretch."""
    names, first_place, row_of = np.unique(key, return_index=True, return_inverse=True)
    appearance = np.argsort(first_place, kind="stable")
    rank = np.empty(len(names), np.int64)
    rank[appearance] = np.arange(len(names))
    sorting = np.argsort(rank[row_of], kind="stable")
    lines = kept[sorting]
    starts = np.searchsorted(rank[row_of][sorting], np.arange(len(names) + 1))
    first = lines[starts[:-1]] if len(names) else np.zeros(0, np.int64)
    total, has_total = _totals(table, lines, starts[:-1])
    return Orders(
        starts, lines, is_refund[first], first, _times(table, lines, starts[:-1], order), total, has_total, refused
    )


def _times(table: pa.Table, lines: Ints, begins: Ints, order: Ints) -> Ints:
    """The earliest time of an order's lines; where its own lines say none, the order's first."""
    if not len(lines):
        return np.zeros(0, np.int64)
    inherited = np.asarray(pc.fill_null(first_said(order, table["at"]), 0))[order]
    own = np.asarray(pc.fill_null(table["at"].combine_chunks(), np.iinfo(np.int64).max))
    earliest = np.minimum.reduceat(own[lines], begins)
    return np.where(earliest == np.iinfo(np.int64).max, inherited[lines[begins]], earliest)


def _totals(table: pa.Table, lines: Ints, begins: Ints) -> tuple[Ints, Mask]:
    """What was paid, in millionths and never negative: the order's own total, else its lines' amounts, else price
    times quantity."""
    if not len(lines):
        return np.zeros(0, np.int64), np.zeros(0, bool)
    worth, has_worth = line_worth(table)
    summed = np.add.reduceat(worth[lines], begins)
    own = table["total"].combine_chunks()
    has_own = ~is_null(own)
    stated = np.abs(np.asarray(pc.fill_null(own, 0)))
    has_stated = np.maximum.reduceat(has_own[lines], begins)
    stated = np.maximum.reduceat(np.where(has_own, stated, 0)[lines], begins)
    return np.where(has_stated, stated, summed), has_stated | np.maximum.reduceat(has_worth[lines], begins)


def line_worth(table: pa.Table) -> tuple[Ints, Mask]:
    """Each line's worth in millionths, never negative, and whether it says one."""
    amount, price, quantity = (table[name].combine_chunks() for name in ("amount", "price", "quantity"))
    pieces = np.abs(np.asarray(pc.fill_null(quantity, MICRO)))
    unit = np.abs(np.asarray(pc.fill_null(price, 0)))
    whole, part = np.divmod(pieces, MICRO)
    product = whole * unit
    for place in np.flatnonzero((part > 0) & (unit > 0)):  # halves of things: exact, by hand
        product[place] = _exactly(int(pieces[place]), int(unit[place]))
    own = np.abs(np.asarray(pc.fill_null(amount, 0)))
    has_own = ~is_null(amount)
    return np.where(has_own, own, product), has_own | ~is_null(price)


def _exactly(pieces: int, unit: int) -> int:
    """A product in millionths, halves to even."""
    whole, rest = divmod(pieces * unit, MICRO)
    return whole + (rest * 2 > MICRO or (rest * 2 == MICRO and whole % 2 == 1))

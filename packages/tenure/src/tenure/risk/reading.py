"""Facts as the loops want them: by customer and time, with when each became known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure import clocks
from tenure.conditions import column_of, mask_of
from tenure.errors import LengthsDiffer, NoFactsLeft, UnreadableInput
from tenure.floats import floats_of, one_chunk
from tenure.inputs import Facts, as_arrow, read_facts
from tenure.localising import local_days
from tenure.risk.errors import Infinite

_DAY: Final = 86_400_000_000
_MOST_NAMES: Final = 63


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """Facts known by `as_of`, sorted by customer and then by when they occurred.

    customers[C] are ids (or codes into `labels`), starts[C + 1] where each one's facts begin; per fact: occurred and
    recorded (µs UTC), local day, whether it is activity or leaving, its name's code (-1: none), and its amount.
    """

    customers: NDArray[np.int64]
    labels: NDArray[Any] | None
    starts: NDArray[np.int64]
    occurred: NDArray[np.int64]
    recorded: NDArray[np.int64]
    day: NDArray[np.int64]
    activity: NDArray[np.bool_]
    leaving: NDArray[np.bool_]
    name: NDArray[np.int64]
    amount: NDArray[np.float64]
    name_words: tuple[str, ...]
    groups: NDArray[Any] | None
    as_of: int
    assumed: float
    duplicates: int
    future: int
    backdated_days: float
    has_amounts: bool
    has_leaving: bool
    notes: tuple[str, ...] = ()
    rows: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    def label(self, code: int) -> Any:
        """The customer as the caller names them."""
        return int(code) if self.labels is None else self.labels[code]

    @property
    def first_known(self) -> int:
        """When the log first knew anything."""
        return int(np.maximum(self.occurred, self.recorded).min())


def read_log(
    data: Any, *, customer: Any, time: Any, recorded: Any, name: Any, amount: Any, group: Any, activity: Any,
    leaving: Any, as_of: Any, zone: str,
) -> Log:  # fmt: skip
    """Read, drop what was not known by `as_of`, sort, and count what was assumed, repeated or dated ahead."""
    facts = read_facts(data, customer=customer, time=time, zone=zone)
    known, assumed = _recorded(facts, recorded, zone)
    end = clocks.moment_of(as_of, zone=zone) if as_of is not None else int(known.max())
    count = facts.rows or len(facts.customers)
    masks = {
        key: facts.aligned(mask_of(condition, facts.frame, count=count))
        for key, condition in (("activity", activity), ("leaving", leaving))
    }
    words, codes = _names(facts, name)
    paid, unpaid = _amounts(facts, amount)
    columns: dict[str, NDArray[Any]] = {
        "customers": facts.customers,
        "occurred": facts.moments,
        "recorded": known,
        "assumed": assumed,
        "name": codes,
        "amount": paid,
        "activity": _or_all(masks["activity"], facts, unless=masks["leaving"]),
        "leaving": np.zeros(len(known), bool) if masks["leaving"] is None else masks["leaving"],
    }
    if group is not None:
        columns["group"] = np.asarray(_values(facts, group, "group"))
    columns, repeated = _sorted_once(columns, known <= end)
    future = int((columns["occurred"] > end).sum())
    customers, starts = np.unique(columns["customers"], return_index=True)
    late = columns["recorded"] - columns["occurred"]
    return Log(
        customers,
        facts.labels,
        np.append(starts, len(columns["customers"])).astype(np.int64),
        columns["occurred"],
        columns["recorded"],
        local_days(columns["occurred"], zone=zone).astype(np.int64),
        columns["activity"],
        columns["leaving"],
        columns["name"],
        columns["amount"],
        words,
        columns["group"][starts] if group is not None else None,
        end,
        float(columns["assumed"].mean()),
        repeated,
        future,
        float(np.quantile(late, 0.99)) / _DAY,
        amount is not None,
        leaving is not None,
        facts.notes + unpaid,
        len(columns["customers"]),
    )


def _recorded(facts: Facts, recorded: Any, zone: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """When each fact became known, and where that had to be assumed to be when it occurred."""
    if recorded is None:
        return facts.moments, np.ones(len(facts.moments), bool)
    read = clocks.read_times(_raw(facts, recorded, "recorded"), zone=zone)
    known = facts.aligned(read.moments)
    missing = facts.aligned(read.missing)
    assert known is not None
    if missing is None:
        return known, np.zeros(len(known), bool)
    return np.where(missing, facts.moments, known), missing


def _names(facts: Facts, name: Any) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The names there are and each fact's code among them; -1 for none."""
    if name is None:
        return (), np.full(len(facts.customers), -1, np.int64)
    column = as_arrow(_raw(facts, name, "name"))
    column = column.combine_chunks() if hasattr(column, "combine_chunks") else column
    import pyarrow as pa

    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    codes = facts.aligned(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64))
    assert codes is not None
    return tuple(str(word) for word in encoded.dictionary.to_pylist()), codes


def _amounts(facts: Facts, amount: Any) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Amounts per fact; an empty one adds nothing, and is counted."""
    if amount is None:
        return np.zeros(len(facts.customers)), ()
    values = facts.aligned(floats_of(one_chunk(_raw(facts, amount, "amount")), refusal=_no_amount))
    assert values is not None
    endless = np.flatnonzero(np.isinf(values))
    if len(endless):
        raise Infinite(row=int(endless[0]) + 1, column=amount if isinstance(amount, str) else "amount")
    empty = np.isnan(values)
    note = (f"{int(empty.sum()):,} facts have no amount; they add nothing to sums.",) if empty.any() else ()
    return np.where(empty, 0.0, values), note


def _no_amount(row: int, value: Any) -> UnreadableInput:
    return UnreadableInput(what=f"the amount in row {row} is {value!r}, which is no number")


def _or_all(mask: NDArray[np.bool_] | None, facts: Facts, *, unless: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """Every fact is activity where nothing was said; a leaving fact never is."""
    counted = np.ones(len(facts.customers), bool) if mask is None else mask
    return counted if unless is None else counted & ~unless


def _sorted_once(columns: dict[str, NDArray[Any]], known: NDArray[np.bool_]) -> tuple[dict[str, NDArray[Any]], int]:
    """By customer and time, without facts unknown yet or repeated in everything that is read."""
    if not known.any():
        raise NoFactsLeft(count=f"{len(known):,}", why="all were recorded after as_of")
    order = np.lexsort((columns["occurred"], columns["customers"]))
    order = order[known[order]] if not known.all() else order
    found = {name: values[order] for name, values in columns.items()}
    twice = _repeated(found)
    if not twice.any():
        return found, 0
    return {name: values[~twice] for name, values in found.items()}, int(twice.sum())


def _repeated(found: dict[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """Facts alike in customer, time, name and amount; the one recorded first stays."""
    who, when = found["customers"], found["occurred"]
    twice = np.zeros(len(who), bool)
    same = (who[1:] == who[:-1]) & (when[1:] == when[:-1])
    if not same.any():
        return twice
    tied = np.flatnonzero(np.r_[same, False] | np.r_[False, same])
    keys = [found[name][tied] for name in ("recorded", "amount", "name", "occurred", "customers")]
    order = np.lexsort(keys)
    alike = np.ones(len(tied) - 1, bool)
    for key in keys[1:]:
        alike &= key[order][1:] == key[order][:-1]
    twice[tied[order[1:][alike]]] = True
    return twice


def _values(facts: Facts, given: Any, role: str) -> NDArray[Any]:
    column = as_arrow(_raw(facts, given, role))
    kept = facts.aligned(
        column.to_numpy(zero_copy_only=False) if hasattr(column, "combine_chunks") is False else column.to_numpy()
    )
    assert kept is not None
    return kept


def _raw(facts: Facts, given: Any, role: str) -> Any:
    values = column_of(facts.frame, given) if isinstance(given, str) and facts.frame is not None else given
    rows = facts.rows or len(facts.customers)
    if len(values) != rows:
        raise LengthsDiffer(left=role, left_length=len(values), right="customer", right_length=rows)
    return values

"""What checking makes of a batch: typed columns, and masks of the rows to refuse."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars.customers import normalise
from regulars.customers.importing.plans import Plan
from regulars.customers.importing.reading import Batch
from regulars.customers.importing.values import amounts, moments
from regulars.customers.importing.values.texts import identifier, is_null, per_unique, text, true_where
from regulars.kernel import clock
from regulars.kernel.arrow import pc

Mask = NDArray[np.bool_]
LONGEST = normalise.LONGEST
DAY_US = 86_400_000_000


@dataclass(slots=True)
class Typed:
    """Rows of one batch as typed columns. A row refused twice is refused for the first reason."""

    columns: dict[str, pa.Array] = field(default_factory=dict)
    refusals: list[tuple[str, str, Mask]] = field(default_factory=list)

    def refuse(self, reason: str, column: str, mask: Mask) -> None:
        """Refuse rows for a reason found in a column."""
        if mask.any():
            self.refusals.append((reason, column, mask))


class Cells:
    """The columns of a batch by what they mean."""

    def __init__(self, batch: Batch, plan: Plan) -> None:
        self._batch = batch
        self._plan = plan
        self._fields = plan.fields
        self.size = batch.size

    def raw(self, name: str) -> pa.Array:
        """The cells of a field; nulls where it has no column."""
        column = self._batch.columns.get(self._fields.get(name, ""))
        return pa.nulls(self.size, pa.string()) if column is None else column

    def has(self, name: str) -> bool:
        return name in self._fields

    def column_name(self, name: str) -> str:
        return self._fields.get(name, name)

    def text(self, name: str) -> pa.Array:
        return text(self.raw(name))

    def identifier(self, name: str) -> pa.Array:
        return identifier(self.raw(name))

    def way(self, name: str, typed: Typed) -> pa.Array:
        """A customer's number; one too long to recognise anybody by is refused."""
        found = self.identifier(name)
        typed.refuse("too_long", self.column_name(name), true_where(pc.greater(pc.utf8_length(found), LONGEST)))
        return found

    def email(self, typed: Typed, *, else_by: pa.Array) -> pa.Array:
        """Addresses as they are kept; one that cannot be one refuses the row, unless somebody is named otherwise."""
        written = self.text("email")
        found = per_unique(written, lambda value: value and normalise.email(value), pa.string())
        is_bad = is_null(found) & ~is_null(written)
        typed.refuse("bad_email", self.column_name("email"), is_bad & is_null(else_by))
        return found

    def moments(self, name: str, typed: Typed, *, is_needed: bool) -> pa.Array:
        """Microseconds, null where the cell is empty; unreadable, future and ancient ones are refused."""
        found = moments.moments(self.raw(name), self._plan.clock)
        column = self.column_name(name)
        is_missing = found == moments.MISSING
        if is_needed:
            typed.refuse("no_time", column, is_missing)
        is_bad = found == moments.UNREADABLE
        typed.refuse("bad_time", column, is_bad)
        is_real = ~is_missing & ~is_bad
        typed.refuse("future", column, is_real & (found > _now_us() + DAY_US))
        typed.refuse("ancient", column, is_real & (found < 0))
        return pa.array(np.where(is_missing | is_bad, 0, found), mask=is_missing | is_bad)

    def amounts(self, name: str, typed: Typed) -> pa.Array:
        """Millionths, null where the cell is empty; what is no number is refused."""
        if not self.has(name):
            return pa.nulls(self.size, pa.int64())
        found = amounts.amounts(self.raw(name), self._plan.decimal_mark)
        typed.refuse("bad_amount", self.column_name(name), found == amounts.UNREADABLE)
        typed.refuse("too_large", self.column_name(name), found == amounts.TOO_LARGE)
        is_none = found <= amounts.TOO_LARGE
        return pa.array(np.where(is_none, 0, found), mask=is_none)

    def kept_as(self, rename: Callable[[str], str]) -> dict[str, pa.Array]:
        """The same under other names; of columns that come to one name, the first."""
        renamed: dict[str, pa.Array] = {}
        for name, column in self.kept().items():
            renamed.setdefault(rename(name), column)
        return renamed

    def kept(self) -> dict[str, pa.Array]:
        """The columns kept under their own names, those of later keys of JSON lines included."""
        later = [name for name in self._batch.columns if name not in self._plan.columns]
        names = [*self._plan.kept, *(later if self._plan.kind != "orders" else [])]
        return {name: self._batch.columns[name] for name in names if name in self._batch.columns}


def _now_us() -> int:
    return int(clock.now().timestamp() * 1_000_000)

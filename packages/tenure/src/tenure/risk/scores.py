"""Who is how likely to leave, and what that is associated with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenure.risk.definitions import Definition
from tenure.risk.encoding import Encoding
from tenure.risk.errors import UnknownCustomer
from tenure.risk.reasons import Reason, reasons_of
from tenure.risk.rows import Rows

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scores:
    """probability[n] per row, and contributions[n, columns] in log odds relative to `usual` (see `relative_to`).

    Contributions are associations found in the past, never causes: changing the one does not change the other.
    """

    rows: Rows
    probability: NDArray[np.float64]
    contributions: NDArray[np.float64]
    usual: float
    encoding: Encoding
    relative_to: str
    definition: Definition | None

    def __len__(self) -> int:
        return len(self.probability)

    def reasons(self, customer: Any, *, most: int = 3) -> tuple[Reason, ...]:
        """The themes that move this customer's risk most, as readable sentences. Raises UnknownCustomer."""
        places = np.flatnonzero(self.rows.customers == customer)
        if not len(places):
            asked = "one row each" if self.definition is None else self.definition.active_in_words
            raise UnknownCustomer(customer=customer, definition=asked)
        return self.reasons_at(int(places[-1]), most=most)

    def reasons_at(self, place: int, *, most: int = 3) -> tuple[Reason, ...]:
        """The same by the row's place, for whoever goes through all of them."""
        return reasons_of(
            self.rows, place, self.contributions[place], self.encoding, definition=self.definition, most=most
        )

    def highest(self, count: int = 20) -> NDArray[np.int64]:
        """The places of the rows with the highest risk, highest first."""
        return np.argsort(-self.probability, kind="stable")[:count]

    def table(self) -> pa.Table:
        """An Arrow table, highest risk first: customer, probability, then each column's contribution in log odds."""
        import pyarrow as pa

        order = self.highest(len(self))
        columns: dict[str, Any] = {
            "customer": pa.array(self.rows.customers[order].tolist()),
            "probability": self.probability[order],
        }
        for place, name in enumerate(self.encoding.names):
            columns[name] = self.contributions[order, place]
        return pa.table(columns)

    def chart(self, **choices: Any) -> Any:
        """How risk is spread over customers; needs `pip install tenure[chart]`."""
        from tenure.risk import drawing

        return drawing.spread_of_risk(self, **choices)

    def _repr_html_(self) -> str:
        from tenure.risk.pages import table_html

        return table_html(self.table().select(["customer", "probability"]).slice(0, 10), caption=repr(self)[1:-1])

    def __repr__(self) -> str:
        return f"<Scores of {len(self):,} customers, {self.probability.mean():.1%} on average>"

"""Who to treat, frozen: the order, how it was judged, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tenure.effect.estimates import Estimate
from tenure.effect.evidence import EVIDENCE, Evidence
from tenure.effect.qini import Qini
from tenure.pages import page

if TYPE_CHECKING:
    import pyarrow as pa

Answer = Literal["in order", "all", "none", "not known"]


@dataclass(frozen=True, slots=True)
class Slice:
    """A tenth of the judging customers, from the highest prediction (1) to the lowest (10)."""

    tenth: int
    customers: int
    predicted: float
    effect: Estimate


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Uplift:
    """Whether customers can be told apart by what the treatment does to them.

    `predicted[n]` is the learned effect of the customer in the input's row `rows[n]`; `judged[n]` says who judged and
    did not teach. `average` is the effect on all customers of both halves, which no order enters.
    """

    arm: str
    control: str
    outcome: str
    learner: str
    qini: Qini
    average: Estimate
    tenths: tuple[Slice, ...]
    predicted: NDArray[np.float64]
    rows: NDArray[np.int64]
    judged: NDArray[np.bool_]
    cost_each: float
    is_share: bool
    currency: str | None
    level: float
    notes: tuple[str, ...] = ()
    evidence: Final[Evidence] = "randomised"

    @property
    def tells_apart(self) -> bool:
        """Whether the Qini coefficient's whole interval is above zero."""
        return self.qini.low > 0

    @property
    def answer(self) -> Answer:
        """Treat in this order, or all, or none; "not known" when not even the average effect is clear."""
        if self.tells_apart:
            return "in order"
        if self.average.low > self.cost_each:
            return "all"
        return "none" if self.average.high < self.cost_each else "not known"

    @property
    def pays_for(self) -> float:
        """The share of all customers whose predicted effect is above the cost."""
        return float((self.predicted > self.cost_each).mean())

    @property
    def sentence(self) -> str:
        """What to do, in plain words."""
        mean = f"{self._said(self.average.value)} ({self._said(self.average.low)} to {self._said(self.average.high)})"
        if not self.tells_apart:
            return f"Who gains more from {self.arm} cannot be told apart. {self._all_or_none(mean)}"
        first, last = self.tenths[0].effect, self.tenths[-1].effect
        order = (
            f"Customers differ in what {self.arm} does to them: {self._said(first.value)} among the first tenth, "
            f"{self._said(last.value)} among the last, {mean} on average."
        )
        if self.pays_for > 0.95 and self.average.low > self.cost_each:
            return f"{order} Nearly all are expected to gain, so treat all; where you cannot, begin at the top."
        return f"{order} Treat in this order, as far as the predicted effect pays ({self.pays_for:.0%} of them)."

    def table(self) -> pa.Table:
        """A line per tenth: tenth, customers, predicted, effect, low, high."""
        import pyarrow as pa

        columns = {name: [getattr(one, name) for one in self.tenths] for name in ("tenth", "customers", "predicted")}
        ends = (("effect", "value"), ("low", "low"), ("high", "high"))
        return pa.table({**columns, **{name: [getattr(one.effect, end) for one in self.tenths] for name, end in ends}})

    def chart(self, **choices: Any) -> Any:
        """The Qini curve with its band and the straight line of treating at random; needs `tenure[chart]`."""
        from tenure.effect import drawing

        q = self.qini
        rows = [
            {"at": float(depth), "value": float(value), "low": float(low), "high": float(high)}
            for depth, value, low, high in zip(q.depth, q.gained, q.gained_low, q.gained_high, strict=True)
        ]
        ends = [{"at": 0.0, "value": 0.0}, {"at": 1.0, "value": float(q.gained[-1])}]
        choices.setdefault("title", f"Gained by treating in this order with {self.arm}")
        note = f"dashed: at random; band: {self.level:.0%} interval; Qini coefficient {self._coefficient()}"
        return drawing.band(
            rows, x="share of customers treated", y="gained per customer", percent=self.is_share, note=note,
            straight=ends, along_percent=True, **choices,
        )  # fmt: skip

    def _repr_html_(self) -> str:
        body = [
            [str(one.tenth), f"{one.customers:,}", self._said(one.predicted), self._said(one.effect.value),
             f"{self._said(one.effect.low)} to {self._said(one.effect.high)}"]
            for one in self.tenths
        ]  # fmt: skip
        head = ("tenth", "customers", "predicted", "effect seen", f"{self.level:.0%} interval")
        meant = f"Evidence: {self.evidence}. {EVIDENCE[self.evidence].capitalize()}."
        told = f"Qini coefficient {self._coefficient()}, judged on customers who did not teach."
        return page(self.sentence, head, body, notes=(told, meant, *self.notes))

    def __repr__(self) -> str:
        return f"<Uplift: {self.sentence}>"

    def _all_or_none(self, mean: str) -> str:
        if self.answer == "all":
            return f"On average it brings {mean}, {'more than it costs' if self.cost_each else 'a gain'}: treat all."
        if self.answer == "none":
            return f"On average it brings {mean}, {'less than it costs' if self.cost_each else 'a loss'}: treat none."
        return f"On average it brings {mean}: whether to treat anybody is not known yet."

    def _coefficient(self) -> str:
        scale, unit = (100, " points") if self.is_share else (1, f" {self.currency or ''}".rstrip())
        q = self.qini
        return f"{scale * q.coefficient:.2f}{unit} ({scale * q.low:.2f} to {scale * q.high:.2f})"

    def _said(self, figure: float) -> str:
        from tenure.effect import drawing

        return drawing.figure(figure, "%" if self.is_share else self.currency or "")

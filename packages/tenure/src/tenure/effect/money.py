"""What an effect is worth: customers kept and money kept, each with the interval that both uncertainties make."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tenure.effect.errors import CurrenciesMixed, WorthUnclear
from tenure.effect.evidence import EVIDENCE, Evidence

if TYPE_CHECKING:
    import pyarrow as pa

_GRID: Final = 1_001


class HasInterval(Protocol):
    """Any estimate: an effect per customer, with its standard error at a level."""

    @property
    def value(self) -> float: ...
    @property
    def se(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def level(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Worth:
    """What one kept customer is worth: an amount in one currency, with its own interval at `level`.

    Without an interval the amount counts as exactly known, and the answer says so.
    """

    amount: float
    currency: str
    low: float | None = None
    high: float | None = None
    level: float = 0.95

    def __post_init__(self) -> None:
        low, high = self.ends
        if not (np.isfinite([low, high, self.amount]).all() and low <= self.amount <= high):
            raise WorthUnclear(amount=self.amount, low=self.low, high=self.high)

    @property
    def ends(self) -> tuple[float, float]:
        return (self.amount if self.low is None else self.low), (self.amount if self.high is None else self.high)

    @property
    def is_exact(self) -> bool:
        return self.ends == (self.amount, self.amount)

    def quantiles(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """The amounts at those standard normal points; each side of the middle is as wide as its own end says."""
        low, high = self.ends
        reach = NormalDist().inv_cdf(0.5 + self.level / 2)
        return self.amount + z / reach * np.where(z < 0, self.amount - low, high - self.amount)


@dataclass(frozen=True, slots=True)
class Span:
    """A value with the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Gain:
    """What treating `customers` of them brings: `kept` more customers, `money` in `currency`, `net` of the cost.

    `kept` is None where the outcome was money itself.
    """

    customers: int
    kept: Span | None
    money: Span
    net: Span
    cost: float
    currency: str
    level: float
    evidence: Evidence
    notes: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """In plain words; an interval on both sides of zero is said to be one."""
        treating = f"Treating {self.customers:,} customers"
        after = f" after a cost of {self._said(self.cost)}" if self.cost else ""
        ends = f"({self._said(self.net.low)} to {self._said(self.net.high)})"
        brings = f"brings {self._said(self.net.value)}{after} {ends}."
        if self.kept is not None:
            many = f"{abs(self.kept.value):,.0f} {'more' if self.kept.value >= 0 else 'fewer'}"
            treating += f" keeps {many} of them ({self.kept.low:,.0f} to {self.kept.high:,.0f})"
            brings = f"which {brings}"
        words = f"{treating}{',' if self.kept else ''} {brings}"
        if self.net.low > 0:
            return words
        return f"{words} {'It loses money.' if self.net.high < 0 else 'Whether it pays is not known yet.'}"

    def table(self) -> pa.Table:
        """A line per figure: figure, value, low, high, unit."""
        import pyarrow as pa

        lines = self._lines()
        columns = {"figure": [name for name, _, _ in lines]}
        ends = {end: [getattr(span, end) for _, span, _ in lines] for end in ("value", "low", "high")}
        return pa.table({**columns, **ends, "unit": [unit for _, _, unit in lines]})

    def chart(self, **choices: Any) -> Any:
        """The money with its interval beside zero; needs `pip install tenure[chart]`."""
        from tenure.effect import drawing

        rows = [drawing.Row("money", *_ends(self.money)), drawing.Row("after its cost", *_ends(self.net))]
        return drawing.intervals(rows[: 2 if self.cost else 1], unit=self.currency, note=self.sentence, **choices)

    def _repr_html_(self) -> str:
        from tenure.pages import page

        body = [
            [name, f"{s.value:,.0f}", f"{s.low:,.0f} to {s.high:,.0f}", escape(unit)] for name, s, unit in self._lines()
        ]
        head = ("", "", f"{self.level:.0%} interval", "")
        return page(self.sentence, head, body, notes=(EVIDENCE[self.evidence].capitalize() + ".", *self.notes))

    def __repr__(self) -> str:
        return f"<Gain: {self.sentence}>"

    def _lines(self) -> list[tuple[str, Span, str]]:
        kept = [("kept", self.kept, "customers")] if self.kept is not None else []
        return [*kept, ("money", self.money, self.currency), ("net", self.net, self.currency)]

    def _said(self, amount: float) -> str:
        return f"{amount:,.0f} {self.currency}"


def gain(
    effect: HasInterval,
    *,
    customers: int,
    worth: Worth | None = None,
    currency: str | None = None,
    cost_each: float = 0.0,
    evidence: Evidence = "randomised",
) -> Gain:
    """An effect per customer as customers kept and money, for `customers` treated.

    With `worth` the effect is on a share (retained) and each kept customer is worth that; without it the effect is
    an amount per customer in `currency`. The interval of effect × worth takes both as independent: the share of the
    product's distribution below q is the mean over the worth v of P(effect ≤ q/v) (MacKinnon, Lockwood and Williams,
    Multivariate Behavioral Research 39, 2004); with an exact worth it is the effect's own interval times the worth.
    """
    unit = _unit(worth, currency)
    cost = cost_each * customers
    own = Span(effect.value * customers, effect.low * customers, effect.high * customers)
    money = own if worth is None else _product(effect, worth, customers)
    notes = (
        ("The worth of a kept customer was taken as exactly known.",) if worth is not None and worth.is_exact else ()
    )
    net = Span(money.value - cost, money.low - cost, money.high - cost)
    return Gain(customers, own if worth else None, money, net, cost, unit, effect.level, evidence, notes)


def _unit(worth: Worth | None, currency: str | None) -> str:
    if worth is not None and currency is not None and worth.currency != currency:
        raise CurrenciesMixed(currencies=f"{currency} and {worth.currency}")
    found = worth.currency if worth is not None else currency
    if not found:
        raise WorthUnclear(amount=None, low=None, high=None)
    return found


def _product(effect: HasInterval, worth: Worth, customers: int) -> Span:
    value = effect.value * worth.amount * customers
    if worth.is_exact:
        ends = sorted((effect.low * worth.amount * customers, effect.high * worth.amount * customers))
        return Span(value, *ends)
    tail = (1 - effect.level) / 2
    low, high = (_quantile(effect, worth, share) * customers for share in (tail, 1 - tail))
    return Span(value, low, high)


def _quantile(effect: HasInterval, worth: Worth, share: float) -> float:
    """Where the product's distribution reaches `share`, by halving; the effect's own ends give its two widths."""
    from scipy.special import ndtr, ndtri

    v = worth.quantiles(ndtri((np.arange(_GRID) + 0.5) / _GRID))
    v = np.where(v == 0, np.finfo(float).tiny, v)
    reach = NormalDist().inv_cdf(0.5 + effect.level / 2)
    down, up = (effect.value - effect.low) / reach, (effect.high - effect.value) / reach

    def below(q: float) -> float:
        gap = q / v - effect.value
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            part = ndtr(np.nan_to_num(gap / np.where(gap < 0, down, up)))
        return float(np.where(v > 0, part, 1 - part).mean())

    far = 10 * (abs(effect.value) + down + up) * float(np.abs(v).max())
    low, high = -far, far
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < share else (low, middle)
    return (low + high) / 2


def _ends(span: Span) -> tuple[float, float, float]:
    return span.value, span.low, span.high

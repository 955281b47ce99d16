"""What was kept in money: frozen lines with their shares and intervals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.errors import UnknownChoice

if TYPE_CHECKING:
    import pyarrow as pa

_PARTS: Final = ("opening", "churned", "contraction", "expansion", "new", "reactivated", "closing")
_SHARES: Final = ("gross_retention", "net_retention", "gross_churn")


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the opening revenue with its interval; None where nobody paid (null is not zero)."""

    value: float | None
    low: float | None
    high: float | None

    def __str__(self) -> str:
        if self.value is None:
            return "nobody to count"
        if self.low is None or self.high is None:
            return f"{self.value:.1%}"
        return f"{self.value:.1%} ({self.low:.1%} to {self.high:.1%})"


@dataclass(frozen=True, slots=True)
class RevenueLine:
    """One opening and closing: opening − churned − contraction + expansion + new + reactivated = closing.

    `gross_retention` is Σ min(opening, closing)/Σ opening over accounts that paid at the opening (each capped at its
    opening revenue), `net_retention` Σ closing/Σ opening over the same accounts, so that neither new nor reactivated
    accounts count; `gross_churn` is (churned + contraction)/opening. `start` and `end` are the first days of the two
    periods (None where revenues were given as such).
    """

    group: Any
    start: dt.date | None
    end: dt.date | None
    accounts: int
    lost_accounts: int
    opening: float
    churned: float
    contraction: float
    expansion: float
    new: float
    reactivated: float
    closing: float
    gross_retention: Share
    net_retention: Share
    gross_churn: Share
    interval: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RevenueRetention:
    """A line per opening period (and plan, when broken down; group None is everybody)."""

    lines: tuple[RevenueLine, ...]
    definition: str
    by: str | None
    currency: str | None
    level: float
    notes: tuple[str, ...] = ()
    _accounts: tuple[NDArray[Any], NDArray[np.float64], NDArray[np.float64]] | None = None

    @property
    def line(self) -> RevenueLine:
        """The latest line of everybody."""
        return [line for line in self.lines if line.group is None][-1]

    def of(self, group: Any) -> tuple[RevenueLine, ...]:
        """The lines of one plan, by opening."""
        found = tuple(line for line in self.lines if line.group == group)
        if not found:
            known = dict.fromkeys(str(line.group) for line in self.lines if line.group is not None)
            raise UnknownChoice(name=self.by or "group", value=group, choices=", ".join(known) or "no breakdown")
        return found

    def accounts(self) -> pa.Table:
        """The latest line account by account: account, opening, closing, kept (capped), and what became of it."""
        import pyarrow as pa

        assert self._accounts is not None
        account, opening, closing = self._accounts
        return pa.table({
            "account": pa.array(account.tolist()), "opening": opening, "closing": closing,
            "kept": np.minimum(opening, closing),
            "movement": [_movement(a, b) for a, b in zip(opening.tolist(), closing.tolist(), strict=True)],
        })  # fmt: skip

    def table(self) -> pa.Table:
        """An Arrow table: (plan,) start, end, accounts, the parts in money, and each share with low and high."""
        import pyarrow as pa

        columns: dict[str, Any] = {} if self.by is None else {self.by: [line.group for line in self.lines]}
        for name in ("start", "end", "accounts", "lost_accounts", *_PARTS):
            kind = pa.date32() if name in ("start", "end") else pa.int64() if "accounts" in name else pa.float64()
            columns[name] = pa.array([getattr(line, name) for line in self.lines], kind)
        for name in _SHARES:
            for part, end in (("value", ""), ("low", "_low"), ("high", "_high")):
                found = [getattr(getattr(line, name), part) for line in self.lines]
                columns[name + end] = pa.array(found, pa.float64())
        return pa.table(columns)

    def chart(self, **choices: Any) -> Any:
        """Gross and net retention by opening; needs `pip install tenure[chart]`."""
        from tenure.revenue.drawing import retained_revenue

        return retained_revenue(self, **choices)

    def sentence(self) -> str:
        """The latest line in words."""
        line = self.line
        return (
            f"Of {line.opening:,.0f}{f' {self.currency}' if self.currency else ''} from {line.accounts:,} accounts, "
            f"{line.gross_retention} was kept, {line.net_retention} with what they added."
        )

    def _repr_html_(self) -> str:
        names = ("opening", "churned", "contraction", "expansion", "gross retention", "net retention")
        head = "".join(f"<th>{name}</th>" for name in names)
        lines = "".join(_html_line(line) for line in self.lines)
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        listed = f"<ul>{notes}</ul>" if notes else ""
        words = f"<p>{escape(self.sentence())} {escape(self.definition)}</p>"
        return f'<div class="tenure">{words}<table><tr><th></th>{head}</tr>{lines}</table>{listed}</div>'

    def __repr__(self) -> str:
        return f"<RevenueRetention: {self.sentence()}>"


def _movement(opening: float, closing: float) -> str:
    if opening <= 0:
        return "new or reactivated" if closing > 0 else "none"
    if closing <= 0:
        return "churned"
    return "kept" if opening == closing else "contraction" if closing < opening else "expansion"


def _html_line(line: RevenueLine) -> str:
    name = " ".join(escape(str(part)) for part in (line.group, line.start) if part is not None)
    money = "".join(
        f"<td>{value:,.0f}</td>" for value in (line.opening, line.churned, line.contraction, line.expansion)
    )
    return f"<tr><th>{name}</th>{money}<td>{line.gross_retention}</td><td>{line.net_retention}</td></tr>"

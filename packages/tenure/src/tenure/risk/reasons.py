"""Sentences for contributions: "associated with", never "because"."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.risk.definitions import Definition
from tenure.risk.encoding import Encoding, Number, Words
from tenure.risk.rows import Column, Rows

_LEAST: Final = 0.05  # log odds below which nothing is worth saying


@dataclass(frozen=True, slots=True)
class Reason:
    """One theme and how far it moves the log odds; `values` holds the numbers for whoever words it in a language.

    `theme` is recency (with rhythm and trend), frequency, amount, tenure, names, "name: …" or "attribute: …".
    """

    theme: str
    log_odds: float
    finding: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_higher(self) -> bool:
        """Whether it goes with a higher risk."""
        return self.log_odds > 0

    @property
    def sentence(self) -> str:
        """In words, as an association."""
        return f"Associated with {'higher' if self.is_higher else 'lower'} risk: {self.finding}."

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "theme": self.theme, "log_odds": self.log_odds, "finding": self.finding, "values": self.values,
            "sentence": self.sentence,
        }  # fmt: skip


def reasons_of(
    rows: Rows, place: int, shares: NDArray[np.float64], encoding: Encoding, *, definition: Definition | None, most: int
) -> tuple[Reason, ...]:
    """The strongest themes of one row. Columns that say the same thing are added up before they are compared."""
    themes: dict[str, dict[str, float]] = {}
    for part, share in zip(encoding.parts, shares.tolist(), strict=True):
        theme, side = _theme(part)
        sides = themes.setdefault(theme, {})
        sides[side] = sides.get(side, 0.0) + share
    said = _Row(rows, place, encoding, definition)
    moved = {theme: sum(sides.values()) for theme, sides in themes.items()}
    strongest = sorted(moved, key=lambda theme: -abs(moved[theme]))
    return tuple(
        Reason(theme, moved[theme], *said.of(_telling(themes[theme], moved[theme])))
        for theme in strongest[:most]
        if abs(moved[theme]) >= _LEAST
    )


def _theme(part: Number | Words) -> tuple[str, str]:
    """What is added up together, and which side of it the column shows.

    Recency, rhythm and trend move together, and a model may set one against the other: only their sum means anything.
    """
    if part.theme in ("recency", "rhythm", "trend"):
        return "recency", "trend" if part.theme == "trend" else "recency"
    theme = f"attribute: {part.name}" if part.theme == "attribute" else part.theme
    return theme, theme


def _telling(sides: dict[str, float], moved: float) -> str:
    """The side that goes furthest in the direction of the sum."""
    return max(sides, key=lambda side: sides[side] * (1 if moved > 0 else -1))


class _Row:
    """What can be said of one row, theme by theme."""

    def __init__(self, rows: Rows, place: int, encoding: Encoding, definition: Definition | None) -> None:
        self.columns = {column.name: column for column in rows.columns}
        self.parts = {part.name: part for part in encoding.parts}
        self.place = place
        self.noun = "activity" if definition is None else definition.noun
        self.long = 0 if definition is None else definition.windows[-1]
        self.short = self.long if definition is None or len(definition.windows) < 2 else definition.windows[-2]

    def of(self, theme: str) -> tuple[str, dict[str, Any]]:
        """The finding in words, and its numbers."""
        kind, _, name = theme.partition(": ")
        ways = {
            "recency": self.recency, "frequency": self.frequency, "trend": self.trend, "amount": self.amount,
            "tenure": self.tenure, "names": self.kinds,
        }  # fmt: skip
        if kind in ways:
            return ways[kind]()
        return self.named(name) if kind == "name" else self.attribute(name)

    def recency(self) -> tuple[str, dict[str, Any]]:
        days, usual = self.value("recency_days"), self.value("usual_interval_days")
        values = {"days": _days(days), "usual_days": None if np.isnan(usual) else _days(usual)}
        if np.isnan(usual):
            return f"no {self.noun} for {_in_days(days)}, after a single day", values
        return f"no {self.noun} for {_in_days(days)}; usually every {_days(usual)}", values

    def frequency(self) -> tuple[str, dict[str, Any]]:
        count, usual = self.value(f"count_{self.long}"), self.usual(f"count_{self.long}")
        words = f"{self.counted(count)} in the last {self.long} days"
        return f"{words}{_middle(usual)}", {"count": count, "usual_count": usual, "days": self.long}

    def trend(self) -> tuple[str, dict[str, Any]]:
        recent, whole = self.value(f"count_{self.short}"), self.value(f"count_{self.long}")
        before = (whole - recent) * self.short / (self.long - self.short)
        words = f"{self.counted(recent)} in the last {self.short} days, {before:.1f} in as many before"
        return words, {"count": recent, "before": before, "days": self.short}

    def amount(self) -> tuple[str, dict[str, Any]]:
        name = f"amount_{self.long}"
        paid, usual = self.value(name), self.usual(name)
        words = f"{paid:,.2f} in the last {self.long} days{_middle(usual, '{:,.2f}')}"
        return words, {"amount": paid, "usual_amount": usual, "days": self.long}

    def tenure(self) -> tuple[str, dict[str, Any]]:
        days = self.value("tenure_days")
        return f"a customer for {_in_days(days)}", {"days": _days(days), "usual_days": self.usual("tenure_days")}

    def kinds(self) -> tuple[str, dict[str, Any]]:
        name = f"kinds_{self.long}"
        words = f"{self.value(name):g} different kinds of facts in the last {self.long} days"
        return f"{words}{_middle(self.usual(name))}", {"kinds": self.value(name), "days": self.long}

    def named(self, name: str) -> tuple[str, dict[str, Any]]:
        column = f"count_{self.long}: {name}"
        count, usual, since = self.value(column), self.usual(column), self.value(f"days since: {name}")
        values = {"name": name, "count": count, "usual_count": usual, "days": self.long}
        if np.isnan(since):
            return f"never “{name}”", values
        return f"“{name}” {count:g} times in the last {self.long} days, last {_in_days(since)} ago", values

    def attribute(self, name: str) -> tuple[str, dict[str, Any]]:
        column, part = self.columns[name], self.parts[name]
        value = _said(column, self.place)
        if value is None:
            return f"“{name}” is not known", {"name": name, "value": None}
        if isinstance(part, Words):
            share = dict(zip(part.levels, part.shares, strict=True)).get(str(value))
            rest = "" if share is None else f" (as for {share:.0%} of customers)"
            return f"“{name}” is {value}{rest}", {"name": name, "value": value, "share": share}
        return f"“{name}” is {value:,.4g}{_middle(part.middle, '{:,.4g}')}", {
            "name": name, "value": value, "usual": part.middle,
        }  # fmt: skip

    def counted(self, count: float) -> str:
        """In English; `values` has the numbers for other languages."""
        noun = "fact" if self.noun == "activity" else self.noun
        if count == 1:
            return f"1 {noun}"
        return f"{count:g} {noun[:-1]}ies" if noun.endswith("y") else f"{count:g} {noun}s"

    def value(self, name: str) -> float:
        column = self.columns.get(name)
        return float("nan") if column is None else float(column.values[self.place])

    def usual(self, name: str) -> float | None:
        part = self.parts.get(name)
        return part.middle if isinstance(part, Number) else None


def _said(column: Column, place: int) -> Any:
    if column.levels is not None:
        code = int(column.values[place])
        return None if code < 0 else column.levels[code]
    value = float(column.values[place])
    return None if np.isnan(value) else value


def _middle(usual: float | None, form: str = "{:g}") -> str:
    return "" if usual is None else f"; the middle customer {form.format(usual)}"


def _days(days: float) -> int:
    return round(days)


def _in_days(days: float) -> str:
    return "1 day" if _days(days) == 1 else f"{_days(days):,} days"

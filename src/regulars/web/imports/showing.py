"""An import in the words of the page."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.customers.importing import fields, places, selectors
from regulars.customers.importing.plans import KEPT, LEFT_OUT
from regulars.customers.importing.reasons import REASONS, Reason
from regulars.kernel import clock
from regulars.kernel.money import Money

KIND_WORDS: dict[str, str | Promise] = {"orders": _("orders"), "customers": _("customers"), "facts": _("facts")}
STATES: dict[str, tuple[str | Promise, str]] = {
    "waiting": (_("waiting for you"), "warn"),
    "checking": (_("being read"), "accent"),
    "ready": (_("ready to start"), "warn"),
    "running": (_("running"), "accent"),
    "done": (_("done"), "good"),
    "failed": (_("failed"), "bad"),
    "cancelled": (_("cancelled"), ""),
}
COUNTS: dict[str, str | Promise] = {
    "orders": _("Orders"),
    "refunds": _("Refunds"),
    "facts": _("Facts"),
    "rows": _("Customers"),
    "customers_changed": _("Customers changed"),
    "consents": _("Consents recorded"),
    "facts_new": _("New in the log"),
    "facts_there": _("Here already"),
    "lines_sold": _("Lines sold"),
    "lines_refunded": _("Lines refunded"),
    "erased_orders": _("Orders of erased customers, left out"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One import as it is drawn."""

    imported: Any
    kind: str | Promise
    state: str | Promise
    tone: str
    counts: list[tuple[str | Promise, int]]
    rejected: list[tuple[Reason, int]]
    has_report: bool

    @property
    def rejected_total(self) -> int:
        return sum(count for _reason, count in self.rejected)

    @property
    def is_moving(self) -> bool:
        return self.imported.state in ("checking", "running")

    @property
    def percent(self) -> int:
        return round(100 * self.imported.progress)

    @property
    def seconds_left(self) -> float | None:
        """From the pace since it was begun or taken up again; nothing is said before there is one."""
        done, pace = self.imported.progress, self.imported.found.get("pace")
        if not self.is_moving or not pace or done - pace["from"] < 0.02:
            return None
        taken = (clock.now() - datetime.fromisoformat(pace["at"])).total_seconds()
        return taken / (done - pace["from"]) * (1 - done) if taken > 2 else None

    @property
    def can_go_on(self) -> bool:
        """Whether it stopped on the way, and the file is still here."""
        is_stopped = self.imported.state in ("failed", "cancelled") and self.imported.started_at
        return bool(is_stopped) and places.file_of(self.imported.digest).exists()


def seen(imported: Any) -> Seen:
    """An import with its words and counts."""
    state, tone = STATES[imported.state]
    is_foreseen = imported.state == "ready"
    counts = imported.found.get("counts", {}) if is_foreseen else imported.counts
    rejected = imported.found.get("rejected", {}) if is_foreseen else selectors.rejected_counts(imported)
    return Seen(
        imported,
        KIND_WORDS[imported.kind],
        state,
        tone,
        [(words, counts[name]) for name, words in COUNTS.items() if counts.get(name)],
        [(REASONS[code], count) for code, count in sorted(rejected.items(), key=lambda item: -item[1])],
        places.report_of(imported.pk).exists(),
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: what it is taken for, what it may be, and what it holds."""

    name: str
    target: str
    examples: list[str]
    is_doubtful: bool


def columns(imported: Any) -> list[Column]:
    """Every column with its present meaning: the plan's where there is one, else the guess."""
    guess = imported.found.get("guess", {})
    planned = imported.plan.get("columns", {})
    doubtful = {name for doubt in guess.get("doubts", []) for name in doubt["candidates"]}
    found = [(name, planned.get(name, target), sample) for name, target, sample in guess.get("columns", [])]
    return [
        Column(name, target, _examples(sample), name in doubtful and target in (KEPT, LEFT_OUT))
        for name, target, sample in found
    ]


def targets(kind: str) -> list[tuple[str, str | Promise]]:
    """What a column may mean."""
    kept = _("an attribute of its own") if kind == "customers" else _("a property of its own")
    return [*((item.name, item.label) for item in fields.FIELDS[kind]), (KEPT, kept), (LEFT_OUT, _("left out"))]


def span(imported: Any) -> tuple[datetime, datetime] | None:
    """From when to when the file reaches."""
    first, last = imported.found.get("first_at"), imported.found.get("last_at")
    if first is None:
        return None
    return datetime.fromtimestamp(first / 1e6, UTC), datetime.fromtimestamp(last / 1e6, UTC)


def totals(imported: Any) -> list[Money]:
    """What the orders come to, refunds taken off, by currency."""
    return [Money(minor, currency) for currency, minor in sorted(imported.found.get("money", {}).items())]


def _examples(cells: list[str | None]) -> list[str]:
    filled = dict.fromkeys(cell for cell in cells if cell)
    return [cell if len(cell) <= 40 else f"{cell[:39]}…" for cell in list(filled)[:3]]

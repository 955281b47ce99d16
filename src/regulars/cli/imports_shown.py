"""What `regulars import` shows: what columns mean, what would happen, how far it is, what came of it."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

if TYPE_CHECKING:
    from regulars.customers.importing.mapping import Guess
    from regulars.customers.importing.models import Import
    from regulars.customers.importing.plans import Plan

console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
SAY_EVERY_SECONDS = 5.0


def meaning(plan: "Plan", guess: "Guess", *, rows_from: str) -> None:
    """Each column with what it is taken for and an example."""
    table = Table(title=f"{rows_from}: what its columns mean", title_justify="left", title_style="bold")
    for heading in ("column", "taken as", "for example"):
        table.add_column(heading, overflow="fold")
    for column, target in plan.columns.items():
        example = next((cell for cell in guess.sample.get(column, []) if cell), "")
        table.add_row(_plain(column), _said(target, plan.kind), _plain(example[:40]))
    console.print(table)
    console.print(
        f"Times without a zone are in {plan.zone}; amounts without a currency in {plan.currency}.", style="dim"
    )


def foreseen(imported: "Import") -> None:
    """What running it would do."""
    found = imported.found
    console.print(f"[bold]Would import[/] from {found['rows']:,} rows: {_counts(found['counts'])}.")
    if found["first_at"] is not None:
        console.print(f"  from {_day(found['first_at'])} to {_day(found['last_at'])} (UTC)")
    for money in _money(found["money"]):
        console.print(f"  {money} in all, refunds taken off")
    console.print(f"  {found['customers_new']:,} new customers")
    if found["facts_there"]:
        console.print(f"  {found['facts_there']:,} are here already and stay as they are")
    _rejected(found["rejected"])


def goes_on(imported: "Import") -> None:
    console.print(f"This import was cut short after batch {imported.batches_done}; it goes on from there.")


def stopped(imported: "Import") -> None:
    """What a run that was stopped leaves behind, and how to go on."""
    counts = {name: count for name, count in imported.counts.items() if name not in ("rejected", "checked")}
    console.print(
        f"[bold yellow]Stopped[/] at {imported.progress:.0%}. Brought in, and kept: {_counts(counts) or 'nothing'}."
    )
    console.print("  The batch that was being written was taken back. Run the same command again to go on from here.")


def unread(sheets: "Sequence[str]") -> None:
    """What of a workbook is left aside."""
    if sheets:
        names = ", ".join(f"“{_plain(name)}”" for name in sheets)
        console.print(
            f"[yellow]Only the first sheet is read.[/] Save these as files of their own to import them: {names}"
        )


def report(imported: "Import") -> None:
    """What came of it."""
    from regulars.customers.importing import places
    from regulars.customers.importing.selectors import rejected_counts

    counts = {name: count for name, count in imported.counts.items() if name not in ("rejected", "checked")}
    console.print(f"[bold green]Imported[/]: {_counts(counts) or 'nothing'}.")
    rejected = rejected_counts(imported)
    _rejected(rejected)
    if rejected:
        console.print(f"  every one with its line and reason: {places.report_of(imported.pk)}")


@contextmanager
def progress(what: str) -> Iterator[Callable[[float, int], None]]:
    """A bar with rate and time left; plain lines where there is no terminal."""
    if not console.is_terminal:
        yield _lines(what)
        return
    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
    )
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task, began = bar.add_task(what, total=1.0, rate=""), time.monotonic()

        def show(done: float, rows: int) -> None:
            bar.update(task, completed=done, rate=_rate(rows, began))

        yield show


def _lines(what: str) -> Callable[[float, int], None]:
    began = last = time.monotonic()

    def show(done: float, rows: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= SAY_EVERY_SECONDS and done:
            last = now
            left = (now - began) / done * (1 - done)
            console.print(f"{what}: {done:.0%}, {rows:,} rows, {_rate(rows, began)}, about {left:.0f} s left")

    return show


def _rate(rows: int, began: float) -> str:
    return f"{rows / max(0.001, time.monotonic() - began):,.0f} rows/s"


def _said(target: str, kind: str) -> str:
    from regulars.customers.importing import fields
    from regulars.customers.importing.plans import KEPT

    found = fields.field_of(kind, target)
    if found:
        return str(found.label)
    return ("attribute" if kind == "customers" else "property") if target == KEPT else "[dim]left out[/]"


_NAMES = {
    "orders": "orders", "refunds": "refunds", "facts": "facts", "rows": "customers", "facts_new": "new in the log",
    "facts_there": "here already", "customers_new": "new customers", "customers_changed": "customers changed",
    "consents": "consents", "lines_sold": "lines sold", "lines_refunded": "lines refunded",
    "erased_orders": "orders of erased customers left out",
}  # fmt: skip


def _counts(counts: dict[str, Any]) -> str:
    return ", ".join(f"{counts[name]:,} {said}" for name, said in _NAMES.items() if counts.get(name))


def _rejected(rejected: dict[str, int]) -> None:
    from regulars.customers.importing.reasons import REASONS

    if not rejected:
        console.print("  every row can be used")
        return
    console.print(f"  [yellow]{sum(rejected.values()):,} rows are not imported[/]:")
    for code, count in sorted(rejected.items(), key=lambda item: -item[1]):
        console.print(f"    {count:>9,}  {REASONS[code].sentence} [dim]{REASONS[code].remedy}[/]")


def _money(money: dict[str, int]) -> list[str]:
    from regulars.kernel.money import Money

    return [str(Money(minor, currency)) for currency, minor in sorted(money.items())]


def _day(micros: int) -> str:
    return datetime.fromtimestamp(micros / 1_000_000, UTC).date().isoformat()


def _plain(text: str) -> str:
    """Text of the file, which must not be read as markup or move the cursor."""
    return "".join(letter if letter.isprintable() else "·" for letter in text).replace("[", r"\[")

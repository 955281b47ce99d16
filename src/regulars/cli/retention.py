"""`regulars retention FILE`: who stays, from a file, without a server or a database."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from regulars.cli.retention_file import Facts
    from tenure import Retention
    from tenure.kinds import Kind

KINDS: tuple[Kind, ...] = ("full", "classic", "rolling", "return", "bracket")
PERIODS = ("day", "week", "month", "quarter", "year")


@click.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--engine",
    metavar="NAME",
    help="Count on an engine instead: duckdb, clickhouse or spark://HOST:PORT. FILE is then Parquet or a folder of it.",
)
@click.option("--customer", metavar="COL", help="The column with the customer; guessed and named when left out.")
@click.option("--time", metavar="COL", help="The column with the time; guessed and named when left out.")
@click.option(
    "--kind", type=click.Choice(KINDS), help="One kind in detail. Left out: all five, and the cohorts of classic."
)
@click.option("--from", "start", type=click.IntRange(min=1), metavar="M", help="Where the bracket M..N begins.")
@click.option("--period", type=click.Choice(PERIODS), default="month", show_default=True, help="The calendar period.")
@click.option("--periods", type=click.IntRange(min=1), metavar="N", help="How many periods to follow.")
@click.option("--zone", default="UTC", show_default=True, metavar="NAME", help="Whose days, such as Europe/Berlin.")
@click.option(
    "--as-of", metavar="DATE", help="What was known at the beginning of this day; left out: after the last row."
)
@click.option("--by", metavar="COL", help="Break down by a column, as it was at each customer's first row.")
@click.option("--date-order", type=click.Choice(("dmy", "mdy", "ymd")), help="How dates such as 03/04/2011 are meant.")
@click.option("--skip-bad", is_flag=True, help="Leave rows out that cannot be read, and say how many.")
@click.option(
    "--csv", "csv_path", metavar="PATH|-", help="Write the cohorts as CSV; - writes them, and only them, to the output."
)
@click.option(
    "--html", "html_path", type=click.Path(dir_okay=False, path_type=Path), metavar="PATH", help="Write a page."
)
@click.option(
    "--svg",
    "svg_path",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="PATH",
    help="Write the curves as a picture.",
)
def retention(
    file: str,
    engine: str | None,
    customer: str | None,
    time: str | None,
    kind: Kind | None,
    start: int | None,
    period: str,
    periods: int | None,
    zone: str,
    as_of: str | None,
    by: str | None,
    date_order: str | None,
    skip_bad: bool,
    csv_path: str | None,
    html_path: Path | None,
    svg_path: Path | None,
) -> None:
    """Say who stays, from a FILE of orders, visits or other facts: CSV, TSV, Excel, Parquet or JSON lines.

    A customer is retained in five ways: full (in every period 1 to N), classic (in period N), rolling (in N or
    later), return (at least once in 1 to N) and bracket (at least once in M to N). Only periods that have ended count.
    """
    from regulars.cli import retention_engine
    from regulars.cli.retention_file import Wanted, read

    if start is not None and kind not in (None, "bracket"):
        raise click.UsageError(f"--from says where the bracket begins; it has no meaning for --kind {kind}.")
    with _refusals_said():
        _checked_zone(zone)
        if engine is not None:
            retention_engine.refuse(file, date_order=date_order, skip_bad=skip_bad)
            notes: tuple[str, ...] = ()
            answer = retention_engine.answered(
                file, engine=engine, customer=customer, time=time, by=by, period=period, periods=periods,
                zone=zone, as_of=as_of, bracket_from=start,
            )  # fmt: skip
        else:
            facts = read(retention_engine.one_file(file), Wanted(customer, time, by, zone, date_order, skip_bad))
            answer = _answered(facts, period=period, periods=periods, zone=zone, as_of=as_of, start=start)
            notes = facts.notes
        _write(answer, notes, by, kind=kind, start=start, csv_path=csv_path, html_path=html_path, svg_path=svg_path)


def _answered(
    facts: Facts, *, period: str, periods: int | None, zone: str, as_of: str | None, start: int | None
) -> Retention:
    import tenure

    answer = tenure.retention(
        customer=facts.customers, time=facts.times, by=facts.by, period=period, periods=periods, zone=zone,
        as_of=as_of, bracket_from=start,
    )  # fmt: skip
    return answer if facts.by is None else replace(answer, question=replace(answer.question, by=facts.by_name))


def _write(
    answer: Retention,
    notes: tuple[str, ...],
    by: str | None,
    *,
    kind: Kind | None,
    start: int | None,
    csv_path: str | None,
    html_path: Path | None,
    svg_path: Path | None,
) -> None:
    """Everything asked for; the tables go to the terminal unless the output is the CSV's."""
    from regulars.cli import retention_page as page
    from regulars.cli import retention_shown as shown

    detail: Kind = kind or ("bracket" if start is not None else "classic")
    kinds: tuple[Kind, ...] = (kind,) if kind else KINDS
    notes = (*notes, *(note.replace("periods=", "--periods ") for note in answer.notes))
    is_piped = csv_path == "-"
    if html_path:
        html_path.write_text(page.to_html(answer, kind=detail, kinds=kinds, notes=notes), encoding="utf-8")
    if svg_path:
        svg_path.write_text(page.to_svg(answer, kind=detail), encoding="utf-8")
    if csv_path:
        text = io.StringIO()
        shown.to_csv(text, answer, kind=detail, by=by)
        _put(text.getvalue(), None if is_piped else Path(csv_path))
    if is_piped:
        for note in notes:
            click.echo(note, err=True)
        return
    shown.to_terminal(_console(), answer, kind=detail, kinds=kinds, notes=notes)
    for path in (csv_path, html_path, svg_path):
        if path:
            click.echo(f"Wrote {path}", err=True)


def _console() -> Console:
    """The terminal at its own width; a pipe or a file has room."""
    from rich.console import Console

    return Console(
        file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 140
    )


def _put(text: str, path: Path | None) -> None:
    if path is None:
        click.echo(text, nl=False)
    else:
        path.write_text(text, encoding="utf-8")


def _checked_zone(zone: str) -> None:
    from tenure.zones import checked_zone

    checked_zone(zone)


@contextmanager
def _refusals_said() -> Iterator[None]:
    """What tenure refuses, and files that cannot be written, in one line; the command ends with 2."""
    from regulars.cli.retention_file import Refusal
    from tenure import TenureError

    try:
        yield
    except TenureError as refused:
        raise Refusal(str(refused)) from refused
    except BrokenPipeError:
        raise
    except OSError as failed:
        raise Refusal(f"{failed.filename or 'A file'} cannot be written: {failed.strerror}.") from failed

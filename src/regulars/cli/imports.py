"""`regulars import orders|customers|facts FILE`: a file into the database, as the page does it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from regulars.cli.running import environment

_OPTIONS = (
    click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)),
    click.option(
        "--map",
        "meanings",
        multiple=True,
        metavar="FIELD=COLUMN",
        help="Which column holds a field, such as order=Invoice; kept=COLUMN keeps one, -=COLUMN leaves it out.",
    ),
    click.option("--zone", metavar="NAME", help="The zone of times that name none; the company's when left out."),
    click.option("--currency", metavar="CODE", help="The currency of amounts that name none; the company's otherwise."),
    click.option("--date-order", type=click.Choice(("ymd", "dmy", "mdy")), help="How dates like 03/04/2011 are meant."),
    click.option("--decimal", type=click.Choice(("point", "comma")), help="The decimal mark of numbers."),
    click.option("--dry-run", is_flag=True, help="Say what would be imported, and import nothing."),
    click.option("--yes", is_flag=True, help="Import without asking."),
    environment.flags,
)


@click.group(name="import")
def import_() -> None:
    """Import orders, customers or facts from a file: CSV, TSV, Excel, JSON lines or Parquet, gzipped or not.

    A second run adds nothing; a run that was cut short goes on where it stopped.
    """


def _command(kind: str, sentence: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(_OPTIONS):
            function = option(function)
        return import_.command(name=kind, help=sentence)(function)

    return decorate


@_command("orders", "Import orders: one line an order, or one line a product of an order.")
def orders(**said: Any) -> None:
    _run("orders", **said)


@_command("customers", "Import customers: who they are, what is known about them, what they agreed to.")
def customers(**said: Any) -> None:
    _run("customers", **said)


@click.option("--name", "fact_name", default="", metavar="NAME", help="What happened, when no column says it.")
def _facts(**said: Any) -> None:
    _run("facts", **said)


facts = _command("facts", "Import facts: what happened to whom, and when.")(_facts)


def _run(kind: str, *, file: Path, meanings: tuple[str, ...], **said: Any) -> None:
    environment.set_up(process="import")
    from regulars.cli import imports_run
    from regulars.kernel.errors import DomainError
    from regulars.kernel.postgres import CannotStart

    try:
        imports_run.run(kind, file, _split(meanings), **said)
    except (DomainError, CannotStart) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        click.echo("\nStopped. What was imported stays; run the same command again to go on.", err=True)
        sys.exit(130)


def _split(meanings: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs = [entry.partition("=") for entry in meanings]
    for entry, (_, mark, column) in zip(meanings, pairs, strict=True):
        if not mark or not column:
            raise click.BadParameter(f"“{entry}” should be FIELD=COLUMN, such as order=Invoice.", param_hint="--map")
    return [(field.strip(), column.strip()) for field, _, column in pairs]

"""What `regulars import` does, step by step: take the file in, settle what is unsure, show, import."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from regulars.cli import imports_shown as shown
from regulars.cli.running.data_lock import AlreadyRunning, DataLock
from regulars.kernel import postgres, settings_table, starting
from regulars.kernel.errors import Invalid

if TYPE_CHECKING:
    from regulars.customers.importing.mapping import Guess
    from regulars.customers.importing.models import Import
    from regulars.customers.importing.plans import Plan

FLAGS = {"date_order": "--date-order", "decimal_mark": "--decimal"}


def run(
    kind: str,
    file: Path,
    meanings: Sequence[tuple[str, str]],
    *,
    zone: str | None,
    currency: str | None,
    date_order: str | None,
    decimal: str | None,
    dry_run: bool,
    yes: bool,
    fact_name: str = "",
) -> None:
    """Import a file, or say what that would do."""
    with database():
        from regulars.customers.importing import imports
        from regulars.kernel.actors import SYSTEM

        _check_names(zone, currency)
        with file.open("rb") as source:
            imported = imports.receive(source, name=file.name, kind=kind, by=SYSTEM)
        try:
            guess = _settled(imported, meanings, has_fact_name=bool(fact_name))
            said = {"zone": zone, "currency": currency, "date_order": date_order, "decimal_mark": decimal}
            plan = _plan(imported, guess, fact_name=fact_name, **said)
        except BaseException:
            imports.discard(imported)
            raise
        shown.meaning(plan, guess, rows_from=file.name)
        shown.unread(guess.unread)
        if dry_run:
            _foresee(imported, plan)
            imports.discard(imported)
            return
        _import(imported, plan, asks=sys.stdin.isatty() and not yes)


def _import(imported: "Import", plan: "Plan", *, asks: bool) -> None:
    from regulars.customers.importing import imports, running
    from regulars.customers.importing.errors import Cancelled
    from regulars.kernel.actors import SYSTEM

    begun = imports.unfinished(imported.digest, kind=imported.kind, plan=plan)
    if begun is not None:
        shown.goes_on(begun)
        imports.discard(imported)
        imported = imports.go_on(begun, by=SYSTEM)
    elif asks:
        _foresee(imported, plan)
        if not click.confirm("Import this?", default=True):
            imports.discard(imported)
            return
    if begun is None:
        imports.keep(imported, plan)
        imports.start(imported, by=SYSTEM)
    try:
        with shown.progress("reading") as reading:
            running.spool_of(imported, progress=reading)
        with shown.progress("importing") as importing:
            imported = running.run(imported, progress=importing)
    except KeyboardInterrupt:
        imports.cancel(imported.pk, by=SYSTEM)
        _stopped(imported)
        raise
    except Cancelled:  # on the page, meanwhile
        _stopped(imported)
        return
    shown.report(imported)
    imports.release(imported)
    imports.tidy()


def _stopped(imported: "Import") -> None:
    from regulars.customers.importing import running

    running.leave(imported.pk)
    imported.refresh_from_db()
    shown.stopped(imported)


def _foresee(imported: "Import", plan: "Plan") -> None:
    from regulars.customers.importing import imports

    imports.keep(imported, plan)
    with shown.progress("reading") as reading:
        imports.check(imported, progress=reading)
    shown.foreseen(imported)


def _settled(imported: "Import", meanings: Sequence[tuple[str, str]], *, has_fact_name: bool) -> "Guess":
    """The guess with what was said put over it; doubts are asked about, or refused where nobody can answer."""
    from regulars.customers.importing import imports, mapping

    guess = mapping.override(mapping.guess(imports.opened(imported), imported.kind), meanings, kind=imported.kind)
    doubts = [doubt for doubt in guess.doubts if not (has_fact_name and doubt.field.name == "name")]
    for doubt in doubts:
        choices = ", ".join(doubt.candidates)
        if not sys.stdin.isatty():
            raise Invalid(
                f"More than one column could be the {doubt.field.label}: {choices}.\n"
                f"Say which: --map {doubt.field.name}=COLUMN (or --map -=COLUMN for those that are not)."
            )
        column = click.prompt(f"Which column is the {doubt.field.label}?", type=click.Choice(doubt.candidates))
        guess = mapping.override(guess, [(doubt.field.name, column)], kind=imported.kind)
    gaps = mapping.missing(guess.columns, kind=imported.kind, has_fact_name=has_fact_name)
    for group in gaps:
        wanted = " or the ".join(str(field.label) for field in group)
        if not sys.stdin.isatty():
            raise Invalid(
                f"No column is known to hold the {wanted}. The file has: {', '.join(guess.columns)}.\n"
                f"Say which one does: --map {group[0].name}=COLUMN"
            )
        column = click.prompt(f"Which column holds the {wanted}?", type=click.Choice(list(guess.columns)))
        guess = mapping.override(guess, [(group[0].name, column)], kind=imported.kind)
    return guess


def _plan(imported: "Import", guess: "Guess", *, fact_name: str, **said: str | None) -> "Plan":
    """The plan; what the file leaves open is asked, or refused with the flag that would say it."""
    from regulars.customers.importing import imports
    from regulars.customers.importing.errors import Unsure

    while True:
        try:
            return imports.decide(imported, guess.columns, fact_name=fact_name, **said)  # type: ignore[arg-type]  # names that click has checked
        except Unsure as doubt:
            if not sys.stdin.isatty():
                flag = FLAGS[doubt.option]
                raise Invalid(f"{doubt}\nSay which: {' or '.join(f'{flag} {one}' for one in doubt.choices)}") from doubt
            click.echo(str(doubt))
            said[doubt.option] = click.prompt("Which is it?", type=click.Choice(doubt.choices))


def _check_names(zone: str | None, currency: str | None) -> None:
    from zoneinfo import available_timezones

    from regulars.kernel.currencies import CURRENCIES

    if zone is not None and zone not in available_timezones():
        raise Invalid(f"“{zone}” is not a time zone. Write one such as Europe/Berlin.")
    if currency is not None and currency not in CURRENCIES:
        raise Invalid(f"“{currency}” is not a currency. Write its three letters, such as EUR.")


@contextmanager
def database() -> Iterator[None]:
    """The database of a running `regulars up`; where none runs, the built-in one is started for as long as needed."""
    data = settings_table.data_directory()
    if not postgres.is_used() or _runs_already(lock := DataLock(data)):
        starting.set_django_up()
        yield
        return
    cluster = postgres.of(data)
    postgres.create(cluster)
    server = postgres.start(cluster, stderr=(data / "postgres.log").open("ab"))
    try:
        postgres.ensure_database(cluster, "regulars")
        starting.set_django_up()
        from regulars.cli import django_side

        django_side.migrate()
        yield
    finally:
        _stop(server)
        del lock


def _stop(server) -> None:
    import signal

    from django.db import connection

    connection.close()
    server.send_signal(signal.SIGINT)
    server.wait(60)


def _runs_already(lock: DataLock) -> bool:
    try:
        lock.take(address="an import")
    except AlreadyRunning:
        return True
    return False

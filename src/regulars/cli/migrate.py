"""`regulars migrate`: bring the database up to this version."""

import click

from regulars.cli.running import environment


@click.command()
def migrate() -> None:
    """Bring the database up to this version. Needed only without `regulars up`, which does it by itself."""
    environment.set_up(process="migrate")
    from regulars.cli import django_side
    from regulars.cli.checks import database
    from regulars.kernel import starting

    database.refuse_what_does_not_suit()
    starting.set_django_up()
    count = django_side.migrate()
    click.echo(f"{count} migrations applied." if count else "The database is up to date.")

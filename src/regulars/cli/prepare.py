"""`regulars prepare`: what must be done once before the web and the worker start."""

import click

from regulars.cli.running import environment, gate
from regulars.cli.running.lines import NOTE


@click.command()
@click.option("--no-migrations", is_flag=True, help="Leave the database as it is.")
@click.option("--gate", "way_to_database", type=int, help="The number of the gate that opens with the database.")
def prepare(no_migrations: bool, way_to_database: int | None) -> None:
    """Migrate, collect static files, and say the link that creates the owner if there is none."""
    environment.set_up(process="prepare")
    from regulars.cli import django_side
    from regulars.cli.checks import database
    from regulars.kernel import starting

    starting.set_django_up()
    django_side.collect_static_files()
    gate.pass_through(way_to_database)
    database.refuse_what_does_not_suit()
    if not no_migrations:
        django_side.migrate()
    link = django_side.first_owner_link()
    if link:
        click.echo(f"{NOTE}\n{NOTE}Create the owner of this installation here (the link works once):\n{NOTE}  {link}")

"""`regulars prepare`: what must be done once before the web and the worker start."""

import click

from regulars.cli.running import environment
from regulars.cli.running.lines import NOTE


@click.command()
@click.option("--no-migrations", is_flag=True, help="Leave the database as it is.")
def prepare(no_migrations: bool) -> None:
    """Migrate, collect static files, and say the link that creates the owner if there is none."""
    environment.set_up(process="prepare")
    from regulars.cli import django_side
    from regulars.cli.checks import database
    from regulars.kernel import starting

    database.refuse_what_does_not_suit()
    starting.set_django_up()
    if not no_migrations:
        django_side.migrate()
    django_side.collect_static_files()
    link = django_side.first_owner_link()
    if link:
        click.echo(f"{NOTE}\n{NOTE}Create the owner of this installation here (the link works once):\n{NOTE}  {link}")

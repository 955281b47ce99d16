"""`regulars link`: the one-time link that creates the owner, once more."""

import click

from regulars.cli.running import environment


@click.command()
@environment.flags
def link() -> None:
    """Print the one-time link that creates the owner. The product must be running."""
    environment.set_up(process="link")
    from regulars.cli import django_side
    from regulars.kernel import starting

    starting.set_django_up()
    click.echo(django_side.first_owner_link() or "There is an owner already: sign in, or ask them to invite you.")

"""`regulars link`: a one-time link, for whoever runs the machine."""

import sys

import click

from regulars.cli.running import environment
from regulars.kernel import starting


@click.command()
@click.argument("email", required=False)
@environment.flags
def link(email: str | None) -> None:
    """Print the link that creates the owner; with EMAIL, one that signs this colleague in. Each works once."""
    environment.set_up(process="link")
    from regulars.cli.checks import database

    database.refuse_what_does_not_suit()
    starting.set_django_up()
    from regulars.cli import django_side
    from regulars.kernel.errors import DomainError

    try:
        click.echo(django_side.sign_in_link(email) if email else django_side.first_owner_link() or _owned())
    except DomainError as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)


def _owned() -> str:
    return "There is an owner already. For a link that signs a colleague in: regulars link EMAIL"

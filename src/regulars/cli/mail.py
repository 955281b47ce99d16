"""`regulars mail`: what the product understands of mail."""

from __future__ import annotations

import click


@click.group()
def mail() -> None:
    """Look at mail as the product does."""


@mail.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
def parse(files: tuple[str, ...]) -> None:
    """Print, one JSON line for each FILE, what is understood of a raw message. Touches no database.

    `-` reads the message from the input. No file makes it fail: what is wrong stands in `error` and `notes`.
    """
    from regulars.cli.mail_parse import line

    for file in files:
        click.echo(line(file))

"""`regulars move in FORMAT PATH`: conversations of another desk or of mailboxes into this one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from regulars.cli.running import environment

FORMATS = ("mbox", "maildir", "zendesk", "freshdesk", "intercom", "helpscout", "chatwoot")


@click.group()
def move() -> None:
    """Move in from another desk or from mailboxes, with every conversation as it was."""


@move.command(name="in")
@click.argument("kind", metavar="FORMAT", type=click.Choice(FORMATS))
@click.argument("path", type=click.Path(exists=True, readable=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would move in, and store nothing.")
@click.option("--channel", "address", metavar="ADDRESS", help="The channel it moves into; the only one when left out.")
@environment.flags
def in_(kind: str, path: Path, dry_run: bool, address: str | None) -> None:
    """Bring in customers, conversations, messages with their times, files, labels and colleagues' names.

    PATH is a file or a folder. Nobody is told of anything and nothing is sent. A second run adds nothing; a
    run that was cut short goes on where it stopped.
    """
    environment.set_up(process="move")
    from regulars.cli import move_run
    from regulars.kernel.errors import DomainError
    from regulars.kernel.postgres import CannotStart

    try:
        move_run.run(kind, path, address=address, is_dry=dry_run)
    except (DomainError, CannotStart) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        click.echo("\nStopped. What moved in stays; run the same command again to go on.", err=True)
        sys.exit(130)

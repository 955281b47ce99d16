"""`regulars move in FORMAT PATH` brings conversations here; `regulars move out DIR` takes everything away."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from regulars.cli.running import environment

FORMATS = ("mbox", "maildir", "zendesk", "freshdesk", "intercom", "helpscout", "chatwoot", "regulars")


@click.group()
def move() -> None:
    """Move in from another desk or from mailboxes, or out with everything there is."""


@move.command(name="in")
@click.argument("kind", metavar="FORMAT", type=click.Choice(FORMATS))
@click.argument("path", type=click.Path(exists=True, readable=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would move in, and store nothing.")
@click.option("--channel", "address", metavar="ADDRESS", help="The channel it moves into; the only one when left out.")
@click.option(
    "--account", metavar="NAME", default="", help="What to call the account it is from, where the export does not say."
)
@click.option(
    "--fetch-files",
    is_flag=True,
    help="Fetch the files the export has only the address of, while the old desk's server has them.",
)
@click.option(
    "--make-agents",
    is_flag=True,
    help="Make colleagues of those it names who are not here: without access until you invite them.",
)
@environment.flags
def in_(
    kind: str, path: Path, dry_run: bool, address: str | None, account: str, fetch_files: bool, make_agents: bool
) -> None:
    """Bring in customers, conversations, messages with their times, files, labels and colleagues' names.

    PATH is a file or a folder. Nobody is told of anything and nothing is sent. A second run adds nothing; a
    run that was cut short goes on where it stopped.
    """
    environment.set_up(process="move")
    from regulars.cli import move_run
    from regulars.kernel.errors import DomainError
    from regulars.kernel.postgres import CannotStart

    try:
        move_run.run(
            kind, path, address=address, account=account, is_dry=dry_run, fetches=fetch_files, makes=make_agents
        )
    except (DomainError, CannotStart) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        click.echo("\nStopped. What moved in stays; run the same command again to go on.", err=True)
        sys.exit(130)


@move.command(name="files")
@click.option("--again", is_flag=True, help="Try those again that could not be fetched.")
@environment.flags
def files(again: bool) -> None:
    """Fetch the files of what moved in that still lie on the old desks' servers.

    A run that was cut short goes on where it stopped. What cannot be fetched is named with its address and why.
    """
    environment.set_up(process="move")
    from regulars.cli import move_files_run
    from regulars.kernel.errors import DomainError
    from regulars.kernel.postgres import CannotStart

    try:
        move_files_run.run(again=again)
    except (DomainError, CannotStart) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        click.echo("\nStopped. What was fetched stays; run the same command again to go on.", err=True)
        sys.exit(130)


@move.command(name="out")
@click.argument("place", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(("jsonl", "mbox", "both")),
    default="both",
    show_default=True,
    help="JSON lines of everything, mailboxes as mbox, or both.",
)
@click.option(
    "--since",
    type=click.DateTime(("%Y-%m-%d",)),
    metavar="DATE",
    help="Only conversations in which something was said since, and facts since; everything else whole.",
)
@click.option("--no-attachments", is_flag=True, help="Leave the files of messages out.")
@environment.flags
def out(place: Path, form: str, since: datetime | None, no_attachments: bool) -> None:
    """Take everything away: customers, conversations, messages, files, facts, and how the desk is set up.

    DIR is empty or not there yet. It is written beside, as DIR.partial, and is in its place once it is whole;
    a run that was cut short begins anew. No password, key or secret is in it. See docs/reference/move-out.md.
    """
    environment.set_up(process="move")
    from regulars.cli import move_out_run
    from regulars.kernel.errors import DomainError
    from regulars.kernel.postgres import CannotStart

    try:
        move_out_run.run(place, form=form, since=since, with_files=not no_attachments)
    except (DomainError, CannotStart) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        click.echo("\nStopped. What was written lies beside and is thrown away by the next run.", err=True)
        sys.exit(130)

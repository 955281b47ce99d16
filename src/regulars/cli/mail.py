"""`regulars mail`: what the product understands of mail."""

from __future__ import annotations

import sys

import click

from regulars.cli.mail_receive import receive
from regulars.cli.running import environment
from regulars.kernel import starting


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
        click.echo(line(file).encode())  # as UTF-8, whatever the terminal says of itself


@mail.command()
@click.option("--channel", "channel_id", type=int, metavar="ID", help="One channel; every mailbox when left out.")
@click.option(
    "--wait",
    "seconds",
    type=click.FloatRange(0, 3600),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for the mail to come back.",
)
@environment.flags
def test(channel_id: int | None, seconds: float) -> None:
    """Send a mail from a mailbox to itself and say what works and what does not: out, in, SPF, DKIM and DMARC.

    Ends with 1 when something is wrong. What cannot be seen from here is said, and is not wrong.
    """
    environment.set_up(process="mail")
    starting.set_django_up()
    from regulars.cli import mail_test

    wanted = mail_test.channels_to_test(channel_id)
    if not wanted:
        click.echo("There is no such mailbox. Connect one in Settings, Channels.", err=True)
        sys.exit(1)
    is_well = True
    for pk in wanted:
        for finding in mail_test.findings(pk, wait_seconds=seconds):
            mail_test.show(finding)
            is_well = is_well and finding.is_well is not False
    sys.exit(0 if is_well else 1)


mail.add_command(receive)

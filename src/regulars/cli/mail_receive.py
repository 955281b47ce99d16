"""`regulars mail receive`: a door for mail servers."""

import sys

import click

from regulars.cli.running import environment
from regulars.kernel import memory, settings_table, starting


@click.command()
@click.option("--listen", metavar="ADDRESS", help="127.0.0.1:2525, or lmtp:127.0.0.1:2424.")
@environment.flags
def receive(listen: str | None) -> None:
    """Take mail from a mail server by SMTP or LMTP, for the mailboxes there are; Ctrl-C stops it.

    A mail is stored before the mail server hears yes. Without --listen the setting `mail_listen` says where.
    """
    memory.use_few_arenas()
    environment.set_up(process="mail")
    starting.set_django_up()
    from regulars.channels.email import receiver

    try:
        place = receiver.Listen.parse(listen or settings_table.at_start("mail_listen"))
        click.echo(f"taking mail at {place.host}:{place.port}")
        receiver.run(place)
    except ValueError as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(2)
    except OSError as fault:
        click.echo(f"Cannot listen at {listen or settings_table.at_start('mail_listen')}: {fault.strerror}.", err=True)
        sys.exit(1)

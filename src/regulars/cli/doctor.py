"""`regulars doctor`: what is wrong and how to mend it."""

import sys

import click

from regulars.cli.running import environment


@click.command()
@environment.flags
def doctor() -> None:
    """Look at every part of this installation; each line says ok, warn or bad, and the remedy."""
    environment.set_up(process="doctor")
    from regulars.cli.checks import every_finding

    findings = list(every_finding(_show))
    worst = {finding.mark for finding in findings}
    click.echo()
    if "bad" in worst:
        click.echo("Something is wrong; the lines marked bad say what to do.")
        sys.exit(1)
    click.echo("Worth a look; nothing is broken." if "warn" in worst else "All is well.")


def _show(mark: str, what: str, remedy: str) -> None:
    colour = {"ok": "green", "warn": "yellow", "bad": "red"}[mark]
    click.echo(f"{click.style(f'{mark:<5}', fg=colour, bold=mark != 'ok')} {what}")
    if remedy:
        click.echo(f"      → {remedy}")

"""`regulars fill`: the sample shop and its owner, once; then a link to sign in with."""

import json
import shlex
import sys
import time
from pathlib import Path

import click

from regulars.cli.running import environment
from regulars.cli.running.lines import NOTE
from regulars.kernel import settings_table, starting

OWNER = "ines@shop.example"
OWNER_NAME = "Ines Weber"


@click.command()
@click.option("--customers", type=int, default=3000)
@click.option("--seed", type=int, default=1)
def fill(customers: int, seed: int) -> None:
    """Load the sample shop unless it is there; refuse where somebody else's customers are."""
    environment.set_up(process="shop")
    starting.set_django_up()
    marker = settings_table.data_directory() / "sample-shop.json"
    if not marker.exists() and _has_facts():
        click.echo("There are customers here already, and not the sample shop's. Nothing was added.")
        click.echo("Choose another directory for the demo: regulars demo --data DIRECTORY")
        sys.exit(1)
    if _is_loaded(marker):
        click.echo("the sample shop is there already")
    else:
        _load(marker, customers=customers, seed=seed)
    _say_how_to_sign_in()


def _load(marker: Path, *, customers: int, seed: int) -> None:
    """Load, marked before and after, so that a load that was cut short is finished the next time."""
    from regulars.cli import sample_shop

    click.echo(f"opening a sample shop with {customers:,} customers …")
    began = time.monotonic()
    marker.write_text(json.dumps({"customers": customers, "seed": seed, "is_loaded": False}))
    sample_shop.load(customers, seed)
    marker.write_text(json.dumps({"customers": customers, "seed": seed, "is_loaded": True}))
    click.echo(f"the shop is open ({time.monotonic() - began:.1f} s)")


def _is_loaded(marker: Path) -> bool:
    return marker.exists() and json.loads(marker.read_text())["is_loaded"]


def _has_facts() -> bool:
    from regulars.kernel import tail

    return bool(tail.read(tail.START, 1))


def _say_how_to_sign_in() -> None:
    from regulars.accounts import roles, selectors
    from regulars.accounts.actions import agents, one_time_links
    from regulars.kernel.actors import SYSTEM

    if selectors.agent_by_email(OWNER) is None:
        agents.add(OWNER, role=roles.OWNER, name=OWNER_NAME, by=SYSTEM)
    link = one_time_links.sign_in_link(OWNER)
    for line in ("", f"Sign in as {OWNER_NAME}, the owner (the link works once, for ten minutes):", f"  {link}"):
        click.echo(f"{NOTE}{line}")
    click.echo(f"{NOTE}Another one: regulars link {OWNER} --data {shlex.quote(settings_table.at_start('data'))}")

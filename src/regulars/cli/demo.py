"""`regulars demo`: everything, on data of its own, with a living sample shop."""

import os

import click

from regulars.cli.running import environment, listening
from regulars.cli.up import refusals_said, run_everything
from regulars.kernel import settings_table

DATA = "./var-demo"


@click.command()
@click.option("--customers", type=click.IntRange(1), default=3000, show_default=True, help="How large the shop is.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same shop.")
@environment.flags
@click.pass_context
def demo(context: click.Context, customers: int, seed: int) -> None:
    """Run everything with a living sample shop, in ./var-demo unless told otherwise. Ctrl-C stops it."""
    os.environ.setdefault(settings_table.TABLE["data"].variable, DATA)
    os.environ.setdefault(settings_table.TABLE["mail_url"].variable, "log:")  # the shop's customers do not exist
    with refusals_said():
        _choose_a_port()
    run_everything(shop=("fill", "--customers", str(customers), "--seed", str(seed)))


def _choose_a_port() -> None:
    """Whoever named no port only wants to look: the next free one will do."""
    setting = settings_table.TABLE["port"]
    if settings_table.from_environment("port"):
        return
    host, port = settings_table.at_start("host"), int(setting.default)
    try:
        listening.listen(host, port).close()
    except listening.CannotListen:
        os.environ[setting.variable] = str(listening.free_port(host, above=port))

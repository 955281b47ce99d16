"""`regulars warm`: compile the kernels into the cache, so that nobody waits for it later."""

import click

from regulars.cli.running import environment, kernels


@click.command()
def warm() -> None:
    """Compile the library's kernels into the cache. Quick when they are there."""
    environment.set_up(process="kernels")
    kernels.compile_all()

"""`regulars warm`: make what is kept with the environment, so that nobody waits for it later."""

import os

import click

from regulars.cli.running import environment

GIVES_WAY = 15


@click.command()
def warm() -> None:
    """Compile the library's kernels into the cache, and make the charts' module. Nothing is done a second time.

    It runs beside a product that has just started, and gives way to whoever opens a page: what a page needs it loads
    from the cache by itself, which takes a part of a second.
    """
    os.nice(GIVES_WAY)
    environment.set_up(process="kernels")
    from regulars.insights import compiled
    from regulars.web import charts

    charts.shared_bundle()
    if compiled.is_kept():
        return
    import tenure

    tenure.warm()
    compiled.note()

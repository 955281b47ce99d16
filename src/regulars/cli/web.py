"""`regulars web`: the pages and the tracking interface alone, on a database that runs elsewhere."""

import click

from regulars.cli.running import environment, house, listening
from regulars.cli.running.gate import Gate
from regulars.cli.running.lines import Lines
from regulars.cli.running.tree import Stopping, Tree
from regulars.cli.up import refusals_said, sweep_metrics
from regulars.kernel import settings_table


@click.command()
@environment.flags
def web() -> None:
    """Serve the pages and the tracking interface. The database must run and be migrated already."""
    lines = Lines()
    with refusals_said():
        doors = listening.listen(settings_table.at_start("host"), settings_table.number("port"))
        sweep_metrics()
        with Tree(lines) as tree:
            try:
                to_serving = Gate()
                runs = [tree.start(program) for program in house.webs(doors, to_serving)]
                tree.step(house.step("prepare", "prepare", "--no-migrations"))
                to_serving.open()
                tree.until(lambda: any(run.notes for run in runs))
                tree.start(house.step("kernels", "warm"))
                lines.say(f"ready at {environment.address()} — Ctrl-C stops it")
                tree.forever()
            except Stopping:
                lines.say("stopping …")
        lines.say("stopped")

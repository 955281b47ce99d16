"""`regulars up`: everything on this machine, as one process tree."""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from regulars.cli.running import environment, house, listening
from regulars.cli.running.data_lock import AlreadyRunning, DataLock
from regulars.cli.running.gate import Gate
from regulars.cli.running.lines import Lines
from regulars.cli.running.tree import StepFailed, Stopping, Tree
from regulars.kernel import postgres, settings_table

DATABASE_WAIT_SECONDS = 120
LOOK_EVERY_SECONDS = 0.05
FIRST_PAGE_SECONDS = 2.0


@click.command()
@environment.flags
def up() -> None:
    """Run everything on this machine: database, web and worker. Ctrl-C stops it."""
    run_everything()


def run_everything(*, shop: tuple[str, ...] | None = None) -> None:
    """Start, serve until asked to stop, stop. `shop` is the command that fills a new installation."""
    began = time.monotonic()
    lines = Lines()
    with refusals_said():
        lock = DataLock(settings_table.data_directory())
        lock.take(address=environment.address())
        doors = listening.listen(settings_table.at_start("host"), settings_table.number("port"))
        sweep_metrics()
        with Tree(lines) as tree:
            try:
                _start_all(tree, doors, shop=shop, began=began)
                tree.forever()
            except Stopping:
                lines.say("stopping …")
        lines.say("stopped")


@contextmanager
def refusals_said() -> Iterator[None]:
    """Say why it cannot start, without a stack trace, and exit with 1."""
    try:
        yield
    except (AlreadyRunning, listening.CannotListen, StepFailed, postgres.CannotStart) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)


def sweep_metrics() -> None:
    """Remove the counters of processes that are gone."""
    folder = settings_table.data_directory() / "metrics"
    for file in folder.glob("*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            file.unlink(missing_ok=True)


def _start_all(tree: Tree, doors: socket.socket, *, shop: tuple[str, ...] | None, began: float) -> None:
    """Start everything side by side.

    What takes long is loading, which needs no database: preparing and the first web process load while it starts, and
    wait at a gate. The other web processes come a moment after the first: loading, they would be in its way, and in
    that of whoever has been waiting for the first page.
    """
    to_database, to_serving = Gate(), Gate()
    preparing = tree.start(house.prepare(gate=to_database))
    first, *others = house.webs(doors, to_serving)
    web = tree.start(first)
    if postgres.is_used():
        _start_database(tree)
    to_database.open()
    notes = tree.end_of(preparing)
    tree.start(house.worker())
    if shop:
        notes = tree.step(house.step("shop", *shop))
    if listen := settings_table.at_start("mail_listen"):
        tree.start(house.mail_door(listen))
    to_serving.open()
    tree.until(lambda: bool(web.notes))  # it says so once it serves
    tree.lines.say(f"ready in {time.monotonic() - began:.1f} s at {environment.address()} — Ctrl-C stops it")
    for note in notes:
        tree.lines.plain(note)
    served_at = time.monotonic()
    tree.until(lambda: time.monotonic() - served_at > FIRST_PAGE_SECONDS)
    for program in [*others, house.step("kernels", "warm")]:
        tree.start(program)


def _start_database(tree: Tree) -> None:
    data = settings_table.data_directory()
    cluster = postgres.of(data)
    if not cluster.directory.is_relative_to(data):
        tree.lines.say(f"the database is kept in {cluster.directory}: as root, PostgreSQL cannot be in {data}")
    postgres.create(cluster)
    deadline = time.monotonic() + DATABASE_WAIT_SECONDS
    tree.until(lambda: postgres.still_stopping(cluster) is None or time.monotonic() > deadline)
    tree.start(house.database(cluster))
    tree.until(
        lambda: (tree.is_alive("database") and postgres.answers(cluster)) or time.monotonic() > deadline,
        look_every_seconds=LOOK_EVERY_SECONDS,
    )
    if time.monotonic() > deadline:
        raise postgres.CannotStart("The database did not start; its reason stands above.")
    postgres.ensure_database(cluster, "regulars")

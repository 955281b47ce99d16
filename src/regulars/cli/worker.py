"""`regulars worker`: jobs, the schedule, and the loops that follow the log."""

import asyncio
import signal
import threading

import click

from regulars.cli.running import environment
from regulars.kernel import memory, starting
from regulars.kernel.room import DISK_IS_FULL, is_out_of_room

CONCURRENCY = 4
POLLING_SECONDS = 0.5
GRACE_SECONDS = 8.0
PAUSE_SECONDS = 1.0


@click.command()
@environment.flags
def worker() -> None:
    """Do the jobs, keep the schedule, and follow the log of facts."""
    memory.use_few_arenas()
    environment.set_up(process="worker")
    starting.set_django_up()
    stopping = threading.Event()
    from regulars.kernel import following

    loops = following.start(stopping)
    try:
        asyncio.run(_work(stopping))
    finally:
        stopping.set()
        for loop in loops:
            loop.thread.join(GRACE_SECONDS)


async def _work(stopping: threading.Event) -> None:
    """Work until told to stop; a database that goes away is waited for."""
    import structlog

    log = structlog.get_logger(__name__)
    loop = asyncio.get_running_loop()
    task: asyncio.Task[None] | None = None

    def stop() -> None:
        stopping.set()
        if task is not None:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    while not stopping.is_set():
        task, why = asyncio.create_task(_work_once()), {}
        try:
            await task
        except asyncio.CancelledError:
            break
        except Exception as fault:  # whatever it is, jobs are in the database and wait
            log.debug("because", exc_info=fault)
            why = {"fault": DISK_IS_FULL} if is_out_of_room(fault) else {}
        if not stopping.is_set():  # it gives up when its schedule does, as when the database restarts
            log.warning("the worker lost its footing and starts again", **why)
            await asyncio.sleep(PAUSE_SECONDS)


async def _work_once() -> None:
    from asgiref.sync import sync_to_async
    from django.db import connections

    from regulars.kernel import working
    from regulars.kernel.following import DEAD_AFTER_SECONDS, HEARTBEAT_SECONDS

    # The schedule speaks through Django's connection of this very thread; a dead one is never renewed.
    await sync_to_async(connections.close_all)()
    async with working.as_a_worker() as worker:
        await worker.run_worker_async(
            concurrency=CONCURRENCY,
            fetch_job_polling_interval=POLLING_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=DEAD_AFTER_SECONDS,
            shutdown_graceful_timeout=GRACE_SECONDS,
            install_signal_handlers=False,
        )

"""A worker for stories: it does the jobs that wait, and goes."""

import asyncio
import threading


def work(*, ticks: bool = True) -> None:
    """Do the jobs that wait, as a worker would; in a thread, because the browser's loop runs in this one.

    Without `ticks` nothing is done that only the timetable asks for.
    """
    from procrastinate.periodic import PeriodicRegistry

    from regulars.kernel import working

    async def jobs() -> None:
        async with working.as_a_worker() as worker:
            worker.periodic_registry = worker.periodic_registry if ticks else PeriodicRegistry()
            await worker.run_worker_async(wait=False, install_signal_handlers=False)

    def alone() -> None:
        asyncio.run(jobs())
        from django.db import connections

        connections.close_all()

    thread = threading.Thread(target=alone)
    thread.start()
    thread.join()

"""A worker for stories: it does the jobs that wait, and goes."""

import asyncio
import threading


def work() -> None:
    """Do the jobs that wait, as a worker would; in a thread, because the browser's loop runs in this one."""
    from procrastinate.contrib.django import app

    async def jobs() -> None:
        working = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # the connector is Django's
        async with working.open_async():
            await working.run_worker_async(wait=False, install_signal_handlers=False)

    def alone() -> None:
        asyncio.run(jobs())
        from django.db import connections

        connections.close_all()

    thread = threading.Thread(target=alone)
    thread.start()
    thread.join()

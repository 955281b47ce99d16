"""Is everything well? Asked over one connection of its own, so that a full house still answers.

Each part says `ok`, or in words what is wrong. The whole is bounded in time: a database that hangs
is unwell, not a reason to hang.
"""

import asyncio
from dataclasses import asdict, dataclass, field
from typing import Any

import psycopg

from regulars.kernel import room
from regulars.kernel.database_url import connection_string
from regulars.kernel.tail import CONSUMERS

TIME_LIMIT_SECONDS = 2.0
HEARTBEAT_LIMIT_SECONDS = 20
STANDING_STILL_SECONDS = 120
LAG_COUNTED_TO = 10_000
LEAST_FREE_BYTES = 256 * 1024 * 1024

_WORKERS = "SELECT extract(epoch FROM now() - max(last_heartbeat))::float FROM procrastinate_workers"
_JOBS = "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs WHERE status <> 'succeeded' GROUP BY 1, 2"
_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
_CURSOR = """
SELECT coalesce(max(epoch), 0), coalesce(max(tx), 0), coalesce(max(fact_id), 0),
       extract(epoch FROM now() - max(moved_at))::float
FROM kernel_cursor WHERE consumer = %s
"""
# The position is given as values, so that the primary key answers whatever the log's size.
_AHEAD = """
SELECT count(*) FROM (SELECT 1 FROM kernel_fact WHERE (epoch, tx, id) > (%s, %s, %s) LIMIT %s) AS ahead
"""

# What was taken in and waits for its effect: the name and a question for how many and since how many seconds.
BACKLOGS: dict[str, str] = {}

# What may not work though every process does: the name and a question for what is wrong, in words, or null.
TROUBLES: dict[str, str] = {}


@dataclass
class Health:
    """What was found; `unwell` names each part that is not as it should be."""

    database: str = "ok"
    worker_seconds: float | None = None
    lag: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    waiting_seconds: dict[str, float] = field(default_factory=dict)
    jobs: dict[str, dict[str, int]] = field(default_factory=dict)
    connections: int | None = None
    free_bytes: int | None = None
    unwell: dict[str, str] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        return not self.unwell

    @property
    def can_serve(self) -> bool:
        """Whether pages and calls are answered as they should: somebody else's mail server is no reason to be left."""
        return not self.unwell.keys() - TROUBLES.keys()

    def as_json(self) -> dict[str, Any]:
        """For /healthz."""
        return {"status": "ok" if self.is_well else "unwell", **asdict(self)}


class Examiner:
    """Asks, with one connection kept between questions; one question at a time."""

    def __init__(self) -> None:
        self._connection: psycopg.AsyncConnection | None = None
        self._turn = asyncio.Lock()

    async def examine(self) -> Health:
        """Look at every part, within the time limit."""
        health = Health()
        try:
            async with asyncio.timeout(TIME_LIMIT_SECONDS):
                async with self._turn:
                    await self._ask_twice(health)
        except TimeoutError:
            await self._unwell(health, f"no answer within {TIME_LIMIT_SECONDS:.0f} seconds")
        except (psycopg.Error, OSError) as fault:
            await self._unwell(health, f"{type(fault).__name__}: {str(fault).splitlines()[0] if str(fault) else ''}")
        _look_at_the_disk(health)
        return health

    async def close(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _ask_twice(self, health: Health) -> None:
        """The kept connection may have died with a server that has long started again: ask anew, once."""
        try:
            await self._ask_the_database(health)
        except psycopg.OperationalError:
            await self.close()
            await self._ask_the_database(health)

    async def _unwell(self, health: Health, words: str) -> None:
        health.database = health.unwell["database"] = words
        await self.close()

    async def _ask_the_database(self, health: Health) -> None:
        connection = await self._connected()
        await self._ask_about_the_worker(connection, health)
        for name in CONSUMERS:
            await self._ask_about_lag(connection, health, name)
        for name, question in BACKLOGS.items():
            await self._ask_what_waits(connection, health, name, question)
        for name, question in TROUBLES.items():
            (words,) = await _one(connection, question)
            if words:
                health.unwell[name] = words
        async for queue, status, count in await connection.execute(_JOBS):
            health.jobs.setdefault(queue, {})[status] = count
        health.connections = (await _one(connection, _CONNECTIONS))[0]

    async def _connected(self) -> psycopg.AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(
                connection_string(), autocommit=True, connect_timeout=2, application_name="regulars health"
            )
        return self._connection

    async def _ask_about_the_worker(self, connection: psycopg.AsyncConnection, health: Health) -> None:
        (health.worker_seconds,) = await _one(connection, _WORKERS)
        if health.worker_seconds is None:
            health.unwell["worker"] = "no worker is running"
        elif health.worker_seconds > HEARTBEAT_LIMIT_SECONDS:
            health.unwell["worker"] = f"no sign of life for {health.worker_seconds:.0f} seconds"

    async def _ask_about_lag(self, connection: psycopg.AsyncConnection, health: Health, name: str) -> None:
        *position, still_seconds = await _one(connection, _CURSOR, name)
        (lag,) = await _one(connection, _AHEAD, *position, LAG_COUNTED_TO)
        health.lag[name] = lag
        if lag and still_seconds is not None and still_seconds > STANDING_STILL_SECONDS:
            health.unwell[name] = f"stands still {lag} facts behind, for {still_seconds:.0f} seconds"

    async def _ask_what_waits(
        self, connection: psycopg.AsyncConnection, health: Health, name: str, question: str
    ) -> None:
        count, seconds = await _one(connection, question)
        health.waiting[name], health.waiting_seconds[name] = count, round(seconds, 3)
        if seconds > STANDING_STILL_SECONDS:
            health.unwell[name] = f"{count} wait, the oldest for {seconds:.0f} seconds"


async def _one(connection: psycopg.AsyncConnection, query: str, *parameters: object) -> tuple[Any, ...]:
    row = await (await connection.execute(query, parameters)).fetchone()  # type: ignore[arg-type]  # ours
    assert row is not None  # every question here is an aggregate
    return row


def _look_at_the_disk(health: Health) -> None:
    health.free_bytes = room.free_bytes()
    if health.free_bytes < LEAST_FREE_BYTES:
        health.unwell["disk"] = f"only {health.free_bytes // 1024**2} MB are free"

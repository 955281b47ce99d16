"""The loops a worker keeps up beside its jobs: following the log, and picking up fallen jobs.

Each runs in a thread of its own with a connection of its own. A fault (a database that restarts, a
consumer that fails) is said, waited out with growing pauses, and tried again.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from asgiref.sync import async_to_sync
from django.db import OperationalError, close_old_connections, connection
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from regulars.kernel import metrics, tail, working
from regulars.kernel.room import DISK_IS_FULL, is_out_of_room

log = structlog.get_logger(__name__)

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
HEARTBEAT_SECONDS = 2.0
DEAD_AFTER_SECONDS = 12.0
LOOK_EVERY_SECONDS = 3.0
MOST_STARTS = 10

# What else a worker keeps up, by name: each returns how long to pause before its next turn.
LOOPS: dict[str, Callable[[], float]] = {}


@dataclass
class Loop:
    """Something done again and again; `turn` returns how long to pause before the next."""

    name: str
    turn: Callable[[], float]
    stopping: threading.Event
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def _run(self) -> None:
        patience = FIRST_PAUSE_SECONDS
        while not self.stopping.is_set():
            try:
                close_old_connections()
                pause, patience = self.turn(), FIRST_PAUSE_SECONDS
            except (OperationalError, ConnectorException) as fault:
                what = DISK_IS_FULL if is_out_of_room(fault) else "the database does not answer"
                log.warning(what, loop=self.name, again_in_seconds=patience)
                connection.close()
                pause, patience = patience, min(2 * patience, LONGEST_PAUSE_SECONDS)
            except Exception:
                log.exception("a loop failed and goes on", loop=self.name, again_in_seconds=patience)
                connection.close()
                pause, patience = patience, min(2 * patience, LONGEST_PAUSE_SECONDS)
            self.stopping.wait(pause)
        connection.close()


def start(stopping: threading.Event) -> list[Loop]:
    """Start every loop; they end soon after `stopping` is set."""
    loops = [Loop(f"follow {name}", _follow(name), stopping) for name in tail.CONSUMERS]
    loops += [Loop(name, turn, stopping) for name, turn in LOOPS.items()]
    loops.append(Loop("pick up fallen jobs", _pick_up_fallen, stopping))
    for loop in loops:
        loop.thread.start()
    return loops


def _follow(name: str) -> Callable[[], float]:
    def turn() -> float:
        reader = tail.CONSUMERS[name]
        try:
            count = tail.advance(name)
        except Exception:
            metrics.consumer_failures.labels(name).inc()
            raise
        metrics.facts_followed.labels(name).inc(count)
        return 0.0 if count >= reader.batch else reader.pause_seconds

    return turn


def _pick_up_fallen() -> float:
    pick_up_fallen_jobs()
    return LOOK_EVERY_SECONDS


def pick_up_fallen_jobs() -> int:
    """Queue again the jobs whose worker died under them; returns how many.

    One that has brought its worker down many times is left as failed, where it is shown.
    """
    manager = working.job_manager()
    fallen = list(async_to_sync(manager.get_stalled_jobs)(seconds_since_heartbeat=DEAD_AFTER_SECONDS))
    for job in fallen:
        if job.attempts >= MOST_STARTS:
            log.error("a job fell too often and is given up", task=job.task_name, job_id=job.id)
            async_to_sync(manager.finish_job)(job, Status.FAILED, delete_job=False)
        else:
            log.warning("a job whose worker died is queued again", task=job.task_name, job_id=job.id)
            async_to_sync(manager.retry_job)(job)
    return len(fallen)

"""The log: readable lines, or one JSON object a line; a request id in each, personal data in none.

Libraries put into their messages what people typed and who they are: the path of a page (a
one-time link is a path), the arguments of a job. Those messages are rewritten here to say which
page or job, and no more. What is said of exceptions is up to `kernel.traces`.
"""

import logging
import os
import sys
import threading
from types import TracebackType
from typing import Any, TextIO

import psycopg
import structlog

from regulars.kernel import settings_table, traces
from regulars.kernel.room import DISK_IS_FULL, is_out_of_room

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
QUIET = ("asyncio", "numba", "fontTools", "django.db.backends", "django.template")
STRANGE_HOST = "a request for another host was refused; REGULARS_PUBLIC_URL says which address is ours"


def configure(*, out: TextIO | None = None) -> None:
    """Send every logger of this process to standard output, in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out or sys.stdout)
    handler.addFilter(discreet)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*_rendering()]),
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(LEVELS.get(settings_table.at_start("log_level"), logging.INFO))
    _quieten()
    sys.excepthook = _uncaught
    threading.excepthook = lambda died: _uncaught(died.exc_type, died.exc_value, died.exc_traceback)
    logging.raiseExceptions = bool(settings_table.at_start("debug"))  # a line that cannot be made shows its values


def discreet(record: logging.LogRecord) -> bool:
    """Rewrite what libraries say about requests and jobs so that it names no person."""
    if isinstance(record.msg, dict):  # ours, through structlog: we answer for what it says
        return True
    if record.exc_info and is_out_of_room(record.exc_info[1]):
        record.msg, record.args, record.exc_info = "%s: %s", (_about(record), DISK_IS_FULL), None
    elif record.exc_info and _is_outage(record.exc_info[1]):
        # Where in a library the connection broke helps nobody; that it did, and who noticed, does.
        record.msg, record.args, record.exc_info = "%s: the database does not answer", (record.name,), None
    elif record.name == "asyncio":  # below its first line it shows the task, with the exception's message
        record.msg, record.args = record.getMessage().partition("\n")[0], None
    elif record.name == "django.security.DisallowedHost":  # by a stranger, as often as they like, with what they like
        record.msg, record.args, record.exc_info = STRANGE_HOST, None, None
    elif record.name.startswith("django.request"):
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        record.msg, record.args = "the page %s failed", (match.route if match else "(unknown)",)
    elif isinstance(job := getattr(record, "job", None), dict):
        record.msg = "job %s (%s): %s"
        record.args = (job.get("task_name"), job.get("id"), getattr(record, "action", ""))
    return True


def _about(record: logging.LogRecord) -> str:
    job = getattr(record, "job", None)
    return f"job {job.get('task_name')} ({job.get('id')})" if isinstance(job, dict) else record.name


def _is_outage(fault: BaseException | None) -> bool:
    while fault is not None:
        if isinstance(fault, psycopg.OperationalError):
            return True
        fault = fault.__cause__
    return False


def _rendering() -> list[Any]:
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    trace = structlog.processors.ExceptionRenderer(traces.formatted)
    if settings_table.at_start("log_format") == "json":
        return [remove, _with_process, trace, structlog.processors.JSONRenderer()]
    return [remove, trace, readable]


def _uncaught(kind: type[BaseException], fault: BaseException | None, trace: TracebackType | None) -> None:
    """What nobody caught is logged like the rest, instead of printed by Python with its message."""
    if fault is None or issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, fault or kind(), trace)
    elif not issubclass(kind, SystemExit):
        structlog.get_logger(__name__).error("a fault nobody expected", exc_info=(kind, fault, trace))


def _with_process(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {**event, "process": os.environ.get("REGULARS_PROCESS", "regulars")}


def readable(logger: Any, method: str, event: dict[str, Any]) -> str:
    """`12:00:01 info    what happened  key=value`, then the stack trace if there is one."""
    from datetime import datetime

    at = datetime.fromisoformat(event.pop("at")).astimezone().strftime("%H:%M:%S")
    level, what, trace = event.pop("level"), event.pop("event"), event.pop("exception", None)
    rest = " ".join(f"{key}={value}" for key, value in event.items())
    line = f"{at} {level:<8}{what}" + (f"  {rest}" if rest else "")
    return f"{line}\n{trace}" if trace else line


def _quieten() -> None:
    """Django says 4xx answers as warnings with their path; procrastinate each start and end of a job."""
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.getLogger("django").handlers[:] = []
    if settings_table.at_start("log_level") != "debug":
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it reports each try while a server restarts

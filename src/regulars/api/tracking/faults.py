"""What the tracking threads do when the database is away, or something happens that nobody foresaw."""

import traceback
from collections.abc import Callable
from typing import TypeVar

import structlog
from django.db import connection
from psycopg import errors

from regulars.api.tracking.refusals import no_room, unavailable
from regulars.customers.tracking.settling import PASSING
from regulars.kernel.room import DISK_IS_FULL, is_out_of_room

_ATTEMPTS = 4
_T = TypeVar("_T")
_log = structlog.get_logger("regulars.tracking")


def steadily(ask: Callable[[], _T]) -> _T:
    """Try again after a lost connection or a deadlock; what is asked may be repeated."""
    for attempt in range(_ATTEMPTS):
        try:
            return ask()
        except (errors.DeadlockDetected, errors.SerializationFailure):
            continue
        except PASSING as error:
            if isinstance(error.__cause__, errors.DeadlockDetected):
                continue
            if is_out_of_room(error):
                _log.error(DISK_IS_FULL)
                raise no_room() from error
            connection.close()
            if attempt:  # the first may have been a connection that died while nobody used it
                raise unavailable() from error
    raise unavailable()


def noted(fault: Exception) -> None:
    """Note the place and the kind of fault; never its words or values, which may be about a person."""
    where = "".join(traceback.format_tb(fault.__traceback__))
    _log.error("a tracking thread met something unforeseen", fault=type(fault).__name__, where=where)
    connection.close()

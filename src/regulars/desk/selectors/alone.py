"""One question to the database that has an end, and for which no second process is started."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from psycopg.errors import QueryCanceled

LONGEST: Final = 3_600.0
# In one round trip with what is asked, and over with it: several statements at once are a transaction.
_ALONE: Final = (
    "SET LOCAL statement_timeout = {milliseconds}; SET LOCAL max_parallel_workers_per_gather = 0;"
    " SET LOCAL work_mem = '32MB'; "
)
_AS_BEFORE: Final = (
    "; SET LOCAL statement_timeout TO DEFAULT; SET LOCAL max_parallel_workers_per_gather TO DEFAULT;"
    " SET LOCAL work_mem TO DEFAULT"
)


class OutOfTime(Exception):
    """It takes longer than anybody waits."""


def ask(sql: str, values: Sequence[Any] = (), *, seconds: float) -> list[tuple[Any, ...]]:
    """The rows of one statement; `OutOfTime` when it takes longer.

    With less memory for its lists of rows, PostgreSQL would keep whole pages in them and look at all their rows again.
    """
    milliseconds = max(1, round(1_000 * min(seconds, LONGEST)))
    is_within = connection.in_atomic_block
    try:
        with transaction.atomic() if is_within else nullcontext(), connection.cursor() as cursor:
            cursor.execute(_ALONE.format(milliseconds=milliseconds) + sql + (_AS_BEFORE if is_within else ""), values)
            for _ in range(_ALONE.count(";")):
                cursor.nextset()
            return cursor.fetchall()
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise OutOfTime from error
        raise


def rows(wanted: QuerySet[Any, Any], *, seconds: float) -> list[tuple[Any, ...]]:
    """The same of what is asked for in Django's way, by `values_list`."""
    try:
        sql, values = wanted.query.sql_with_params()
    except EmptyResultSet:
        return []
    return ask(sql, values, seconds=seconds)

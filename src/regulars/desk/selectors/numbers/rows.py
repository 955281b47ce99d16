"""Asking the database, and what comes back by whole, by step and by group."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import connection, transaction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parts(Generic[T]):
    """One figure over everything asked about, over each step and over each group."""

    whole: T
    steps: dict[date, T] = field(default_factory=dict)
    groups: dict[str, T] = field(default_factory=dict)


def fetch(sql: str, given: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        yield from cursor.fetchall()


def fetch_gathered(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a query that gathers very many into a few groups.

    PostgreSQL cannot know that they are few, and would sort everything to be safe; with room for them
    in memory it need not.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL work_mem = '256MB'")
        cursor.execute(sql, given)
        rows = cursor.fetchall()
        cursor.execute("SET LOCAL enable_sort TO DEFAULT; SET LOCAL work_mem TO DEFAULT")
        return rows

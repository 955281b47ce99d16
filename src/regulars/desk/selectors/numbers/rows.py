"""Asking the database, and what comes back by whole, by step and by group."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import connection

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

"""What jobs that wait are to do."""

import json
from typing import Any

from django.db import connection


def arguments_of(task: str) -> list[dict[str, Any]]:
    """The arguments of the jobs of one kind, in the order in which they were queued."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [task])
        return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]

"""Everything there is, as it stands: every row of every table, every file, and what left the house."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core import mail
from django.db import connection

from tests.jobs.house import House

Standing = dict[str, list[str]]

# What says only that something was tried, and what belongs to the queue itself.
NOT_COMPARED = frozenset({"procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers"})
_ROW = {
    # An event's own name is made anew with each event; how often a job was tried is the queue's business.
    "procrastinate_jobs": "jsonb_build_array(task_name, args #- '{{payload,id}}', lock, queueing_lock, scheduled_at)",
    "channels_incoming": "to_jsonb(one) - 'attempts'",
    # Written anew as a whole, each time.
    "desk_episode": "to_jsonb(one) - 'id'",
    "desk_turn": "to_jsonb(one) - 'id' - 'episode_id'",
}
_SEQUENCES = """
SELECT seq.oid::regclass::text, rel.oid::regclass::text, att.attname FROM pg_class AS seq
JOIN pg_depend AS dep ON dep.objid = seq.oid AND dep.deptype IN ('a', 'i')
JOIN pg_class AS rel ON rel.oid = dep.refobjid
JOIN pg_attribute AS att ON att.attrelid = rel.oid AND att.attnum = dep.refobjsubid
WHERE seq.relkind = 'S' AND rel.relnamespace = 'public'::regnamespace
"""


def now(house: House) -> Standing:
    """How all stands at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(_every_row())
        found: Standing = {table: rows for table, rows in cursor.fetchall() if rows}
    there = sorted(path for path in Path(settings.DATA).rglob("*") if path.is_file())
    found["files"] = [f"{path.relative_to(settings.DATA)} {_digest(path)}" for path in there]
    found["left the house"] = [*map(str, house.left), *(f"{each.to} {each.subject}" for each in mail.outbox)]
    return {name: rows for name, rows in found.items() if rows}


def between(before: Standing, after: Standing) -> dict[str, list[str]]:
    """What is there more or less than before, by table."""
    told: dict[str, list[str]] = {}
    for name in before.keys() | after.keys():
        was, is_ = before.get(name, []), after.get(name, [])
        changed = [f"- {row}" for row in was if row not in is_] + [f"+ {row}" for row in is_ if row not in was]
        if changed or len(was) != len(is_):
            told[name] = changed or [f"{len(was)} -> {len(is_)}"]
    return told


def number_from_the_last() -> None:
    """Let new rows have the numbers they would have had: what is rolled back takes its numbers with it."""
    with connection.cursor() as cursor:
        cursor.execute(_numbering())


@cache
def _every_row() -> str:
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name not in NOT_COMPARED]
    return " UNION ALL ".join(
        f"SELECT '{name}', array_agg({_row(name)} ORDER BY {_row(name)}) FROM \"{name}\" AS one" for name in names
    )


def _row(table: str) -> str:
    return f"({_ROW.get(table, 'to_jsonb(one)')})::text".format()


@cache
def _numbering() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_SEQUENCES)
        found = cursor.fetchall()
    return "SELECT " + ", ".join(
        f"setval('{sequence}', coalesce((SELECT max({column}) FROM {table}), 0) + 1, false)"
        for sequence, table, column in found
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]

"""One day as the database has it, in one statement, so that its rows and its marks are of one moment."""

from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

import numpy as np
from django.db import connection

from regulars.desk.selectors.numbers.days import columns

_DAY: Final = f"""
WITH episodes AS MATERIALIZED (
    SELECT episode.*, row_number() OVER (ORDER BY id) - 1 AS place,
           EXISTS (SELECT 1 FROM desk_episode later WHERE later.conversation_id = episode.conversation_id
                   AND later.ordinal = episode.ordinal + 1) AS is_reopened
    FROM desk_episode episode WHERE opened_at >= %(day)s::timestamp AT TIME ZONE 'UTC'
                              AND opened_at < (%(day)s::date + 1)::timestamp AT TIME ZONE 'UTC'
), turns AS MATERIALIZED (
    SELECT turn.*, episodes.place FROM desk_turn turn JOIN episodes ON episodes.id = turn.episode_id
), kinds AS (
    SELECT coalesce(array_agg(DISTINCT kind), '{{}}') AS names
    FROM (SELECT kind FROM episodes UNION SELECT kind FROM turns) AS each
), worn AS MATERIALIZED (
    SELECT place, label FROM episodes, unnest(labels) AS label ORDER BY place
), labels AS (SELECT coalesce(array_agg(DISTINCT label), '{{}}') AS names FROM worn)
SELECT (SELECT sum(mark)::text FROM desk_episodemark WHERE day = %(day)s), kinds.names, labels.names,
       episode.*, turn.*, label.*
FROM kinds, labels,
     LATERAL (SELECT {columns.gathered("episode")} FROM (SELECT * FROM episodes ORDER BY place) AS episode) AS episode,
     LATERAL (SELECT {columns.gathered("turn")} FROM turns AS turn) AS turn,
     LATERAL (SELECT {columns.gathered("label")} FROM worn) AS label
"""


@dataclass(frozen=True, slots=True)
class Day:
    """One day's columns by kind of row, its words, and the marks it was read with.

    After `latest` nothing of it happened any more; while something is open, that is not yet known.
    """

    version: str
    latest: int
    words: dict[str, list[str]]
    columns: dict[str, dict[str, np.ndarray]]


def day_of(day: date) -> Day:
    """A day as it stands."""
    with connection.cursor() as cursor:
        cursor.execute(_DAY, {"day": day})
        row: Any = cursor.fetchone()
    version, kinds, labels, *sent = row
    rest = iter(sent)
    found = {kind: columns.read(kind, list(islice(rest, len(each)))) for kind, each in columns.COLUMNS.items()}
    return Day(version or "", _latest(found), {"kinds": kinds, "labels": labels}, found)


def _latest(found: dict[str, dict[str, np.ndarray]]) -> int:
    episode, turn = found["episode"], found["turn"]
    if (episode["ended"] == columns.NEVER).any():
        return -columns.NEVER
    moments = (episode["began"], episode["ended"], turn["began"], turn["answered"])
    return max((int(each.max()) for each in moments if each.size), default=columns.NEVER)


def versions(day: date | None = None) -> dict[date, str]:
    """Which marks every day, or one, bears at this moment; whatever is written anew adds one."""
    where = "" if day is None else "WHERE day = %(day)s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT day, sum(mark)::text FROM desk_episodemark {where} GROUP BY day", {"day": day})
        return dict(cursor.fetchall())

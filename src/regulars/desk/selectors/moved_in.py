"""What moved in from other desks, account by account, and which of its files are still there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Count, Q

from regulars.desk.models import FarFile, Origin

CALLED: Final = {
    "zendesk": "Zendesk",
    "freshdesk": "Freshdesk",
    "intercom": "Intercom",
    "helpscout": "Help Scout",
    "chatwoot": "Chatwoot",
}
MOST: Final = 200
FETCH: Final = "desk.fetch_far_files"  # the task that does
_BUSY: Final = """
SELECT DISTINCT (args->>'origin_id')::bigint FROM procrastinate_jobs
WHERE task_name = %s AND status IN ('todo', 'doing')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of another desk, with how many of its files wait, are here, or could not be fetched."""

    pk: int
    name: str
    at: datetime
    waiting: int
    fetched: int
    failed: int
    is_being_fetched: bool


def accounts() -> list[Account]:
    """Every one, the latest first."""
    counts = {state: Count("files", filter=Q(files__state=state)) for state in ("waiting", "fetched", "failed")}
    rows = Origin.objects.annotate(**counts).order_by("-at", "-pk")
    busy = _being_fetched()
    return [
        Account(
            pk=one.pk,
            name=called(one),
            at=one.at,
            is_being_fetched=one.pk in busy,
            **{state: getattr(one, state) for state in counts},
        )
        for one in rows
    ]


def called(origin: Origin) -> str:
    """“Zendesk tea”."""
    return f"{CALLED.get(origin.kind, origin.kind)} {origin.name}".strip()


def failed_files(*, most: int = MOST) -> Sequence[FarFile]:
    """Those that could not be fetched, with their message and why; the last that were tried first."""
    rows = FarFile.objects.filter(state=FarFile.FAILED).select_related("origin", "message").order_by("-tried_at", "-pk")
    return list(rows[:most])


def _being_fetched() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_BUSY, [FETCH])
        return {row[0] for row in cursor.fetchall()}

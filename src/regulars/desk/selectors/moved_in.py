"""What moved in from other desks, account by account, and which of its files are still there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

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


@dataclass(frozen=True, slots=True)
class Account:
    """An account of another desk, with how many of its files wait, are here, or could not be fetched."""

    pk: int
    name: str
    at: datetime
    waiting: int
    fetched: int
    failed: int


def accounts() -> list[Account]:
    """Every one, the latest first."""
    counts = {state: Count("files", filter=Q(files__state=state)) for state in ("waiting", "fetched", "failed")}
    rows = Origin.objects.annotate(**counts).order_by("-at", "-pk")
    return [
        Account(one.pk, f"{CALLED.get(one.kind, one.kind)} {one.name}".strip(), one.at, *(
            getattr(one, state) for state in counts
        ))
        for one in rows
    ]  # fmt: skip


def failed_files(*, most: int = MOST) -> Sequence[FarFile]:
    """Those that could not be fetched, with their message and why; the last that were tried first."""
    rows = FarFile.objects.filter(state=FarFile.FAILED).select_related("origin", "message").order_by("-tried_at", "-pk")
    return list(rows[:most])

"""What every context that keeps something about customers must be able to do with it.

Export it, erase it, and settle it when two customers turn out to be one. Contexts register in
their `people.py`; a test refuses a model with a customer that nobody registered.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from regulars.kernel import clock
from regulars.kernel.models import Suppression

Export = Callable[[Sequence[int]], dict[str, Any]]
Erase = Callable[[Sequence[int]], int]
Merged = Callable[[int, int], None]


def _nothing(kept_id: int, merged_id: int) -> None:
    """Rows keep their id and reads resolve it: nothing to settle."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """One context's answer. `models` are the labels (`app.Model`) it answers for.

    `export` and `erase` get every id the customer ever had (merges included). `erase` returns how
    many rows or files went. `merged` and `unmerged` get (kept, merged).
    """

    name: str
    models: tuple[str, ...]
    export: Export
    erase: Erase
    merged: Merged = _nothing
    unmerged: Merged = _nothing


_keepers: dict[str, Keeper] = {}


def register(keeper: Keeper) -> None:
    """Announce a keeper; the last to register is the first to erase, so upper contexts go first."""
    _keepers[keeper.name] = keeper


def keepers() -> list[Keeper]:
    """Everybody who keeps something, lowest context first."""
    return list(_keepers.values())


def digest(kind: str, value: str) -> bytes:
    """The keyed hash under which an erased identity is remembered."""
    key = hashlib.sha256(b"suppression:" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(key, f"{kind}\x00{value}".encode(), "sha256")


def suppress(identities: Iterable[tuple[str, str]]) -> None:
    """Remember that these identities were erased, without remembering what they were."""
    at = clock.now()
    Suppression.objects.bulk_create(
        [Suppression(digest=digest(kind, value), erased_at=at) for kind, value in identities],
        ignore_conflicts=True,
    )


def suppressed(identities: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these identities were erased and must not come back."""
    if not identities:
        return set()
    by_digest = {digest(kind, value): (kind, value) for kind, value in identities}
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM kernel_suppression WHERE digest = ANY(%s)", [list(by_digest)])
        return {by_digest[bytes(row[0])] for row in cursor.fetchall()}

"""What every context that keeps something about customers must be able to do with it.

Export it, erase it, and settle it when two customers turn out to be one. Contexts register in
their `people.py`; a test refuses a model with a customer that nobody registered.

Jobs and domain events carry numbers, not names, and carry a customer's number under one of
`CUSTOMER_KEYS`, so that an erasure finds them in the queue.
"""

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from regulars.kernel import clock
from regulars.kernel.actors import Actor
from regulars.kernel.models import Suppression

CUSTOMER_KEYS = ("customer_id", "customer_ids", "kept_id", "merged_id")

Export = Callable[[Sequence[int]], dict[str, Any]]
Erase = Callable[[Sequence[int]], int]
Forget = Callable[[Collection[str]], int]
Hides = Callable[[Sequence[int], Actor], bool]
Merged = Callable[[int, int], None]
Renamed = Callable[[Sequence[int]], None]


def _nothing(kept_id: int, merged_id: int) -> None:
    """Rows keep their id and reads resolve it: nothing to settle."""


def _nothing_kept(customer_ids: Sequence[int]) -> None:
    """Names are read where they stand: nothing to write anew."""


def _nobody_named(addresses: Collection[str]) -> int:
    """Nothing here names people by their address but what is theirs."""
    return 0


def _nothing_hidden(customer_ids: Sequence[int], by: Actor) -> bool:
    """Whoever may see customers may see all that is here."""
    return False


@dataclass(frozen=True, slots=True)
class Keeper:
    """One context's answer. `models` are the labels (`app.Model`) it answers for.

    `export` and `erase` get every id the customer ever had (merges included). `export` answers
    with named parts; a part that may be long is an iterator, so that nobody holds it whole.
    `erase` returns how many rows or files went; all keepers erase in one transaction, uppermost
    first, and may be asked again for the same ids. `forget` gets every e-mail address the erased had,
    in lower case, right after, and takes them out of what belongs to others. `hides` says whether some of
    what it would export is not for this actor to see. `merged` and `unmerged` get (kept, merged)
    within the transaction that merges or separates; on separating, kept is who is shown now.
    `renamed` gets who is shown by other names or addresses than before, many at a time, within
    the transaction that wrote them, after a merge or its undoing too.
    """

    name: str
    models: tuple[str, ...]
    export: Export
    erase: Erase
    merged: Merged = _nothing
    unmerged: Merged = _nothing
    renamed: Renamed = _nothing_kept
    forget: Forget = _nobody_named
    hides: Hides = _nothing_hidden


_keepers: dict[str, Keeper] = {}


def register(keeper: Keeper) -> None:
    """Announce a keeper; the last to register is the first to erase, so upper contexts go first."""
    _keepers[keeper.name] = keeper


def keepers() -> list[Keeper]:
    """Everybody who keeps something, lowest context first."""
    return list(_keepers.values())


def is_partly_hidden(customer_ids: Sequence[int], *, by: Actor) -> bool:
    """Whether some of what is kept about these customers is not for this actor to see."""
    return any(keeper.hides(customer_ids, by) for keeper in keepers())


def tell_merged(kept_id: int, merged_id: int) -> None:
    """Let every context settle what there is one of per customer."""
    for keeper in keepers():
        keeper.merged(kept_id, merged_id)


def tell_unmerged(kept_id: int, merged_id: int) -> None:
    """Let every context take apart what it had settled."""
    for keeper in reversed(keepers()):
        keeper.unmerged(kept_id, merged_id)


def tell_renamed(customer_ids: Sequence[int]) -> None:
    """Let every context write anew what it keeps of their names and addresses."""
    for keeper in keepers() if customer_ids else ():
        keeper.renamed(customer_ids)


def digest(kind: str, value: str) -> bytes:
    """The keyed hash under which an erased identity is remembered."""
    key = hashlib.sha256(b"suppression:" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(key, f"{kind}\x00{value}".encode(), "sha256")


def suppress(identities: Iterable[tuple[str, str]]) -> None:
    """Remember that these identities were erased, without remembering what they were."""
    at = clock.now()
    suppress_digests({digest(kind, value): at for kind, value in identities})


def suppress_digests(digests: Mapping[bytes, datetime]) -> None:
    """Remember erasures that are known by their digests only, as from the journal."""
    Suppression.objects.bulk_create(
        [Suppression(digest=value, erased_at=at) for value, at in digests.items()], ignore_conflicts=True
    )


def suppressed(identities: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these identities were erased and must not come back."""
    if not identities:
        return set()
    by_digest = {digest(kind, value): (kind, value) for kind, value in identities}
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM kernel_suppression WHERE digest = ANY(%s)", [list(by_digest)])
        return {by_digest[bytes(row[0])] for row in cursor.fetchall()}

"""What an agent writes first, kept as they type: before it is sent there is no conversation to keep it in."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import connection, transaction

from regulars.accounts import permission
from regulars.customers.selectors import families
from regulars.desk.actions.drafts import LONGEST
from regulars.desk.errors import TooLong
from regulars.desk.models import FirstDraft
from regulars.desk.selectors import first_drafts
from regulars.desk.selectors.first_drafts import Whom
from regulars.kernel import clock
from regulars.kernel.actors import Actor

KEPT: Final = frozenset({"channel", "to", "cc", "subject", "kind"})
LONGEST_FIELD: Final = 10_000
_LOCK: Final = 7_301_912  # with the number of the agent


@transaction.atomic
def save(
    whom: Whom,
    *,
    by: Actor,
    text: str,
    said: dict[str, str],
    attachments: Sequence[dict[str, Any]],
    is_sent: Callable[[], bool] = lambda: False,
) -> FirstDraft | None:
    """Keep the form, per agent and whom they write to; one with nothing written in it is thrown away.

    `is_sent` is asked once nobody can be sending it: a draft that was kept too late would come back after its message.
    """
    permission.require("answer", by=by)
    if len(text) > LONGEST:
        raise TooLong
    hold(by=by)
    if is_sent():
        return None
    first_drafts.of(whom, by=by).delete()
    kept = {name: value.replace("\x00", "")[:LONGEST_FIELD] for name, value in said.items() if name in KEPT}
    if not (text.strip() or kept.get("subject", "").strip() or attachments):
        return None
    head_id = families.family(whom.customer_id).head.pk if whom.customer_id is not None else None
    return FirstDraft.objects.create(
        agent_id=by.id, customer_id=head_id, address="" if head_id else whom.address, text=text.replace("\x00", ""),
        said=kept, attachments=list(attachments), changed_at=clock.now(),
    )  # fmt: skip


@transaction.atomic
def discard(whom: Whom, *, by: Actor) -> None:
    """Throw it away, because it is not wanted."""
    hold(by=by)
    first_drafts.of(whom, by=by).delete()


def to_sent(customer_id: int, *, by: Actor) -> None:
    """What was begun has been sent to this customer, whom it may have known by an address alone."""
    first_drafts.about(families.family(customer_id).ids).filter(agent=by.id).delete()


def hold(*, by: Actor) -> None:
    """One at a time keeps or sends what an agent writes first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, by.id])

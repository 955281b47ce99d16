"""Clocks follow what happens: with each step they are worked out anew from the conversation's facts.

So a clock never says anything else than the report will, and a merge, a split or an undo needs no
rule of its own here.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter

from regulars.customers.selectors import labels as customer_labels
from regulars.desk import episodes, targets
from regulars.desk.models import Clock, Conversation
from regulars.desk.selectors import policies, told
from regulars.desk.selectors.policies import Versions
from regulars.desk.targets import Promised
from regulars.kernel import clock

FOLLOWED = (
    "policy_id", "target", "seconds", "started_at", "due_at", "warn_at", "paused_at", "met_at", "stopped_at",
)  # fmt: skip
WRITTEN = [*FOLLOWED, "warned_at", "breached_at"]
_KEY = attrgetter("conversation_id", "episode", "kind", "turn")


def follow(conversation: Conversation, fact: str) -> None:
    """Bring the clocks of a held conversation up to a fact that was just recorded.

    Without targets, or for a fact that moves no clock, it costs next to nothing. What came with a
    first sync has no clocks.
    """
    follow_all([(conversation, fact)])


def follow_all(told: Iterable[tuple[Conversation, str]]) -> None:
    """Bring the clocks of held conversations up to facts that were just recorded, each conversation once."""
    bring_all_up({one.pk: one for one, fact in told if not one.is_history and fact in episodes.NAMES}.values())


def bring_all_up(held: Collection[Conversation]) -> None:
    """Write the clocks of these conversations, where anything was ever promised."""
    known = policies.versions() if held else None
    if known is not None and not known.is_empty:
        for conversation in held:
            bring_up(conversation, known)


def bring_up(conversation: Conversation, known: Versions) -> None:
    """Write the clocks of a conversation, and of what was merged with it, as the facts have them."""
    family = told.related([conversation.pk])
    wanted = {_KEY(one): one for one in promises(episodes.fold(told.facts_of(family)), known)}
    rows = {_KEY(row): row for row in Clock.objects.filter(conversation__in=family)}
    gone = [row.pk for key, row in rows.items() if key not in wanted]
    if gone:
        Clock.objects.filter(pk__in=gone).delete()
    now = clock.now()
    changed = [row for key, one in wanted.items() if (row := _row(rows.get(key), one, now=now)) is not None]
    Clock.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["conversation", "episode", "kind", "turn"],
        update_fields=["policy", *(name for name in WRITTEN if name != "policy_id")],
    )
    _show(conversation, family, wanted.values())


def promises(found: Iterable[episodes.Episode], known: Versions) -> Iterator[Promised]:
    """Every promise on these episodes, by the versions of the policy there were."""
    kept = list(found)
    worn = _customer_labels(kept, known)
    for episode in kept:
        yield from targets.promised(episode, known.at, more_labels=worn.get(episode.customer_id, frozenset()))


def _customer_labels(found: list[episodes.Episode], known: Versions) -> dict[int, frozenset[str]]:
    """What customers wear, asked only when some target does."""
    versions = (known.at(moment) for moment in known.moments)
    if not any(version and "labels" in version[1].conditions() for version in versions):
        return {}
    return customer_labels.worn_by({episode.customer_id for episode in found})


def _row(row: Clock | None, one: Promised, *, now: datetime) -> Clock | None:
    """The row to write, or nothing when it stands already; what moved on is warned of again."""
    if row is not None and all(getattr(row, name) == getattr(one, name) for name in FOLLOWED):
        return None
    written = Clock(
        conversation_id=one.conversation_id,
        episode=one.episode,
        kind=one.kind,
        turn=one.turn,
        **{name: getattr(one, name) for name in FOLLOWED},
    )
    if row is not None:
        written.warned_at = row.warned_at if one.warn_at and one.warn_at <= now else None
        written.breached_at = row.breached_at if one.is_broken(now) else None
    return written


def _show(conversation: Conversation, family: Sequence[int], wanted: Collection[Promised]) -> None:
    """When the next running clock of each ends, for lists."""
    due = {number: _next(number, wanted) for number in family}
    if conversation.due_at != due.get(conversation.pk):
        conversation.due_at = due.get(conversation.pk)
        conversation.save(update_fields=["due_at"])
    _show_others({number: due_at for number, due_at in due.items() if number != conversation.pk})


def _next(number: int, wanted: Collection[Promised]) -> datetime | None:
    running = [one.due_at for one in wanted if one.conversation_id == number and one.is_running]
    return min((due for due in running if due is not None), default=None)


def _show_others(due: dict[int, datetime | None]) -> None:
    """Some were only merged with this one once, and are held by nobody here, or by somebody else.

    Nothing of theirs has changed then; and who would wait for them here, may be waited for there.
    """
    if not due:
        return
    rows = Conversation.objects.filter(pk__in=due)
    stale = [number for number, due_at in rows.values_list("pk", "due_at") if due_at != due[number]]
    for number in stale:
        free = Conversation.objects.filter(pk=number).select_for_update(skip_locked=True, no_key=True)
        Conversation.objects.filter(pk__in=free.values("pk")).update(due_at=due[number])

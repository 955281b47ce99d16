"""What conversations of another installation have to do with each other: links, merges, and the steps that say so.

They come last, when all conversations are here. Only those that this very archive brought are tied.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from regulars.desk import verbs
from regulars.desk.actions import past_steps, summaries
from regulars.desk.actions.steps import HISTORY
from regulars.desk.models import Conversation, Link, Merge, Step
from regulars.desk.moving.forms import Misfit, Tie
from regulars.desk.moving.moments import moment
from regulars.desk.moving.records import record, words
from regulars.kernel import clock, facts
from regulars.kernel.facts import Columns

if TYPE_CHECKING:
    from regulars.desk.actions.moving import Move

Rows = Mapping[str, Conversation]
_WHY = (Link.FOLLOWS, Link.SAME_MAIL, Link.BY_HAND, Link.SPLIT_FROM)
AT_ONCE = 500


@transaction.atomic
def take(ties: Sequence[Tie], move: Move) -> None:
    """Each once: one that is here stays as somebody left it, though it was taken back since."""
    if move.is_dry:
        move.moved.ties += len(ties)
        return
    rows = _here({number for tie in ties for number in (tie.one, tie.other)}, move)
    for tie in ties:
        one, other = rows.get(tie.one), rows.get(tie.other)
        if one is None or other is None or one.pk == other.pk:
            move.misfit(Misfit(f"{tie.kind} of {tie.one} and {tie.other}", "tie"))
            continue
        is_new = _link(one, other, tie, move) if tie.kind == "link" else _merge(one, other, tie, move)
        move.moved.ties += is_new


def tell(move: Move) -> None:
    """Say in the steps that name other conversations which they are here, and put their facts down."""
    waiting = Step.objects.filter(
        verb__in=past_steps.TIES,
        details__has_key=past_steps.THERE,
        conversation__key__regex=f"^{re.escape(move.begins)}[^:]*$",
    )
    while batch := list(waiting.select_related("conversation").order_by("pk")[:AT_ONCE]):
        _tell(batch, move)


@transaction.atomic
def _tell(steps: Sequence[Step], move: Move) -> None:
    named = {words(_named(step)) for step in steps}
    homes = {words(home) for step in steps for home in record(_there(step).get("moved")).values()}
    rows = _here(named | homes, move)
    told: list[tuple[Step, dict[str, Any], dict[str, Any]]] = []
    for step in steps:
        properties = _settled(step, rows)
        told.append((step, step.details.pop("stood", {}), properties))
    Step.objects.bulk_update(steps, ["details"])
    facts.append(
        Columns(
            customer_id=[step.conversation.customer_id for step, _stood, _said in told],
            name=[verbs.VERBS[step.verb].fact for step, _stood, _said in told],
            occurred_at=[step.at for step, _stood, _said in told],
            recorded_at=[step.at for step, _stood, _said in told],
            message_id=[f"{HISTORY}{step.conversation_id}:tie:{step.pk}" for step, _stood, _said in told],
            properties=[json.dumps({**stood, **said}) for _step, stood, said in told],
            is_trusted=[True] * len(told),
        ),
        source_id=facts.PRODUCT_SOURCE_ID,
    )


def _settled(step: Step, rows: Rows) -> dict[str, Any]:
    """Put the numbers of here into a step; returns what its fact says beside how things stood."""
    there, stood = _there(step), step.details.get("stood", {})
    other = rows.get(words(_named(step)))
    if step.verb == verbs.SPLIT:
        homes = record(there.get("moved"))
        messages = {
            str(pk): rows[words(homes[old])].pk
            for old, pk in record(there.get("messages")).items() if words(homes.get(old)) in rows
        }  # fmt: skip
        step.details = {"stood": stood, "split_from": other.pk if other else None}
        step.details |= {"moved": messages} if messages and other else {}
        return {"split_from": other.pk, "messages": sorted(map(int, messages))} if other else {}
    step.details = {"stood": stood, _names(step): other.pk if other else "?"}
    if step.verb == verbs.MERGED:
        made = Merge.objects.filter(merged=other, kept=step.conversation, at=step.at).first() if other else None
        step.details |= {"subject": words(there.get("subject")), "merge_id": made.pk if made else None}
    return {_names(step): other.pk} if other else {}


def _there(step: Step) -> dict[str, Any]:
    return record(step.details.get(past_steps.THERE))


def _named(step: Step) -> object:
    return _there(step).get(_names(step))


def _names(step: Step) -> str:
    """Under which word a step names the other conversation."""
    return {verbs.SPLIT: "split_from", verbs.LINKED: "linked", verbs.UNLINKED: "linked"}.get(step.verb, "merged")


def _here(numbers: set[str], move: Move) -> Rows:
    keys = {f"{move.begins}{number}": number for number in numbers if number}
    return {keys[row.key or ""]: row for row in Conversation.objects.filter(key__in=keys).order_by("pk")}


def _link(one: Conversation, other: Conversation, tie: Tie, move: Move) -> bool:
    why = words(tie.said.get("why"))
    said = {
        "why": why if why in _WHY else Link.BY_HAND, "at": moment(tie.said.get("at")) or clock.now(),
        "by": _by(tie.said.get("by"), move),
    }  # fmt: skip
    return Link.objects.get_or_create(conversation=one, other=other, defaults=said)[1]


def _merge(kept: Conversation, merged: Conversation, tie: Tie, move: Move) -> bool:
    """On record as it was; one that stands is shown in the end, where nothing was done with it here meanwhile."""
    said, undone = tie.said, moment(tie.said.get("undone_at"))
    at = moment(said.get("at")) or merged.last_at
    if Merge.objects.filter(kept=kept, merged=merged, at=at).exists():
        return False
    stands = undone is None and merged.merged_into_id is None
    Merge.objects.create(
        kept=kept, merged=merged, at=at, actor=_by(said.get("actor"), move), before=_before(said.get("before")),
        undone_at=undone if undone or stands else clock.now(),
        undone_by=_by(said.get("undone_by"), move) if undone else "" if stands else "system",
    )  # fmt: skip
    if stands:
        head = kept if kept.merged_into_id is None else Conversation.objects.get(pk=kept.merged_into_id)
        Conversation.objects.filter(pk=merged.pk).update(merged_into=head)
        Conversation.objects.filter(merged_into=merged.pk).update(merged_into=head)
        for row in (kept, merged):
            row.refresh_from_db()
        waiting = head.waiting_since
        summaries.count_again(head)
        Conversation.objects.filter(pk=head.pk).update(waiting_since=waiting)  # as the export says
    return True


def _before(said: object) -> dict[str, Any]:
    """How the two stood before, for taking it back: only what a conversation can be."""
    kept = {side: record(record(said).get(side)) for side in ("kept", "merged")}
    return {
        side: {name: words(one.get(name)) or None for name in ("status", "snoozed_until", "waiting_since")}
        for side, one in kept.items() if one.get("status") in Conversation.STATUSES
    }  # fmt: skip


def _by(said: object, move: Move) -> str:
    return str(move.here.actor(said, customer=lambda _number: None))

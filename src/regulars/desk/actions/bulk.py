"""Doing one thing in many conversations, and taking it back.

Up to `AT_ONCE` are done in the request, more by a job. Both go batch by batch, each in a transaction of
its own with its progress, so that either may stop anywhere and be run again.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext

from regulars.accounts import permission
from regulars.desk.actions import bulk_answers, holding, macro_using, macros, undoing
from regulars.desk.actions.deeds import DEEDS, Deed, read
from regulars.desk.errors import (
    CannotBeUndone,
    MacroNotUsable,
    NoSuchBulk,
    NoSuchMacro,
    NothingChosen,
    TooManyChosen,
)
from regulars.desk.models import Bulk, Conversation, Step
from regulars.desk.selectors import wording
from regulars.desk.selectors.listing import Wanted, matching
from regulars.kernel import clock, jobs
from regulars.kernel.actors import Actor
from regulars.kernel.errors import DomainError

AT_ONCE: Final = 200
BATCH: Final = 50
MOST: Final = 100_000
RUN: Final = "desk.bulk"
MACRO: Final = "macro"


def begin(deed: str, value: str = "", *, ids: Sequence[int] = (), wanted: Wanted | None = None, by: Actor) -> Bulk:
    """Do something in these conversations, or in everything that is wanted; few at once, many by a job."""
    permission.require("answer", by=by)
    meant, told = _macro(value, by=by) if deed == MACRO else read(deed, value)
    return _begun(deed, meant, told, chosen(ids, wanted, by=by), by=by)


def answer(macro_id: str = "", *, text: str = "", ids: Sequence[int], looked_at: str, by: Actor) -> Bulk:
    """Send a macro's answer or one written for this to each, as they stood when the writer looked (`bulk_answers`)."""
    permission.require("answer", by=by)
    wanted = chosen(ids, None, by=by)
    meant, told = bulk_answers.meant(macro_id, looked_at, text=text, count=len(wanted), by=by)
    return _begun(bulk_answers.DEED, meant, told, wanted, by=by)


def _begun(deed: str, meant: Any, told: str, chosen: list[int], *, by: Actor) -> Bulk:
    with transaction.atomic():
        bulk = Bulk.objects.create(
            agent_id=by.id, deed=deed, value=meant, told=told, ids=chosen, total=len(chosen), at=clock.now()
        )
        if len(chosen) > AT_ONCE:
            jobs.defer(RUN, bulk_id=bulk.pk, agent_id=by.id, name=by.name, lock=bulk.batch)
    if len(chosen) <= AT_ONCE:
        run(bulk.pk, by=by)
        bulk.refresh_from_db()
    return bulk


def run(bulk_id: int, *, by: Actor) -> None:
    """Go on until it is done, or taken back; a second run finds nothing left to do."""
    while _do_batch(bulk_id, by=by) or _undo_batch(bulk_id, by=by):
        pass


def undo(bulk_id: int, *, by: Actor) -> Bulk:
    """Take it back wherever nothing changed since; once, and only by who did it."""
    with transaction.atomic():
        bulk = _held(bulk_id, by=by)
        if not bulk.can_be_undone:
            raise CannotBeUndone
        bulk.undo_asked_at = clock.now()
        bulk.save(update_fields=["undo_asked_at"])
        if bulk.total > AT_ONCE:
            jobs.defer(RUN, bulk_id=bulk.pk, agent_id=by.id, name=by.name, lock=bulk.batch)
    if bulk.total <= AT_ONCE:
        run(bulk.pk, by=by)
    bulk.refresh_from_db()
    return bulk


@transaction.atomic
def _do_batch(bulk_id: int, *, by: Actor) -> bool:
    bulk = _held(bulk_id, by=by)
    if bulk.finished_at is not None:
        return False
    ids = bulk.ids[bulk.done : bulk.done + BATCH]
    refusals: Counter[str] = Counter(bulk.refusals)
    for held in holding.hold_all(ids, by=by):
        if refusal := _refusal(held, bulk, by=by):
            refusals[refusal] += 1
    changed = _changed(bulk, ids)
    bulk.done += len(ids)
    bulk.changed += changed
    bulk.refusals, bulk.refused = dict(refusals), refusals.total()
    bulk.finished_at = clock.now() if bulk.done >= bulk.total else None
    bulk.save(update_fields=["done", "changed", "refusals", "refused", "finished_at"])
    if bulk.deed == MACRO and changed:
        macros.count(bulk.value, times=changed)
    return bulk.finished_at is None


def _changed(bulk: Bulk, ids: Sequence[int]) -> int:
    if bulk.deed == bulk_answers.DEED:
        return bulk_answers.count(bulk, ids)
    return Step.objects.filter(batch=bulk.batch, conversation__in=ids).values("conversation").distinct().count()


def _refusal(held: Conversation, bulk: Bulk, *, by: Actor) -> str:
    """Do it in one conversation, or say why that was left as it is: one refusal stops no other."""
    try:
        with transaction.atomic():
            KNOWN[bulk.deed].does(held, bulk.value, by, bulk.batch)
    except DomainError as refusal:
        return str(refusal)
    return ""


@transaction.atomic
def _undo_batch(bulk_id: int, *, by: Actor) -> bool:
    bulk = _held(bulk_id, by=by)
    if not bulk.is_being_undone:
        return False
    ids = bulk.ids[bulk.undo_done : bulk.undo_done + BATCH]
    if bulk.deed == bulk_answers.DEED:
        undone, left = bulk_answers.take_back(bulk, ids, by=by)
    else:
        undone, left = undoing.take_back(ids, batch=bulk.batch, by=by)
    bulk.undo_done += len(ids)
    bulk.undone += undone
    bulk.not_undone += left
    bulk.undone_at = clock.now() if bulk.undo_done >= bulk.total else None
    bulk.save(update_fields=["undo_done", "undone", "not_undone", "undone_at"])
    return bulk.undone_at is None


def _macro(value: str, *, by: Actor) -> tuple[int, str]:
    """Of a macro its deeds are done; its text is for one conversation at a time."""
    found = (
        wording.usable(by)
        .filter(pk=int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0)
        .first()
    )
    if found is None:
        raise NoSuchMacro
    if not found.deeds:
        raise MacroNotUsable(gettext("This macro is a text only: there is nothing it could do in several at once."))
    return found.pk, found.name


def _use(held: Conversation, macro_id: int, by: Actor, batch: str) -> None:
    macro = wording.usable(by).filter(pk=macro_id).first()
    if macro is None:
        raise NoSuchMacro
    macro_using.do(held, macro, by=by, batch=batch)


def _unread(value: str) -> tuple[str, str]:
    return value, value


KNOWN: Final = {**DEEDS, MACRO: Deed(_use, _unread), bulk_answers.DEED: Deed(bulk_answers.send, _unread)}


def _held(bulk_id: int, *, by: Actor) -> Bulk:
    bulk = Bulk.objects.select_for_update().filter(pk=bulk_id, agent=by.id).first()
    if bulk is None:
        raise NoSuchBulk
    return bulk


def chosen(ids: Sequence[int], wanted: Wanted | None, *, by: Actor) -> list[int]:
    """In key order, in which they will be locked."""
    if wanted is None:
        found = sorted(set(ids))
    else:
        found = list(matching(wanted, by=by).order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if not found:
        raise NothingChosen
    if len(found) > MOST:
        raise TooManyChosen
    return found

"""Using a macro in a conversation: what it says and what it does, together or not at all, and taken back together.

Everything one use did carries one `batch`, named after the write's key: a second write with the key does
nothing, and one undo takes all of it back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from regulars.desk import verbs
from regulars.desk.actions import deeds, holding, macros, messages, steps, undoing, unseen
from regulars.desk.actions.deeds import DEEDS
from regulars.desk.actions.messages import Written
from regulars.desk.errors import CannotBeUndone, MacroNotUsable, NoSuchMacro
from regulars.desk.models import Conversation, Macro, Message, Step
from regulars.desk.selectors import wording
from regulars.kernel.actors import Actor

Done = Sequence[dict[str, str]]

STATES: Final = {"resolve": "resolved", "open": "open", "wait": "waiting", "snooze_for": "snoozed"}


@transaction.atomic
def use(conversation_id: int, macro_id: int, *, key: str, by: Actor) -> str:
    """Do what a macro without a text does, at once; returns the batch under which it can be taken back."""
    held = holding.hold(conversation_id, by=by)
    macro = _usable(macro_id, by=by)
    batch = batch_of(key, by=by)
    if Step.objects.filter(batch=batch, conversation=held).exists():
        return batch
    do(held, macro, by=by, batch=batch)
    macros.count(macro.pk)
    return batch


def do(held: Conversation, macro: Macro, *, by: Actor, batch: str) -> None:
    """Do a macro's deeds in a held conversation, what becomes of it last; refused together or done together."""
    _record(held, macro, macro.deeds, by=by, batch=batch)
    _do_all(held, _sorted(macro.deeds), by=by, batch=batch)


@transaction.atomic
def reply(
    conversation_id: int,
    written: Written,
    *,
    done: Done,
    macro_id: int | None,
    by: Actor,
    seen: int | None = None,
    then: str | None = None,
    until: datetime | None = None,
    due_at: datetime | None = None,
) -> Message:
    """Answer, and do what is left of a macro's deeds. `then` is what was asked for beside sending; without, a
    deed may say what becomes of the conversation, and else it waits for the customer.
    """
    held = holding.hold(conversation_id, by=by)
    known = messages.written_already(written.key)
    if known is not None:
        return known
    kept, batch = [macros.checked(each) for each in done], batch_of(written.key or "", by=by)
    _record_named(held, macro_id, kept, by=by, batch=batch)
    rest = [each for each in kept if each["deed"] not in STATES]
    last = next((each for each in reversed(kept) if each["deed"] in STATES), None) if then is None else None
    if last is not None:
        then, until = STATES[last["deed"]], deeds.moment_of(last["value"]) if last["deed"] == "snooze_for" else None
    # Whoever answers what nobody has, has it: only then can it be given to nobody.
    to_nobody = [each for each in rest if each == {"deed": "assign", "value": ""}]
    _do_all(held, [each for each in rest if each not in to_nobody], by=by, batch=batch)
    sent = messages.reply(
        held.pk, written, by=by, seen=seen, then=then or Conversation.WAITING, until=until, due_at=due_at,
        batch=batch, doing={"macro": macro_id, "deeds": kept},
    )  # fmt: skip
    held.refresh_from_db()
    _do_all(held, to_nobody, by=by, batch=batch)
    _count(macro_id)
    return sent


@transaction.atomic
def note(
    conversation_id: int,
    written: Written,
    *,
    done: Done,
    macro_id: int | None,
    by: Actor,
    mentioned: Sequence[int] = (),
) -> Message:
    """Add a note, and do what is left of a macro's deeds."""
    held = holding.hold(conversation_id, by=by)
    known = messages.written_already(written.key)
    if known is not None:
        return known
    kept, batch = [macros.checked(each) for each in done], batch_of(written.key or "", by=by)
    added = messages.note(held.pk, written, by=by, mentioned=mentioned, batch=batch)
    held.refresh_from_db()
    _record_named(held, macro_id, kept, by=by, batch=batch)
    _do_all(held, _sorted(kept), by=by, batch=batch)
    _count(macro_id)
    return added


@transaction.atomic
def undo(conversation_id: int, batch: str, *, by: Actor) -> None:
    """Take back what one's own macro did, if nobody changed it since."""
    held = holding.hold(conversation_id, by=by)
    if not batch.startswith(batch_of("", by=by)) or Step.objects.filter(batch=f"{batch}:undo").exists():
        raise CannotBeUndone
    undone, _left = undoing.take_back([held.pk], batch=batch, by=by)
    if not undone:
        raise CannotBeUndone


def batch_of(key: str, *, by: Actor) -> str:
    """The name of one use, the writer's own: nobody takes back what somebody else did."""
    return f"macro:{by}:{key}"


def _record_named(held: Conversation, macro_id: int | None, kept: Done, *, by: Actor, batch: str) -> None:
    macro = wording.usable(by).filter(pk=macro_id).first() if macro_id else None
    if macro is not None:
        _record(held, macro, kept, by=by, batch=batch)


def _record(held: Conversation, macro: Macro, kept: Done, *, by: Actor, batch: str) -> None:
    """The step stands also where nothing changed: a second write with the same key finds it."""
    watches = any(each["deed"] == "watch" for each in kept) and not unseen.is_watching(held, by=by)
    details: dict[str, Any] = {"macro": macro.pk, "name": macro.name, "watches": watches, "does": len(kept)}
    properties = {"macro": macro.pk, "called": macro.name}
    steps.record(held, verbs.USED_MACRO, by=by, details=details, properties=properties, batch=batch)


def _do_all(held: Conversation, done: Done, *, by: Actor, batch: str) -> None:
    for each in done:
        value, _told = deeds.read(each["deed"], each["value"])
        DEEDS[each["deed"]].does(held, value, by, batch)
        held.refresh_from_db()


def _sorted(done: Done) -> Done:
    """What becomes of the conversation last: a field that is needed to resolve may be filled in by the same macro."""
    return sorted(done, key=lambda each: each["deed"] in STATES)


def _usable(macro_id: int, *, by: Actor) -> Macro:
    macro = wording.usable(by).filter(pk=macro_id).first()
    if macro is None:
        raise NoSuchMacro
    if not macro.deeds:
        raise MacroNotUsable
    return macro


def _count(macro_id: int | None) -> None:
    if macro_id:
        macros.count(macro_id)

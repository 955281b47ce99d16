"""Macros are written, changed, copied and retired."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from regulars.accounts import permission
from regulars.accounts import selectors as accounts
from regulars.desk.actions import deeds
from regulars.desk.actions.conversations import one_line
from regulars.desk.errors import MacroNotUsable, NoSuchMacro
from regulars.desk.models import Macro
from regulars.desk.selectors import wording
from regulars.kernel import clock
from regulars.kernel.actors import Actor

LONGEST_NAME, LONGEST, MOST_DEEDS = 100, 20_000, 20
ALLOWED: Final = (
    "resolve", "open", "wait", "snooze_for", "assign", "team", "label", "unlabel", "priority", "kind", "field", "watch",
    "language",
)  # fmt: skip


@transaction.atomic
def write(
    name: str,
    text: str,
    *,
    by: Actor,
    done: Sequence[dict[str, str]] = (),
    is_note: bool = False,
    is_shared: bool = True,
    team_id: int | None = None,
    macro_id: int | None = None,
) -> Macro:
    """Write a macro, or change one: everybody's, a team's, or one's own, which is nobody else's.

    It needs a text, something to do, or both; what cannot be done is refused before it is kept.
    """
    permission.require("answer", by=by)
    name, text = one_line(name), text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not 1 <= len(name) <= LONGEST_NAME or len(text) > LONGEST or len(done) > MOST_DEEDS or not (text or done):
        raise MacroNotUsable
    if is_shared and team_id is not None and not accounts.is_team(team_id):
        raise MacroNotUsable
    macro = held(macro_id, by=by) if macro_id else Macro()
    macro.name, macro.text, macro.is_note, macro.deeds = name, text, is_note, [checked(each) for each in done]
    macro.agent_id, macro.team_id = (None, team_id) if is_shared else (by.id, None)
    macro.changed_at, macro.changed_by = clock.now(), str(by)
    macro.save()
    return macro


@transaction.atomic
def copy(macro_id: int, *, by: Actor, name: str) -> Macro:
    """Make another one like it, one's own until it is shared."""
    like = held(macro_id, by=by)
    return Macro.objects.create(
        name=one_line(name)[:LONGEST_NAME], text=like.text, is_note=like.is_note, deeds=like.deeds, agent_id=by.id,
        changed_at=clock.now(), changed_by=str(by),
    )  # fmt: skip


@transaction.atomic
def retire(macro_id: int, *, is_retired: bool, by: Actor) -> Macro:
    """Offer a macro no more, or again; what was done with it stays."""
    macro = held(macro_id, by=by)
    macro.retired_at = clock.now() if is_retired else None
    macro.changed_at, macro.changed_by = clock.now(), str(by)
    macro.save(update_fields=["retired_at", "changed_at", "changed_by"])
    return macro


def count(macro_id: int, *, times: int = 1) -> None:
    """Say that a macro was used; last in its transaction, because many use the same one at a time."""
    Macro.objects.filter(pk=macro_id).update(used_count=F("used_count") + times, used_at=clock.now())


def checked(each: dict[str, Any]) -> dict[str, str]:
    """A deed as it is kept: one of those a macro may do, with a value that makes sense today."""
    name, value = str(each.get("deed", "")), str(each.get("value", ""))
    if name not in ALLOWED:
        raise MacroNotUsable
    deeds.read(name, value)
    return {"deed": name, "value": value}


def held(macro_id: int, *, by: Actor) -> Macro:
    """Lock a macro this agent may change: their own, everybody's, and those of teams they are in or look after."""
    permission.require("answer", by=by)
    macro = wording.changeable(by).select_for_update(of=("self",)).filter(pk=macro_id).first()
    if macro is None:
        raise NoSuchMacro
    return macro

"""Macros are written, changed and thrown away."""

from django.db import transaction

from regulars.accounts import permission
from regulars.desk.actions.conversations import one_line
from regulars.desk.errors import MacroNotUsable, NoSuchMacro
from regulars.desk.models import Macro
from regulars.kernel import clock
from regulars.kernel.actors import Actor

LONGEST_NAME, LONGEST = 100, 20_000


@transaction.atomic
def write(name: str, text: str, *, by: Actor, is_shared: bool = True, macro_id: int | None = None) -> Macro:
    """Write a macro, or change one: a shared one is everybody's, one's own nobody else's."""
    permission.require("answer", by=by)
    name, text = one_line(name), text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not 1 <= len(name) <= LONGEST_NAME or not 1 <= len(text) <= LONGEST:
        raise MacroNotUsable
    macro = _held(macro_id, by=by) if macro_id else Macro()
    macro.name, macro.text, macro.agent_id = name, text, None if is_shared else by.id
    macro.changed_at, macro.changed_by = clock.now(), str(by)
    macro.save()
    return macro


@transaction.atomic
def throw_away(macro_id: int, *, by: Actor) -> None:
    """Throw a macro away; what was written with it stays."""
    _held(macro_id, by=by).delete()


def _held(macro_id: int, *, by: Actor) -> Macro:
    permission.require("answer", by=by)
    macro = Macro.objects.select_for_update().filter(pk=macro_id).first()
    if macro is None or macro.agent_id not in (None, by.id):
        raise NoSuchMacro
    return macro

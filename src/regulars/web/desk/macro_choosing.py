"""The macros as they would read and do in one conversation, and one of them put into the forms below its thread."""

from dataclasses import dataclass
from typing import Any

from regulars.desk import variables
from regulars.desk.selectors import filling, wording
from regulars.desk.selectors.threads import Conversation
from regulars.web.desk import deed_words
from regulars.web.desk.deed_words import Told
from regulars.web.middleware import AgentRequest


@dataclass(frozen=True, slots=True)
class Choice:
    """One macro: its text with what is known filled in, and what it would do."""

    macro: Any
    text: str
    missing: tuple[str, ...]
    deeds: list[Told]


def choices(request: AgentRequest, found: Conversation) -> list[Choice]:
    """Every macro the agent may use, by name."""
    known, names = filling.values(found, by=request.actor), deed_words.Names()
    return [_choice(macro, known, names) for macro in wording.macros(by=request.actor)]


def put(request: AgentRequest, found: Conversation, forms: dict[str, Any]) -> dict[str, Any]:
    """The forms with the macro the address names: how one is chosen where no script runs."""
    number = request.GET["macro"]
    key = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    macro = wording.usable(request.actor).filter(pk=key).first()
    if macro is None:
        return forms
    chosen = _choice(macro, filling.values(found, by=request.actor), deed_words.Names())
    name = "note" if macro.is_note else "reply"
    text = f"{forms[name]['text']}\n\n{chosen.text}".strip()
    filled = forms[name] | {"text": text, "doing": {"macro": macro.pk, "deeds": chosen.deeds}}
    return forms | {name: filled, "opens_note": macro.is_note}


def _choice(macro: Any, known: dict[str, str], names: deed_words.Names) -> Choice:
    filled = variables.fill(macro.text, known)
    return Choice(macro, filled.text, filled.missing, deed_words.told(macro.deeds, names=names))

"""What bulk actions, rules and macros do: how each value is read, and what is done in one conversation."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from regulars.accounts import selectors as accounts
from regulars.desk import field_values
from regulars.desk.actions import assignments, conversations, fields, labels, spam, states, unseen
from regulars.desk.errors import (
    NoSuchAgent,
    NoSuchDeed,
    NoSuchField,
    NotAKind,
    NotAPriority,
    SnoozeInThePast,
)
from regulars.desk.models import Conversation, FieldDefinition
from regulars.desk.selectors import label_uses
from regulars.kernel import clock, page_settings
from regulars.kernel.actors import Actor

Held = Conversation
MORNING: Final = time(9)
ME: Final = "me"
_SPAN = re.compile(r"([1-9][0-9]{0,2})([hd])")
Does = Callable[[Held, Any, Actor, str], object]


@dataclass(frozen=True, slots=True)
class Deed:
    """One kind of bulk action. `read` makes its value, and words for it, of what a form sent; it may refuse."""

    does: Does
    read: Callable[[str], tuple[Any, str]]


def read(deed: str, value: str) -> tuple[Any, str]:
    """The value and what to call it; refused before anything is done."""
    if deed not in DEEDS:
        raise NoSuchDeed
    return DEEDS[deed].read(value)


def _nothing(value: str) -> tuple[None, str]:
    return None, ""


def _moment(value: str) -> tuple[str, str]:
    try:
        until = datetime.fromisoformat(value)
    except ValueError as error:
        raise SnoozeInThePast from error
    if until.tzinfo is None or until <= clock.now():
        raise SnoozeInThePast
    states.refuse_too_far(until)
    return until.isoformat(), until.isoformat()


def _span(value: str) -> tuple[str, str]:
    if not _SPAN.fullmatch(value):
        raise SnoozeInThePast
    return value, value


def moment_of(span: str) -> datetime:
    """When something put aside for "3h" or "2d" comes back: days end on a morning of the company's."""
    found = _SPAN.fullmatch(span)
    if found is None:
        raise SnoozeInThePast
    if found[2] == "h":
        return clock.now() + timedelta(hours=int(found[1]))
    zone = page_settings.value("time_zone")
    return datetime.combine(clock.today(zone) + timedelta(days=int(found[1])), MORNING, ZoneInfo(zone))


def _field(value: str) -> tuple[list[str], str]:
    key, _sign, text = value.partition("=")
    definition = FieldDefinition.objects.filter(key=key, retired_at=None).first()
    if definition is None:
        raise NoSuchField
    kept = fields.read(definition, text)
    return [key, text], f"{definition.label}: {field_values.words(definition, kept) or '–'}"


def _kind(value: str) -> tuple[str, str]:
    if value not in Conversation.KINDS:
        raise NotAKind
    return value, value


def _language(value: str) -> tuple[str, str]:
    code = conversations.read_language(value)
    return code, code


def _agent(value: str) -> tuple[int | str | None, str]:
    if not value:
        return None, ""
    if value == ME:
        return ME, ME
    found = accounts.answering_agents().filter(pk=_id(value)).first()
    if found is None:
        raise NoSuchAgent
    return found.pk, str(found)


def _team(value: str) -> tuple[int | None, str]:
    if not value:
        return None, ""
    found = accounts.teams().filter(pk=_id(value)).first()
    if found is None:
        raise NoSuchAgent(gettext("There is no such team."))
    return found.pk, str(found)


def _priority(value: str) -> tuple[int, str]:
    if _id(value) not in Conversation.PRIORITIES:
        raise NotAPriority
    return int(value), value


def _label(value: str) -> tuple[int, str]:
    found = label_uses.label(_id(value))
    return found.pk, found.name


def _word(value: str) -> tuple[str, str]:
    label = labels.find_or_make(value)
    return label.name, label.name


def _id(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0


def _snooze(held: Held, until: str, by: Actor, batch: str) -> None:
    states.to_snoozed(held, until=datetime.fromisoformat(until), by=by, batch=batch)


def _assign(held: Held, who: int | str | None, by: Actor, batch: str) -> None:
    """Who does it is "me": an agent, never a rule."""
    if who == ME and by.kind != "agent":
        raise NoSuchAgent
    assignments.give_to_agent(held, by.id if who == ME else who, by=by, batch=batch)  # type: ignore[arg-type]  # only agents say “me”


DEEDS: Final[Mapping[str, Deed]] = {
    "resolve": Deed(lambda held, _, by, batch: states.to_resolved(held, by=by, batch=batch), _nothing),
    "open": Deed(lambda held, _, by, batch: states.to_open(held, by=by, batch=batch), _nothing),
    "wait": Deed(lambda held, _, by, batch: states.to_waiting(held, by=by, batch=batch), _nothing),
    "snooze": Deed(_snooze, _moment),
    "snooze_for": Deed(
        lambda held, span, by, batch: states.to_snoozed(held, until=moment_of(span), by=by, batch=batch), _span
    ),
    "assign": Deed(_assign, _agent),
    "team": Deed(lambda held, team, by, batch: assignments.give_to_team(held, team, by=by, batch=batch), _team),
    "priority": Deed(
        lambda held, level, by, batch: conversations.prioritise(held.pk, level, by=by, batch=batch), _priority
    ),
    "kind": Deed(lambda held, kind, by, batch: conversations.change_kind(held.pk, kind, by=by, batch=batch), _kind),
    "language": Deed(
        lambda held, code, by, batch: conversations.change_language(held.pk, code, by=by, batch=batch), _language
    ),
    "field": Deed(lambda held, said, by, batch: fields.fill_in(held, said[0], said[1], by=by, batch=batch), _field),
    "label": Deed(lambda held, word, by, batch: labels.put_on(held, word, by=by, batch=batch), _word),
    "unlabel": Deed(lambda held, label, by, batch: labels.take_off(held.pk, label, by=by, batch=batch), _label),
    "spam": Deed(lambda held, _, by, batch: spam.mark(held.pk, by=by, batch=batch), _nothing),
    "not_spam": Deed(lambda held, _, by, batch: spam.unmark(held.pk, by=by, batch=batch), _nothing),
    "watch": Deed(lambda held, _, by, batch: unseen.start_watching(held.pk, by=by, batch=batch), _nothing),
    "read": Deed(lambda held, _, by, batch: unseen.mentions_seen(held.pk, by=by), _nothing),
}

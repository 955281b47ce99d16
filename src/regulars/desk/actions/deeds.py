"""What can be done in many conversations at once: how each value is read, and what is done in one of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext

from regulars.accounts import selectors as accounts
from regulars.desk.actions import assignments, conversations, labels, spam, states, unseen
from regulars.desk.errors import (
    NoSuchAgent,
    NoSuchDeed,
    NoSuchLabel,
    NotAPriority,
    SnoozeInThePast,
)
from regulars.desk.models import Conversation, Label
from regulars.kernel import clock
from regulars.kernel.actors import Actor

Held = Conversation
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
    return until.isoformat(), until.isoformat()


def _agent(value: str) -> tuple[int | None, str]:
    if not value:
        return None, ""
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
    found = Label.objects.filter(pk=_id(value)).first()
    if found is None:
        raise NoSuchLabel
    return found.pk, found.name


def _word(value: str) -> tuple[str, str]:
    label = labels.find_or_make(value)
    return label.name, label.name


def _id(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0


def _snooze(held: Held, until: str, by: Actor, batch: str) -> None:
    states.to_snoozed(held, until=datetime.fromisoformat(until), by=by, batch=batch)


DEEDS: Final[Mapping[str, Deed]] = {
    "resolve": Deed(lambda held, _, by, batch: states.to_resolved(held, by=by, batch=batch), _nothing),
    "open": Deed(lambda held, _, by, batch: states.to_open(held, by=by, batch=batch), _nothing),
    "wait": Deed(lambda held, _, by, batch: states.to_waiting(held, by=by, batch=batch), _nothing),
    "snooze": Deed(_snooze, _moment),
    "assign": Deed(lambda held, who, by, batch: assignments.give_to_agent(held, who, by=by, batch=batch), _agent),
    "team": Deed(lambda held, team, by, batch: assignments.give_to_team(held, team, by=by, batch=batch), _team),
    "priority": Deed(
        lambda held, level, by, batch: conversations.prioritise(held.pk, level, by=by, batch=batch), _priority
    ),
    "label": Deed(lambda held, word, by, batch: labels.put_on(held, word, by=by, batch=batch), _word),
    "unlabel": Deed(lambda held, label, by, batch: labels.take_off(held.pk, label, by=by, batch=batch), _label),
    "spam": Deed(lambda held, _, by, batch: spam.mark(held.pk, by=by, batch=batch), _nothing),
    "not_spam": Deed(lambda held, _, by, batch: spam.unmark(held.pk, by=by, batch=batch), _nothing),
    "read": Deed(lambda held, _, by, batch: unseen.mentions_seen(held.pk, by=by), _nothing),
}

"""Colleagues an export names who are not here: made without access, so that what they wrote and had is theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from regulars.accounts import checks, permission
from regulars.accounts.actions import agents
from regulars.accounts.errors import AgentExists, UnusableEmail, UnusableName
from regulars.customers import normalise
from regulars.desk.actions.conversations import one_line
from regulars.desk.moving import forms
from regulars.desk.moving.forms import Matter, Misfit, Person
from regulars.kernel import people

if TYPE_CHECKING:
    from regulars.desk.actions.moving import Move

MOST: Final = 500  # an export that names more is of no desk


def make(matters: Sequence[Matter], move: Move) -> None:
    """Make those who wrote in these or had them; who is here, is one of our channels or was erased is left out.

    Whoever cannot be made stays a name, as without this, and is named as such in the end.
    """
    if move.makes is None:
        return
    permission.require("manage_people", by=move.makes)
    wanted = {address: one for one in _named(matters) if (address := one.email.strip().lower())}
    new = {address: one for address, one in wanted.items() if address not in move.us.agents}
    erased = people.suppressed([("email", way) for address in new if (way := normalise.email(address))])
    for address, one in sorted(new.items()):
        is_erased = ("email", normalise.email(address)) in erased
        if not is_erased and not move.us.is_own(address) and len(move.moved.agents_made) < MOST:
            _make(address, one, move)
    _count_open(matters, move)


def tell(move: Move) -> None:
    """Name them in the report; they are no misfits."""
    for address, name in sorted(move.moved.agents_made.items()):
        move.report(Misfit(f"{name} <{address}>" if name else address, "agent made"))


def _named(matters: Sequence[Matter]) -> Iterator[Person]:
    for matter in matters:
        said = [turn.by for turn in matter.turns]
        yield from (one for one in (*said, *filter(None, [matter.assignee])) if one.kind == forms.AGENT)


def _make(address: str, one: Person, move: Move) -> None:
    name = one_line(normalise.clean(one.name))[: checks.LONGEST_NAME].strip()
    with suppress(UnusableEmail, UnusableName, AgentExists):
        checks.email(address)
        checks.name(name)
        pk = 0 if move.is_dry or move.makes is None else agents.await_(address, name=name, by=move.makes).pk
        move.us.agents[address] = (pk, name or address)
        move.moved.agents_made[address] = name


def _count_open(matters: Sequence[Matter], move: Move) -> None:
    for matter in matters:
        has_it = matter.assignee.email.strip().lower() if matter.assignee else ""
        if has_it in move.moved.agents_made and matter.status != forms.RESOLVED:
            move.moved.open_with_made += 1

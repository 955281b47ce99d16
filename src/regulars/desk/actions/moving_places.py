"""The house itself as it is moved in: settings, teams, channels, addresses that get no mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.accounts import selectors as accounts
from regulars.accounts.actions import teams
from regulars.channels.actions import suppression
from regulars.channels.selectors import suppressed as refused
from regulars.desk.actions.moving_here import Here
from regulars.desk.moving.forms import Misfit
from regulars.desk.moving.records import Record, names, words
from regulars.kernel import page_settings
from regulars.kernel.actors import SYSTEM

if TYPE_CHECKING:
    from regulars.desk.actions.moving import Move


class Kept(Exception):
    """It is here already, in another form; the text says how it is there."""


def setting(one: Record, here: Here, move: Move) -> bool:
    """A setting that nobody has set here; one that this version does not know is refused."""
    name, there = words(one.get("name")), words(one.get("value"))
    if name == "portal_mailbox":
        there = str(here.number("channels", there)) if there else ""
    there = page_settings.check(name, there)
    if page_settings.value(name) == there:
        return False
    if page_settings.is_fixed(name) or page_settings.is_set(name):
        raise Kept(there)
    return page_settings.change(name, there, by=SYSTEM)


def team(one: Record, here: Here, move: Move) -> bool:
    """A team of this name with those of its agents who are here; one put away is not made, only known by name."""
    name, is_open = words(one.get("name")), one.get("is_open") is not False
    known = accounts.teams().filter(name__iexact=name).prefetch_related("agents").first()
    wanted = sorted(pk for each in names(one.get("agent_ids")) if (pk := here.maybe("agents", each)))
    if known is not None:
        here.teams[words(one.get("id"))] = known.pk
        there = sorted(agent.pk for agent in known.agents.all())
        if (known.is_open, there) != (is_open, wanted) and not one.get("archived_at"):
            raise Kept("open" if is_open else "closed")
        return False
    if one.get("archived_at"):
        return False
    made = teams.create(name, by=SYSTEM, is_open=is_open, agent_ids=wanted)
    here.teams[words(one.get("id"))] = made.pk
    return True


def channel(one: Record, here: Here, move: Move) -> bool:
    """No channel is made: what opens a mailbox never leaves a house. One that is not here is named."""
    if words(one.get("id")) not in here.channels and not one.get("archived_at"):
        move.misfit(Misfit(f"channel {words(one.get('name'))}", "channel", words(one.get("address"))))
    return False


def suppressed(one: Record, here: Here, move: Move) -> bool:
    """An address that refused mail for good gets none from here either, unless somebody here lifted it."""
    address = words(one.get("address"))
    if one.get("lifted_at") or "@" not in address or refused.is_known(address):
        return False
    return suppression.suppress(address, reason=words(one.get("reason")))

"""How the desk was set up elsewhere, set up here. What is here already stays as it is, and where it differs is said.

A dry run sets everything up, counts, and takes it all back: what would be refused is refused then too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import transaction

from regulars.accounts import selectors as accounts
from regulars.channels import selectors as channels
from regulars.desk.actions import moving_places, moving_sorting, moving_words
from regulars.desk.actions.moving_here import Here, NotHere
from regulars.desk.actions.moving_places import Kept
from regulars.desk.moving.forms import Misfit, SetUp
from regulars.desk.moving.records import Record, harmless, words
from regulars.desk.selectors.colleagues_by_address import Colleagues
from regulars.kernel.errors import DomainError

if TYPE_CHECKING:
    from regulars.desk.actions.moving import Move

Take = Callable[[Record, Here, "Move"], bool]


class Part(NamedTuple):
    """One kind: what one of it is called, by which of its fields, and how it is set up; true when it is new."""

    called: str
    by: str
    take: Take


PARTS: Final[Mapping[str, Part]] = {
    "settings": Part("setting", "name", moving_places.setting),
    "teams": Part("team", "name", moving_places.team),
    "channels": Part("channel", "name", moving_places.channel),
    "companies": Part("company", "name", moving_words.company),
    "customer_labels": Part("customer label", "name", moving_words.customer_label),
    "labels": Part("label", "name", moving_words.label),
    "fields": Part("field", "key", moving_words.field),
    "macros": Part("macro", "name", moving_words.macro),
    "views": Part("view", "name", moving_sorting.view),
    "rules": Part("rule", "name", moving_sorting.rule),
    "routes": Part("route of team", "team_id", moving_sorting.route),
    "seats": Part("seat of agent", "agent_id", moving_sorting.seat),
    "suppressed_addresses": Part("address", "address", moving_places.suppressed),
}


def take(found: SetUp, move: Move) -> Here:
    """Each by itself: one that cannot be set up is named and stops no other."""
    here = Here(channel_id=move.channel_id)
    _meet(found, here, move)
    with _kept_unless(move.is_dry):
        for kind, part in PARTS.items():
            for each in found.of(kind):
                one: Record = harmless(dict(each))
                _take(
                    f"{part.called} {words(one.get(part.by))}",
                    lambda one=one, part=part: part.take(one, here, move),
                    move,
                )
        _take(
            "targets", lambda: moving_sorting.targets([harmless(dict(one)) for one in found.of("targets")], here), move
        )
    return here


def _meet(found: SetUp, here: Here, move: Move) -> None:
    """Colleagues by address, channels by address too; whatever else is here is met when it is set up."""
    for one in found.of("agents"):
        known = move.us.agents.get(words(one.get("email")).lower())
        if known:
            here.agents[words(one.get("id"))] = known[0]
    by_address = {row.address.lower(): row.pk for row in channels.channels() if row.address}
    for one in found.of("channels"):
        if pk := by_address.get(words(one.get("address")).lower()):
            here.channels[words(one.get("id"))] = pk
    by_name = {row.name.lower(): row.pk for row in accounts.teams()}
    for one in found.of("teams"):
        if pk := by_name.get(words(one.get("name")).lower()):
            here.teams[words(one.get("id"))] = pk


def with_teams(us: Colleagues, found: SetUp, here: Here) -> Colleagues:
    """Our people and teams with those that were made; those a dry run would make count too."""
    names = {words(one.get("name")).lower(): here.maybe("teams", one.get("id")) for one in found.of("teams")}
    return replace(us, teams={**{name: pk for name, pk in names.items() if pk}, **us.teams})


def _take(where: str, make: Callable[[], bool | int], move: Move) -> None:
    try:
        with transaction.atomic():
            move.moved.set_up += int(make())
    except Kept as why:
        move.misfit(Misfit(where, "kept", str(why)))
    except NotHere as why:
        move.misfit(Misfit(where, "set up", f"Not here: {why}."))
    except (DomainError, TypeError, ValueError, KeyError, AttributeError) as refusal:
        move.misfit(Misfit(where, "set up", str(refusal)))


class _kept_unless(AbstractContextManager[None]):
    """A transaction that is taken back in a dry run."""

    def __init__(self, is_dry: bool) -> None:
        self.is_dry = is_dry
        self.inside: Any = transaction.atomic()

    def __enter__(self) -> None:
        self.inside.__enter__()

    def __exit__(self, *raised: Any) -> bool | None:
        if self.is_dry and raised[0] is None:
            transaction.set_rollback(True)
        return self.inside.__exit__(*raised)

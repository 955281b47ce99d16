"""Views, rules, routes, seats, hours and targets as they are moved in, with the numbers of here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from regulars.desk.actions import routing, rules, seats, views
from regulars.desk.actions.moving_here import Here, NotHere
from regulars.desk.actions.moving_places import Kept
from regulars.desk.models import Policy, Route, Rule, Seat, View
from regulars.desk.moving.forms import Misfit
from regulars.desk.moving.moments import moment
from regulars.desk.moving.records import Record, names, record, records, words
from regulars.desk.targets import policy_from_json, policy_to_json
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor

if TYPE_CHECKING:
    from regulars.desk.actions.moving import Move


def view(one: Record, here: Here, move: Move) -> bool:
    """Everybody's, or a colleague's own; one that asks for what is not here would show something else."""
    name, owner = words(one.get("name")), words(one.get("agent_id"))
    agent_id = here.number("agents", owner) if owner else None
    tree, sort = here.tree(record(one.get("conditions"))), words(one.get("sort"))
    known = View.objects.filter(name=name, agent=agent_id).order_by("pk").first()
    if known is not None:
        if (known.conditions, known.sort) != (tree, sort):
            raise Kept(sort)
        return False
    by = Actor("agent", agent_id) if agent_id else SYSTEM
    views.create(name, tree=tree, by=by, sort=sort, is_shared=agent_id is None)
    return True


def rule(one: Record, here: Here, move: Move) -> bool:
    """After the rules there are. One that cannot do all it did comes paused: somebody has to look at it."""
    name, tree = words(one.get("name")), here.tree(record(one.get("conditions")))
    done, left = _deeds(one, here)
    known = Rule.objects.filter(name=name).order_by("pk").first()
    if known is not None:
        here.rules[words(one.get("id"))] = known.pk
        if (sorted(known.triggers), known.conditions) != (sorted(names(one.get("triggers"))), tree) or (
            known.deeds != done and not left
        ):
            raise Kept(", ".join(f"{each['deed']} {each['value']}" for each in done))
        return False
    if not done:
        raise NotHere("; ".join(left))
    made = rules.write(
        name, triggers=names(one.get("triggers")), tree=tree, done=done, by=SYSTEM, is_last=one.get("is_last") is True
    )
    here.rules[words(one.get("id"))] = made.pk
    if left:
        move.misfit(Misfit(f"rule {name}", "set up", f"It came paused, without: {'; '.join(left)}."))
    if left or one.get("paused_at"):
        rules.pause(made.pk, is_paused=True, by=SYSTEM)
    return True


def _deeds(one: Record, here: Here) -> tuple[list[dict[str, str]], list[str]]:
    done: list[dict[str, str]] = []
    left: list[str] = []
    for each in records(one.get("deeds")):
        try:
            done.append(here.deed(each))
        except NotHere as why:
            left.append(f"{words(each.get('deed'))} {why}")
    return done, left


def route(one: Record, here: Here, move: Move) -> bool:
    """How a team's conversations, or those of none, find somebody; where that was not said here."""
    there = words(one.get("team_id"))
    team_id = here.number("teams", there) if there else None
    said = {"method": words(one.get("method")), "is_by_skill": one.get("is_by_skill") is True}
    known = Route.objects.filter(team=team_id).first()
    if known is not None:
        if (known.method, known.is_by_skill) != tuple(said.values()):
            raise Kept(said["method"])
        return False
    routing.set_route(team_id, by=SYSTEM, **said)
    return True


def seat(one: Record, here: Here, move: Move) -> bool:
    """How much a colleague takes, where that was not said here."""
    agent_id = here.number("agents", one.get("agent_id"))
    said = {"capacity": _count(one.get("capacity")), "skills": names(one.get("skills"))}
    known = Seat.objects.filter(agent=agent_id).first()
    if known is not None:
        if (known.capacity, known.skills) != tuple(said.values()):
            raise Kept(str(said["capacity"]))
        return False
    seats.set_up(agent_id, by=SYSTEM, **said)
    Seat.objects.filter(agent=agent_id).update(away_at=moment(one.get("away_at")))
    return True


def targets(rows: Sequence[Record], here: Here) -> int:
    """Every version there ever was, so that figures of the past go by what held then; only where there is none."""
    versions = [(moment(one.get("at")) or clock.now(), one, _policy(one, here)) for one in rows]
    known = list(Policy.objects.order_by("at", "pk"))
    if not known:
        with transaction.atomic():
            Policy.objects.bulk_create(Policy(at=at, by=str(SYSTEM), content=content) for at, _one, content in versions)
        return len(versions)
    if versions and [row.content for row in known][-1] != versions[-1][2]:
        raise Kept(f"{len(versions)} versions")
    return 0


def _policy(one: Record, here: Here) -> dict[str, Any]:
    """Read and written anew: what no policy could say is refused."""
    content = dict(record(one.get("content")))
    content["targets"] = [
        {
            **each,
            "teams": [here.number("teams", number) for number in each.get("teams", ())],
            "channels": [here.number("channels", number) for number in each.get("channels", ())],
        }
        for each in records(content.get("targets"))
    ]
    return policy_to_json(policy_from_json(content))


def _count(said: object) -> int:
    return said if isinstance(said, int) and not isinstance(said, bool) else -1

"""What was done in conversations of another installation, kept here to the letter: every step, who watched, what
rules did, how each found its agent. Numbers are those of here; who is not here keeps their name alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from regulars.desk import verbs
from regulars.desk.actions import histories, past_steps
from regulars.desk.actions.histories import Done, History, Said
from regulars.desk.actions.moving_people import Newcomers
from regulars.desk.models import Conversation, Firing, Message, Route, Routed, Watch
from regulars.desk.moving.forms import Matter, Misfit
from regulars.desk.moving.moments import coming, moment
from regulars.desk.moving.records import names, records, words
from regulars.kernel import clock
from regulars.kernel.actors import Actor

if TYPE_CHECKING:
    from regulars.desk.actions.moving import Move

_STATES: Final = ("", Message.SENT, Message.FAILED, Message.UNKNOWN)
_AT_ONCE: Final = {verbs.STARTED: -1}  # of one moment: it begins, something is said, something is done


@dataclass(frozen=True, slots=True)
class Reading:
    """One conversation's record while it is read."""

    matter: Matter
    newcomers: Newcomers
    move: Move
    messages: Mapping[str, int]

    def actor(self, said: object, name: object = "") -> Actor:
        return self.move.here.actor(said, name, customer=self.customer)

    def customer(self, number: str) -> int | None:
        """Whose conversation it is; of others who wrote in it the number is not looked for."""
        return self.newcomers.of(self.matter.customer) if number in self.known else None

    @property
    def known(self) -> set[str]:
        past = self.matter.past
        return {words(past.stands.get("customer_id")), self.matter.customer.key} if past else set()

    def step(self, one: Mapping[str, Any]) -> Done | None:
        """One step, with its numbers turned into those of here; None for what no desk does."""
        verb, at = words(one.get("verb")), moment(one.get("at"))
        if verb not in verbs.VERBS or at is None:
            return None
        by = self.actor(one.get("actor"), one.get("actor_name"))
        details = past_steps.details(verb, one.get("details"), self)
        batch = words(one.get("batch"))
        return Done(
            at=at, by=by, verb=verb, details=details, sets=past_steps.sets(verb, details, at=at, by=by),
            properties=past_steps.properties(verb, details), is_told=verb not in past_steps.TIES,
            batch=f"moved:{batch}" if batch else "",
        )  # fmt: skip


def whole(made: History, matter: Matter, newcomers: Newcomers, move: Move, *, stores: bool) -> History:
    """The history with every step as it was; without them (somebody left them out) they follow from the words."""
    said = [turn for turn in made.turns if isinstance(turn, Said)]
    past = matter.past
    if past is None or not said or not any(one.get("verb") == verbs.STARTED for one in past.steps):
        return made
    keys = histories.numbers("desk_message", len(said)) if stores else [None] * len(said)
    said = [replace(turn, pk=pk) for turn, pk in zip(said, keys, strict=True)]
    if stores:
        _number_sides(matter, move)
    reading = Reading(matter, newcomers, move, {turn.number: turn.pk for turn in said if turn.pk})
    done = [reading.step(one) for one in past.steps]
    if not all(done):
        move.misfit(Misfit(matter.where, "unreadable", f"{done.count(None)} steps"))
    steps = [each for each in done if each]
    turns = sorted([*said, *steps], key=lambda turn: (turn.at, _place(turn)))
    stands = _stands(past.stands, reading)
    return replace(made, is_whole=True, turns=turns, stands=stands, begins=past_steps.begins(steps, stands))


def state(said: str | None) -> str:
    """What became of a message: of one that had not left there nobody here can say whether it did."""
    return said if said in _STATES else Message.UNKNOWN if said else ""


def put_beside(matters: Sequence[Matter], move: Move) -> None:
    """Who watches, what rules did and how it found its agent, for conversations that were just stored."""
    wanted = {move.key(matter): matter.past for matter in matters if matter.past}
    rows = Conversation.objects.filter(key__in=wanted).order_by("pk")
    told = [(held, past) for held in rows if (past := wanted[held.key or ""])]
    Watch.objects.bulk_create(
        Watch(conversation=held, agent_id=pk, at=clock.now())
        for held, past in told for pk in _agents(past.stands.get("watcher_ids"), move)
    )  # fmt: skip
    Firing.objects.bulk_create(
        each for held, past in told for one in past.firings if (each := _firing(held, one, move))
    )
    Routed.objects.bulk_create(each for held, past in told for one in past.routed if (each := _routed(held, one, move)))


def _place(turn: Said | Done) -> int:
    return 0 if isinstance(turn, Said) else _AT_ONCE.get(turn.verb, 1)


def _number_sides(matter: Matter, move: Move) -> None:
    """Steps name side conversations that come after them."""
    keys = histories.numbers("desk_sideconversation", len(matter.sides))
    move.sides.update({(move.key(matter), side.key): pk for side, pk in zip(matter.sides, keys, strict=True)})


def _stands(one: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """How it stands in the end, as far as the export says something a conversation can be."""
    here, status = reading.move.here, words(one.get("status"))
    until, resolved = coming(one.get("snoozed_until")), moment(one.get("resolved_at"))
    if (
        status not in Conversation.STATUSES
        or (status == "snoozed" and not until)
        or (status == "resolved" and not resolved)
    ):
        status = Conversation.OPEN
    by = str(reading.actor(one.get("resolved_by"))) if status == "resolved" else ""
    return {
        "status": status,
        "snoozed_until": until if status == "snoozed" else None,
        "snoozed_by": "",
        "resolved_at": resolved if status == "resolved" else None,
        "resolved_by": by,
        "waiting_since": moment(one.get("waiting_since")) if status != "resolved" else None,
        "kind": one["kind"] if one.get("kind") in Conversation.KINDS else Conversation.ISSUE,
        "priority": one["priority"] if one.get("priority") in Conversation.PRIORITIES else Conversation.NORMAL,
        "subject": words(one.get("subject"))[:1_000],
        "language": words(one.get("language"))[:60],
        "assignee_id": here.maybe("agents", one.get("assignee_id")),
        "team_id": here.maybe("teams", one.get("team_id")),
        "spam_at": moment(one.get("spam_at")),
        "read_message_id": reading.messages.get(words(one.get("read_message_id"))),
        "read_at": moment(one.get("read_at")),
        **({"created_at": at} if (at := moment(one.get("created_at"))) else {}),
    }


def _agents(said: object, move: Move) -> list[int]:
    return sorted({pk for each in names(said) if (pk := move.here.maybe("agents", each))})


def _firing(held: Conversation, one: Mapping[str, Any], move: Move) -> Firing | None:
    at = moment(one.get("at"))
    if at is None:
        return None
    did = [{"deed": words(each.get("deed")), "value": words(each.get("value"))} for each in records(one.get("did"))]
    return Firing(
        rule_id=move.here.maybe("rules", one.get("rule_id")), rule_name=words(one.get("rule_name")), conversation=held,
        because=f"moved:{held.pk}:{words(one.get('because'))}", trigger=words(one.get("trigger")), at=at, did=did,
        trouble=words(one.get("trouble")),
    )  # fmt: skip


def _routed(held: Conversation, one: Mapping[str, Any], move: Move) -> Routed | None:
    """Of somebody who is here; what routing did with others means nothing here."""
    at, agent_id, likely = moment(one.get("at")), move.here.maybe("agents", one.get("agent_id")), one.get("probability")
    among = one.get("among")
    if at is None or agent_id is None or one.get("method") not in Route.METHODS:
        return None
    if not (isinstance(likely, int | float) and isinstance(among, int) and 0 <= among < 30_000):
        return None
    return Routed(
        conversation=held, agent_id=agent_id, at=at, method=one["method"], among=among, probability=float(likely)
    )

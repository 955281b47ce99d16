"""Side conversations of another installation, put beside the conversations they were beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from regulars.customers import normalise
from regulars.desk.actions import moving_past, moving_turns, summaries
from regulars.desk.actions import side as sides
from regulars.desk.actions.conversations import one_line
from regulars.desk.actions.messages import LONGEST, Written
from regulars.desk.actions.moving_people import Newcomers
from regulars.desk.models import Conversation, SideConversation, SideMessage
from regulars.desk.moving.forms import AGENT, OUTSIDE, Aside, Matter, Turn
from regulars.desk.recall import key_of
from regulars.desk.writings import LONGEST_HTML, LONGEST_QUOTE
from regulars.kernel import people
from regulars.kernel.actors import Actor

if TYPE_CHECKING:
    from regulars.desk.actions.moving import Move


def bring_in(matters: Sequence[Matter], newcomers: Newcomers, move: Move) -> None:
    """For conversations that were just stored: whatever a second run finds here, it leaves out with them."""
    wanted = {move.key(matter): matter for matter in matters if matter.sides}
    for held in Conversation.objects.filter(key__in=wanted).order_by("pk"):
        matter = wanted[held.key or ""]
        for aside in matter.sides:
            _bring(held, aside, matter, newcomers, move)
        summaries.count_sides(held)


def _bring(held: Conversation, aside: Aside, matter: Matter, newcomers: Newcomers, move: Move) -> None:
    """Nobody has to read it: it is history. Who was erased has no words in it and is not named."""
    erased = _erased(aside)
    turns = [turn for turn in sorted(aside.turns, key=lambda each: each.at) if turn.by.email.lower() not in erased]
    if not turns:
        return
    side = SideConversation.objects.create(
        pk=move.sides.pop((move.key(matter), aside.key), None),
        conversation=held, channel_id=move.here.channel(aside.channel),
        subject=one_line(normalise.clean(aside.subject))[:500],
        participants=[_person(one) for one in aside.participants if _address(one) not in erased],
        created_at=aside.created_at or turns[0].at, created_by=str(moving_turns.actor(turns[0].by, newcomers, move)),
        last_at=turns[-1].at, done_at=aside.done_at, done_by=_done_by(aside, move),
    )  # fmt: skip
    for number, turn in enumerate(turns):
        _say(side, turn, matter, newcomers, move, key=f"{move.key(matter)}:side:{aside.key}:{number}")


def _say(side: SideConversation, turn: Turn, matter: Matter, newcomers: Newcomers, move: Move, *, key: str) -> None:
    files = [file for each in turn.files if (file := moving_turns.file(each, matter, move, stores=True))]
    written = Written(
        text=normalise.clean(turn.text)[:LONGEST],
        html=normalise.clean(turn.html)[:LONGEST_HTML],
        quoted=normalise.clean(turn.quoted)[:LONGEST_QUOTE],
        signature=normalise.clean(turn.signature)[:LONGEST_QUOTE],
        recipients=moving_turns.recipients(turn, newcomers),
        files=files,
        external_id=normalise.clean(key_of(turn.external_id)) if turn.external_id else "",
        is_automatic=turn.is_automatic or bool(turn.automatic_reason),
        automatic_reason=turn.automatic_reason,
        key=key,
    )
    is_ours = turn.by.kind == AGENT
    by = (
        moving_turns.actor(turn.by, newcomers, move)
        if is_ours
        else Actor("system", None, normalise.clean(turn.by.name))
    )
    kind = SideMessage.AGENT if is_ours else SideMessage.OUTSIDE if turn.by.kind == OUTSIDE else SideMessage.SYSTEM
    sides.add(
        side, written, author_kind=kind, author_id=by.id, author_name=by.name, at=turn.at,
        author_address=normalise.clean(turn.by.email)[:320] if kind == SideMessage.OUTSIDE else "",
        state=(moving_past.state(turn.state) or SideMessage.SENT) if is_ours else "",
    )  # fmt: skip


def _done_by(aside: Aside, move: Move) -> str:
    return str(move.here.actor(aside.done_by, customer=lambda _: None)) if aside.done_at else ""


def _erased(aside: Aside) -> set[str]:
    """Addresses in it that belong to somebody who was erased here."""
    said = [*(_address(one) for one in aside.participants), *(turn.by.email for turn in aside.turns)]
    ways = {("email", way): address.lower() for address in said if address and (way := normalise.email(address))}
    return {ways[way] for way in people.suppressed(list(ways)) if way in ways}


def _address(one: object) -> str:
    return str(one.get("address") or "").lower() if isinstance(one, dict) else ""


def _person(one: object) -> dict[str, str]:
    said = one if isinstance(one, dict) else {}
    return {
        "name": normalise.clean(str(said.get("name") or "")),
        "address": normalise.clean(str(said.get("address") or "")),
    }

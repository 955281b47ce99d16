"""One matter of an archive as a history of ours: its turns, its end, who had it, its labels and fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from regulars.customers import normalise
from regulars.desk import field_values, verbs
from regulars.desk.actions import far_files, fields, histories, labels, moving_past
from regulars.desk.actions.conversations import one_line
from regulars.desk.actions.histories import Done, History, Said
from regulars.desk.actions.messages import LONGEST, File
from regulars.desk.actions.moving_people import Newcomers
from regulars.desk.actions.past_mail import OPEN_DAYS
from regulars.desk.models import Conversation, FieldDefinition, Message
from regulars.desk.moving import forms
from regulars.desk.moving.forms import Enclosed, Matter, Misfit, Person, Turn
from regulars.desk.recall import key_of
from regulars.desk.writings import LONGEST_HTML, LONGEST_QUOTE
from regulars.kernel import clock, files
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import DomainError

if TYPE_CHECKING:
    from regulars.desk.actions.moving import Move

LARGEST_FILE = 100 << 20


def history(matter: Matter, newcomers: Newcomers, move: Move, *, stores: bool) -> History:
    """The history to bring in; its files are on the disk when this returns, if it `stores`."""
    for misfit in matter.misfits:
        move.misfit(misfit)
    customer_id = newcomers.of(matter.customer)
    turns = list(_said(matter, newcomers, move, stores=stores))
    team_id = move.us.teams.get(matter.team.lower()) if matter.team else None
    made = History(
        key=move.key(matter),
        customer_id=customer_id or 0,
        channel_id=move.here.channel(matter.channel),
        subject=one_line(normalise.clean(matter.subject))[:1_000],
        turns=[*turns[:1], *_given(matter, turns, move), *turns[1:], *_ended(matter, turns)],
        priority=matter.priority or Conversation.NORMAL,
        team_id=team_id,
        labels=list(_labels(matter, move)),
        is_spam=matter.is_spam,
        fields=_fields(matter, move, has_team=team_id is not None),
    )
    return moving_past.whole(made, matter, newcomers, move, stores=stores) if matter.past else made


def _said(matter: Matter, newcomers: Newcomers, move: Move, *, stores: bool) -> Iterator[Said]:
    for turn in matter.turns if matter.past else sorted(matter.turns, key=lambda each: each.at):
        if turn.by.kind == forms.CUSTOMER and newcomers.is_erased(turn.by):
            move.misfit(Misfit(matter.where, "author erased"))
            continue
        far = far_files.of(turn.files, matter, move)
        near = [each for each in turn.files if not (far and each.is_far)]
        found = [there for each in near if (there := file(each, matter, move, stores=stores))]
        if not (turn.text.strip() or turn.html.strip() or turn.quoted.strip() or found or far):
            continue
        yield Said(
            at=turn.at,
            by=actor(turn.by, newcomers, move),
            kind=Message.NOTE if turn.is_note else Message.MESSAGE,
            text=normalise.clean(turn.text)[:LONGEST],
            html=normalise.clean(turn.html)[:LONGEST_HTML],
            quoted=normalise.clean(turn.quoted)[:LONGEST_QUOTE],
            signature=normalise.clean(turn.signature)[:LONGEST_QUOTE],
            recipients=recipients(turn, newcomers),
            files=found,
            far=far,
            external_id=normalise.clean(key_of(turn.external_id)) if turn.external_id else "",
            is_automatic=turn.is_automatic or bool(turn.automatic_reason),
            automatic_reason=turn.automatic_reason,
            number=turn.number,
            subject=one_line(normalise.clean(turn.subject))[:1_000],
            state=moving_past.state(turn.state) if matter.past else None,
            channel_id=move.here.channel(turn.channel) if turn.channel else None,
            mentioned=[pk for each in turn.mentioned if (pk := move.here.maybe("agents", each))],
        )


def actor(person: Person, newcomers: Newcomers, move: Move) -> Actor:
    """A colleague by their address; somebody of the old desk who is none by their name alone."""
    name = one_line(normalise.clean(person.name or person.email))[:300]
    if person.kind == forms.CUSTOMER:
        return Actor("customer", newcomers.of(person), name)
    if person.kind in forms.OURSELVES:
        return Actor(person.kind, None, name)  # type: ignore[arg-type]  # each of them is a kind of actor
    known = move.us.agents.get(person.email.lower()) if person.email else None
    if known:
        if person.email.lower() not in move.moved.agents_made:
            move.moved.agents_known.add(person.email.lower())
        return Actor("agent", known[0], known[1])
    if not move.us.is_own(person.email):
        move.moved.agents_unknown.add(f"{name} <{person.email}>" if person.email else name)
    return Actor("agent", None, name)


def file(one: Enclosed, matter: Matter, move: Move, *, stores: bool) -> File | None:
    """A file of a turn, on the disk if it `stores`; what cannot come along is named."""
    what = one.url or one.name
    content = one.content
    if content is None and one.path is not None and one.path.is_file():
        if one.path.stat().st_size > LARGEST_FILE:
            move.misfit(Misfit(matter.where, "too large", what))
            return None
        content = one.path.read_bytes()
    if content is None:
        move.misfit(Misfit(matter.where, "not fetched" if one.url else "no file", what))
        return None
    return File(
        digest=files.store(content) if stores else "",
        name=normalise.clean(one.name)[:255] or "file",
        type=normalise.clean(one.type)[:255] or "application/octet-stream",
        size=len(content),
        content_id=normalise.clean(one.content_id),
        is_inline=one.is_inline,
    )


def named(matters: Iterable[Matter]) -> Iterator[str]:
    """Every address to which something went, beside the conversations too."""
    for matter in matters:
        for turn in (*matter.turns, *(turn for aside in matter.sides for turn in aside.turns)):
            yield from (one.get("address") or "" for there in turn.recipients.values() for one in there)


def recipients(turn: Turn, newcomers: Newcomers) -> dict[str, Any]:
    """To whom it went; who was erased is not named."""
    return {
        role: [
            {"name": normalise.clean(one.get("name") or ""), "address": normalise.clean(one.get("address") or "")}
            for one in people
            if not newcomers.is_address_erased(one.get("address") or "")
        ]
        for role, people in turn.recipients.items()
    }


def _given(matter: Matter, turns: Sequence[Said], move: Move) -> Iterator[Done]:
    """Given to whoever had it in the end, right after its first words: exports do not say when."""
    known = move.us.agents.get(matter.assignee.email.lower()) if matter.assignee and matter.assignee.email else None
    if known and turns:
        yield histories.given(turns[0].at, agent_id=known[0], by=SYSTEM)


def _ended(matter: Matter, turns: Sequence[Said]) -> Iterator[Done]:
    """As the archive says, or else as with history that a mailbox brings: over when nothing was said for days."""
    if not turns:
        return
    last = turns[-1].at
    is_past = last < clock.now() - timedelta(days=OPEN_DAYS)
    if matter.status == forms.RESOLVED or (matter.status is None and is_past):
        yield histories.resolved(_later(last, matter.ended_at), by=SYSTEM)
    elif matter.status == forms.OPEN and _stands(turns) == forms.WAITING:
        yield Done(at=last, by=SYSTEM, verb=verbs.OPENED, sets={"status": forms.OPEN})
    elif matter.status == forms.WAITING and _stands(turns) == forms.OPEN:
        yield Done(at=last, by=SYSTEM, verb=verbs.WAITED, sets={"status": forms.WAITING, "waiting_since": None})


def _stands(turns: Sequence[Said]) -> str:
    """Where the words alone lead."""
    said = [turn for turn in turns if turn.kind == Message.MESSAGE and not turn.is_automatic]
    return forms.OPEN if (said[-1] if said else turns[0]).by.kind == forms.CUSTOMER else forms.WAITING


def _later(last: datetime, said: datetime | None) -> datetime:
    return max(last, said) if said else last


def _labels(matter: Matter, move: Move) -> Iterator[str]:
    for name in dict.fromkeys(" ".join(normalise.clean(each).split()) for each in matter.labels):
        if 1 <= len(name) <= labels.LONGEST:
            yield name
        else:
            move.misfit(Misfit(matter.where, "label", name))


def _fields(matter: Matter, move: Move, *, has_team: bool) -> dict[str, Any]:
    said = {**matter.fields, **_names_left_over(matter, move, has_team=has_team)}
    kept: dict[str, Any] = _of_their_kind(said, knows_retired=matter.past is not None)
    for name, value in said.items():
        if name in kept:
            continue
        short, text = one_line(normalise.clean(str(name))), one_line(normalise.clean(field_values.text_of(value)))
        if not text:
            continue
        if not 1 <= len(short) <= fields.LONGEST_NAME or len(text) > fields.LONGEST or len(kept) >= fields.MOST:
            move.misfit(Misfit(matter.where, "field", f"{short}: {text}"))
        if 1 <= len(short) <= fields.LONGEST_NAME and len(kept) < fields.MOST:
            kept[short] = text[: fields.LONGEST]
    return kept


def _of_their_kind(said: Mapping[str, Any], *, knows_retired: bool) -> dict[str, Any]:
    """Those that fill a field of the company's own, as it takes them; the others are texts.

    Another Regulars has the same fields: what was chosen there may be retired by now, as it may be here.
    """
    kept: dict[str, Any] = {}
    rows = FieldDefinition.objects.filter(key__in=said)
    for row in rows if knows_retired else rows.filter(retired_at=None):
        with suppress(DomainError):
            kept[row.key] = fields.read(row, said[row.key], before=said[row.key] if knows_retired else None)
    return {name: value for name, value in kept.items() if field_values.is_filled(value)}


def _names_left_over(matter: Matter, move: Move, *, has_team: bool) -> Mapping[str, str]:
    """A team and an agent who have no counterpart stand in fields, so that they can still be searched for."""
    over: dict[str, str] = {}
    if matter.team and not has_team:
        move.misfit(Misfit(matter.where, "team", matter.team))
        over["Team"] = matter.team
    if matter.assignee and matter.assignee.email.lower() not in move.us.agents:
        over["Assignee"] = matter.assignee.name or matter.assignee.email
    return over

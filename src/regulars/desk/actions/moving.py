"""Moving in: an archive's people and conversations become ours, batch by batch.

Each batch is one transaction, so that a run may be killed anywhere; the next one leaves out what is here
already. Nobody is told of anything. A dry run reads and decides the same and stores nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from django.db import transaction

from regulars.customers.actions import profiles
from regulars.customers.actions.profiles import Traits
from regulars.desk.actions import (
    far_files,
    fetching_files,
    histories,
    houses,
    moving_agents,
    moving_beside,
    moving_facts,
    moving_past,
    moving_people,
    moving_set_up,
    moving_ties,
    moving_turns,
    origins,
)
from regulars.desk.actions.histories import History, Said
from regulars.desk.actions.moving_here import Here
from regulars.desk.actions.moving_people import Newcomers
from regulars.desk.models import Conversation, Message, Origin
from regulars.desk.moving.formats import OLD_DESKS
from regulars.desk.moving.forms import Archive, Happening, Matter, Misfit, Person
from regulars.desk.recall import key_of
from regulars.desk.selectors.colleagues_by_address import Colleagues, colleagues
from regulars.kernel.actors import Actor

BATCH, BATCH_OF_PEOPLE = 100, 1_000

T = TypeVar("T")
Progress = Callable[[float, int], None]
Report = Callable[[Misfit], None]


@dataclass(slots=True)
class Moved:
    """What came of it, or, of a dry run, what would."""

    account: str | None = None  # of the old desk; empty where it names none
    origin_id: int | None = None
    conversations: int = 0
    here_already: int = 0
    messages: int = 0
    notes: int = 0
    files: int = 0
    far_files: int = 0  # still elsewhere
    far_bytes: int = 0  # of those that say so
    far_unsized: int = 0
    customers: int = 0
    people: int = 0
    sides: int = 0
    facts: int = 0
    ties: int = 0  # links, and what was joined
    set_up: int = 0  # all that a desk is set up with
    misfits: dict[str, int] = field(default_factory=dict)
    agents_known: set[str] = field(default_factory=set)
    agents_unknown: set[str] = field(default_factory=set)
    agents_made: dict[str, str] = field(default_factory=dict)  # names by address: made here, without access
    open_with_made: int = 0  # what is not over and is with one of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One run: what from, where to, and who hears of it."""

    kind: str
    channel_id: int
    is_dry: bool
    report: Report
    us: Colleagues
    moved: Moved = field(default_factory=Moved)
    here: Here
    new: set[tuple[str, str]] = field(default_factory=set)  # the first way of everybody made
    sides: dict[tuple[str, str], int] = field(default_factory=dict)  # the keys of side conversations to come
    mark: str = ""  # of the house that moves in, where it is another Regulars, or of the account of another desk
    origin: Origin | None = None
    makes: Actor | None = None  # who makes agents of those it names who are not here; nobody when None
    fetches: bool = False  # whether what lies elsewhere is fetched afterwards

    def misfit(self, one: Misfit) -> None:
        """Count it, and write it down."""
        self.moved.misfits[one.reason] = self.moved.misfits.get(one.reason, 0) + 1
        self.report(one)

    def key(self, matter: Matter) -> str:
        """Mail is known by its channel, as the same mail may have come to two; other desks count their matters."""
        return f"{self.begins}{matter.key}"

    @property
    def begins(self) -> str:
        """How the keys of its conversations begin."""
        where = str(self.channel_id) if self.kind in ("mbox", "maildir") else self.kind
        return f"move:{where}:{self.mark}:" if self.mark else f"move:{where}:"

    @property
    def calls(self) -> str:
        """Who calls people as the archive does: customer 17 of one house is not that of another."""
        return f"{self.kind}:{self.mark}" if self.mark else self.kind


def move_in(
    archive: Archive, *, kind: str, channel_id: int, report: Report, progress: Progress, is_dry: bool = False,
    fetches: bool = False, makes: Actor | None = None,
) -> Moved:  # fmt: skip
    """Store what an archive holds, people first.

    Files it only has the address of are kept in mind; who `fetches` says that they will be, by `fetching_files`. Who
    `makes` agents of those it names who are not here has to be allowed to manage people.
    """
    move = Move(kind=kind, channel_id=channel_id, is_dry=is_dry, report=report, us=colleagues(),
                here=Here(channel_id=channel_id), fetches=fetches, makes=makes)  # fmt: skip
    move = _from_its_place(move, archive)
    if archive.set_up is not None:
        here = moving_set_up.take(archive.set_up, move)
        move = replace(move, here=here, us=moving_set_up.with_teams(colleagues(), archive.set_up, here))
    for people in _batches(archive.people(), BATCH_OF_PEOPLE):
        _take_people(people, move)
    done = 0
    for batch in _batches(archive.matters(), BATCH):
        for one in batch:
            if isinstance(one, Misfit):
                move.misfit(one)
        matters = [one for one in batch if isinstance(one, Matter)]
        _take_matters(matters, move)
        if move.origin and not is_dry:
            move.moved.files += fetching_files.take_near(matters, origin_id=move.origin.pk)
        done += len(batch)
        progress(min(1.0, done / max(1, archive.total)), done)
    for happened in _batches(archive.happenings(), BATCH_OF_PEOPLE):
        for one in happened:
            if isinstance(one, Misfit):
                move.misfit(one)
        moving_facts.take([one for one in happened if isinstance(one, Happening)], move)
    for ties in _batches(archive.ties(), BATCH):
        moving_ties.take(ties, move)
    if not is_dry:
        moving_ties.tell(move)
    moving_agents.tell(move)
    for name in sorted(move.moved.agents_unknown):
        move.misfit(Misfit(name, "agent"))
    return move.moved


def _from_its_place(move: Move, archive: Archive) -> Move:
    """With the mark of the account it is from, or of the house."""
    if move.kind not in OLD_DESKS:
        return replace(move, mark=houses.mark_of(archive, begins=move.begins, is_dry=move.is_dry))
    origin = origins.origin_of(archive, kind=move.kind, is_dry=move.is_dry)
    move.moved.account, move.moved.origin_id = origin.name, origin.pk
    return replace(move, mark=origin.mark, origin=origin)


def _batches(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


@transaction.atomic
def _take_people(people: Sequence[Person], move: Move) -> None:
    newcomers = _meet(people, move)
    move.moved.people += len(people)
    for person in people:
        if newcomers.is_erased(person):
            move.misfit(Misfit(person.key or "a person", "erased"))


@transaction.atomic
def _take_matters(matters: Sequence[Matter], move: Move) -> None:
    """Who is named, what is here already, and the rest stored. What does not fit is told again in every run."""
    people = [matter.customer for matter in matters]
    people += [turn.by for matter in matters for turn in matter.turns if turn.by.kind == "customer"]
    newcomers = _meet(people, move)
    newcomers.ask_after(moving_turns.named(matters))
    known, there = _known(matters, move), _mails_there(matters, move)
    fresh = [one for one in matters if move.key(one) not in known and not newcomers.is_erased(one.customer)]
    moving_agents.make(fresh, move)
    wanted: list[History] = []
    new: list[Matter] = []
    for matter in matters:
        if newcomers.is_erased(matter.customer):
            move.misfit(Misfit(matter.where, "erased"))
            continue
        key = move.key(matter)
        is_here = key in known or any(key_of(turn.external_id) in there for turn in matter.turns)
        history = moving_turns.history(matter, newcomers, move, stores=not (move.is_dry or is_here))
        if not history.turns:
            move.misfit(Misfit(matter.where, "no words", matter.subject))
        elif is_here:
            move.moved.here_already += 1
            _tell_another(known, matter, move)
            far_files.tell(history, move, held_id=known[key].pk if key in known else None)
            _tell_of_more(history, matter, there, move)
        else:
            far_files.tell(history, move, held_id=None)
            wanted.append(history)
            new.append(matter)
    _store(wanted, move)
    move.moved.sides += sum(len(matter.sides) for matter in new)
    if not move.is_dry:
        moving_beside.bring_in(new, newcomers, move)
        moving_past.put_beside([matter for matter in new if matter.past], move)


def _tell_another(known: Mapping[str, Conversation], matter: Matter, move: Move) -> None:
    held = known.get(move.key(matter))
    if move.origin and held and not origins.is_same(held.created_at, matter):
        move.misfit(Misfit(matter.where, "another", matter.subject))


def _tell_of_more(history: History, matter: Matter, there: set[str], move: Move) -> None:
    """A conversation that is here stays as it is: mail that came to it since is named, not added."""
    for turn in history.turns:
        if isinstance(turn, Said) and turn.external_id and turn.external_id not in there:
            move.misfit(Misfit(matter.where, "joins another", turn.external_id))


def _meet(people: Sequence[Person], move: Move) -> Newcomers:
    newcomers = moving_people.meet(people, kind=move.calls, is_dry=move.is_dry)
    move.new.update(newcomers.made)
    move.moved.customers = len(move.new)
    return newcomers


def _store(wanted: Sequence[History], move: Move) -> None:
    for history in wanted:
        move.moved.conversations += 1
        said = [turn for turn in history.turns if isinstance(turn, Said)]
        move.moved.notes += sum(turn.kind == Message.NOTE for turn in said)
        move.moved.messages += sum(turn.kind == Message.MESSAGE for turn in said)
        move.moved.files += sum(len(turn.files) for turn in said)
    if not move.is_dry:
        histories.bring_in(wanted)
        # Somebody has been a customer since the first time they wrote, not since the day we moved.
        profiles.apply_traits(Traits(one.customer_id, known_since=one.turns[0].at) for one in wanted)


def _known(matters: Sequence[Matter], move: Move) -> dict[str, Conversation]:
    """Those that are here."""
    rows = Conversation.objects.filter(key__in=[move.key(matter) for matter in matters])
    return {one.key: one for one in rows.only("pk", "key", "created_at") if one.key}


def _mails_there(matters: Sequence[Matter], move: Move) -> set[str]:
    """Of the mails these name, those that are on this channel: they came by another way, or in another archive."""
    ids = [key_of(turn.external_id) for matter in matters for turn in matter.turns if turn.external_id]
    places = {move.here.channel(matter.channel) for matter in matters}
    rows = Message.objects.filter(external_id__in=ids, channel__in=places)
    return set(rows.values_list("external_id", flat=True)) if ids else set()

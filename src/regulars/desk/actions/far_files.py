"""Files that an export only names: kept with the message they belong to, so that they can be fetched at any time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from regulars.customers import normalise
from regulars.desk.actions.histories import History, Said
from regulars.desk.models import FarFile, Message
from regulars.desk.moving.forms import Enclosed, Matter, Misfit

if TYPE_CHECKING:
    from regulars.desk.actions.moving import Move

LONGEST_URL = 4_000


def of(files: Iterable[Enclosed], matter: Matter, move: Move) -> list[FarFile]:
    """Those of a turn, without the message, which has no number yet."""
    return [_far(one, matter, move) for one in files if one.is_far] if move.origin else []


def tell(history: History, move: Move, *, held_id: int | None) -> None:
    """Count those of a conversation that are still elsewhere; one that is here already learns of them."""
    far = [one for turn in history.turns if isinstance(turn, Said) for one in turn.far]
    if not far:
        return
    known = _known(far, move)
    lost: set[str] = set()
    if held_id is not None and not move.is_dry:
        _renew(far, known)
        lost = _hang(history, held_id, known)
    for one in far:
        if known.get(one.number, (0, ""))[1] == FarFile.FETCHED:
            continue
        move.moved.far_files += 1
        move.moved.far_bytes += one.size or 0
        move.moved.far_unsized += one.size is None
        if not move.fetches or one.number in lost:
            move.misfit(Misfit(one.where, "not fetched", one.url))


def _far(one: Enclosed, matter: Matter, move: Move) -> FarFile:
    return FarFile(
        origin=move.origin,
        number=normalise.clean(one.number)[:200],
        where=normalise.clean(matter.where)[:200],
        url=normalise.clean(one.url)[:LONGEST_URL],
        name=normalise.clean(one.name)[:255] or "file",
        type=normalise.clean(one.type)[:255] or "application/octet-stream",
        size=one.size,
    )


def _known(far: Sequence[FarFile], move: Move) -> Mapping[str, tuple[int, str]]:
    """By number those that were named before, with their key and how they stand."""
    if move.origin is None or move.origin.pk is None:
        return {}
    rows = FarFile.objects.filter(origin=move.origin, number__in=[one.number for one in far]).order_by("pk")
    return {number: (pk, state) for number, pk, state in rows.values_list("number", "pk", "state")}


def _renew(far: Sequence[FarFile], known: Mapping[str, tuple[int, str]]) -> None:
    """Addresses are given for minutes by some: a later export brings new ones."""
    for one in far:
        pk, state = known.get(one.number, (0, FarFile.FETCHED))
        if state != FarFile.FETCHED:
            FarFile.objects.filter(pk=pk).exclude(state=FarFile.FETCHED).exclude(url=one.url).update(
                url=one.url, size=one.size, state=FarFile.WAITING, reason="", said=""
            )


def _hang(history: History, held_id: int, known: Mapping[str, tuple[int, str]]) -> set[str]:
    """Give those named for the first time to the messages they belong to; returns the numbers of those that cannot be.

    A message is known by when it was said: of several at one moment the first is the first.
    """
    there: defaultdict[tuple[object, str], list[int]] = defaultdict(list)
    rows = Message.objects.filter(conversation=held_id).order_by("pk")
    for pk, at, kind in rows.values_list("pk", "at", "kind"):
        there[at, kind].append(pk)
    new: list[FarFile] = []
    lost: set[str] = set()
    for turn in history.turns:
        if isinstance(turn, Said):
            found = there[turn.at, turn.kind]
            message_id = found.pop(0) if found else None
            for one in turn.far:
                if one.number in known:
                    continue
                if message_id is None:
                    lost.add(one.number)
                else:
                    one.message_id = message_id
                    new.append(one)
    FarFile.objects.bulk_create(new, ignore_conflicts=True)
    return lost

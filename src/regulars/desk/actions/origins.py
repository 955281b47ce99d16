"""Which account of another desk an export is from, so that ticket 12 of one is never taken for that of another."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Final

from regulars.desk.errors import AnotherAccount
from regulars.desk.models import Conversation, Origin
from regulars.desk.moving.forms import Archive, Matter
from regulars.kernel import clock

LOOKED_AT: Final = 200


def origin_of(archive: Archive, *, kind: str, is_dry: bool) -> Origin:
    """The account; in a dry run one that is new is not stored.

    A name that was not seen yet may be the new one of an account that is here, and an export may name none: then it is
    known by conversations that have the same number and began at the same moment. Where those of one number
    began at other moments it is another account, whatever it is called.
    """
    known = Origin.objects.filter(kind=kind, name=archive.account).first() if archive.account else None
    first = [one for one in islice(archive.matters(), LOOKED_AT) if isinstance(one, Matter)]
    if known is not None:
        _refuse_another(known.mark, first, kind=kind)
        return known
    marks = {"", *Origin.objects.filter(kind=kind).values_list("mark", flat=True)}
    mark = next((each for each in sorted(marks) if _likeness(first, kind=kind, mark=each) > 0), archive.account)
    _refuse_another(mark, first, kind=kind)
    name, made = archive.account or mark, {"mark": mark, "at": clock.now()}
    if is_dry:
        return Origin(kind=kind, name=name, **made)
    return Origin.objects.get_or_create(kind=kind, name=name, defaults=made)[0]


def begins(kind: str, mark: str) -> str:
    """How the keys of what came from it begin."""
    return f"move:{kind}:{mark}:" if mark else f"move:{kind}:"


def is_same(held_at: datetime, matter: Matter) -> bool:
    """Whether a conversation of the same number is this one: it began with something that was said in it."""
    return any(turn.at == held_at for turn in matter.turns)


def _refuse_another(mark: str, first: Iterable[Matter], *, kind: str) -> None:
    if _likeness(first, kind=kind, mark=mark) < 0:
        raise AnotherAccount


def _likeness(first: Iterable[Matter], *, kind: str, mark: str) -> int:
    """How many of one number are the same conversation, less how many are another."""
    by_key = {f"{begins(kind, mark)}{one.key}": one for one in first}
    rows = Conversation.objects.filter(key__in=by_key).values_list("key", "created_at")
    return sum(1 if is_same(at, by_key[key]) else -1 for key, at in rows if key)

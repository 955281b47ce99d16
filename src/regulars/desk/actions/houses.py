"""Which installation an export is from, so that conversation 17 of one is never taken for that of another."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from regulars.desk.errors import OwnExport
from regulars.desk.models import Conversation, House
from regulars.desk.moving.forms import Archive, Matter
from regulars.desk.moving.moments import moment
from regulars.kernel import clock

LOOKED_AT: Final = 200


def mark_of(archive: Archive, *, begins: str, is_dry: bool) -> str:
    """What stands in the keys of what comes from this house, after what they all begin with.

    An export that names no house is from the one without a mark: whoever moves in two such takes them for one. When
    that house names itself later it is known by a conversation that has the same number and began at the same moment.
    """
    if not archive.house:
        return ""
    known = House.objects.filter(name=archive.house).first()
    if known is not None and known.is_own:
        raise OwnExport
    if known is not None:
        return known.mark
    mark = "" if _came_without_name(archive, begins) else archive.house
    if not is_dry:
        House.objects.get_or_create(name=archive.house, defaults={"mark": mark, "at": clock.now()})
    return mark


def _came_without_name(archive: Archive, begins: str) -> bool:
    if House.objects.filter(is_own=False, mark="").exists():
        return False
    began = {f"{begins}{one.key}": at for one in _first(archive) if (at := _began(one))}
    rows = Conversation.objects.filter(key__in=began).values_list("key", "created_at")
    return any(began[key] == at for key, at in rows if key)


def _first(archive: Archive) -> Iterator[Matter]:
    return (one for one in islice(archive.matters(), LOOKED_AT) if isinstance(one, Matter))


def _began(one: Matter) -> object:
    return moment(one.past.stands.get("created_at")) if one.past else None

"""The words a desk has: labels to put on, macros to write with."""

from django.db.models import Q, QuerySet

from regulars.accounts import permission
from regulars.accounts import selectors as accounts
from regulars.desk.errors import NoSuchMacro
from regulars.desk.models import Label, Macro
from regulars.desk.selectors.label_list import LABELS
from regulars.kernel.actors import Actor
from regulars.kernel.looking import Shared

MOST = 500


def labels() -> Shared[Label]:
    """Every label there is, by name."""
    return LABELS.now()


def macros(*, by: Actor) -> list[Macro]:
    """The macros this agent may use, by name: everybody's, their teams' and their own."""
    return list(usable(by).order_by("name", "pk")[:MOST])


def usable(by: Actor) -> QuerySet[Macro]:
    """Those an agent may use now."""
    return Macro.objects.filter(_theirs(by), retired_at=None)


def changeable(by: Actor) -> QuerySet[Macro]:
    """Those an agent may change, the retired ones too; who looks after the desk also those of every team."""
    shared = Q(agent=None) if permission.has("manage_desk", by=by) else Q(pk__in=[])
    return Macro.objects.filter(_theirs(by) | shared)


def macro(macro_id: int, *, by: Actor) -> Macro:
    """One macro the agent may change."""
    found = changeable(by).filter(pk=macro_id).first()
    if found is None:
        raise NoSuchMacro
    return found


def found(text: str, *, by: Actor, sort: str = "used") -> list[Macro]:
    """The macros an agent may change whose name or text says every word, those used most first, or by name."""
    rows = changeable(by).select_related("team", "agent")
    for word in text.split()[:8]:
        rows = rows.filter(Q(name__icontains=word) | Q(text__icontains=word))
    order = ("name", "pk") if sort == "name" else ("-used_count", "name", "pk")
    return list(rows.order_by(*order)[:MOST])


def _theirs(by: Actor) -> Q:
    mine = Q(agent=by.id) if by.kind == "agent" else Q(pk__in=[])
    teams = accounts.teams().filter(agents=by.id) if by.kind == "agent" else accounts.teams().none()
    return mine | Q(agent=None, team=None) | Q(agent=None, team__in=teams.order_by().values("pk"))

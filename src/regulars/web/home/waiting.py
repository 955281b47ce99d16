"""What waits at the desk this morning: how many, for whom, and the few to begin with."""

from dataclasses import dataclass
from typing import Any, Final

from regulars.channels.selectors.ways import ways
from regulars.desk.selectors import listing, view_counts
from regulars.desk.selectors.conditions import Tree, both
from regulars.desk.selectors.listing import Wanted
from regulars.desk.selectors.views import BUILT_IN, EVERYTHING
from regulars.web.access import may
from regulars.web.desk import rows
from regulars.web.middleware import AgentRequest

MOST_SHOWN: Final = 4
MINE, NOBODYS, ALL = BUILT_IN[0], BUILT_IN[1], EVERYTHING[0]
LATE: Final[Tree] = {"field": "due", "is": "over"}
TO_BEGIN_WITH: Final[Tree] = {"field": "assignee", "is": "in", "value": ["me", "nobody"]}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many are open, and the agent's own or nobody's that are to be answered first."""

    mine: int
    nobodys: int
    all: int
    late: int
    first: list[Any]


def waiting(request: AgentRequest) -> Waiting | None:
    """Nothing for those who do not answer customers, and where nobody can write in yet."""
    if not may(request, "answer") or not ways().present:
        return None
    wanted = {"mine": MINE.wanted(), "nobodys": NOBODYS.wanted(), "all": ALL.wanted(), "late": ALL.wanted(besides=LATE)}
    counts = view_counts.counts(wanted.items(), by=request.actor)
    mine = Wanted(both(ALL.wanted().conditions, TO_BEGIN_WITH))
    found = listing.page(mine, by=request.actor, sort="due", limit=MOST_SHOWN).rows if counts["all"] else []
    return Waiting(**counts, first=rows.dressed(found))

"""Who is where at the desk at this moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from regulars.desk.models import Presence
from regulars.kernel import clock

MOST = 500  # of a list's rows; there are never so many agents
LASTS = timedelta(seconds=45)  # a page says that it is there every 20 seconds


@dataclass(frozen=True, slots=True)
class Present:
    """One agent at one conversation."""

    agent_id: int
    name: str
    is_writing: bool


def busy(*, but: int) -> set[int]:
    """The conversations at which anybody else than this agent is."""
    rows = Presence.objects.filter(at__gte=clock.now() - LASTS).exclude(agent=but)
    return set(rows.values_list("conversation_id", flat=True)[:MOST])


def present_at(conversation_ids: Iterable[int]) -> dict[int, list[Present]]:
    """Who looks at each of these conversations, by name; those where nobody does are empty."""
    found: dict[int, list[Present]] = {pk: [] for pk in conversation_ids}
    rows = Presence.objects.filter(conversation__in=list(found), at__gte=clock.now() - LASTS)
    for row in rows.select_related("agent").order_by("agent__name", "agent__email"):
        found[row.conversation_id].append(Present(row.agent_id, str(row.agent), row.is_writing))
    return found

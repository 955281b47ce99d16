"""Telling a conversation in a few words, as facts: what the desk would have logged."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from regulars.desk.episodes import DeskFact
from regulars.kernel import fact_names

BERLIN = ZoneInfo("Europe/Berlin")
ADA, INES, BO = "customer:9", "agent:3", "agent:4"


def at(text: str) -> datetime:
    """A moment in Berlin; without a date it is Monday, 2 March 2026."""
    return datetime.fromisoformat(text if "-" in text else f"2026-03-02 {text}").replace(tzinfo=BERLIN)


@dataclass
class Story:
    """The facts of one conversation, with its standing carried along."""

    conversation_id: int = 1
    customer_id: int = 9
    facts: list[DeskFact] = field(default_factory=list)
    standing: dict[str, Any] = field(default_factory=lambda: {"channel_id": 1, "kind": "issue", "priority": 3})

    def add(self, name: str, when: str, by: str, *, status: str | None = None, **told: Any) -> "Story":
        if status:
            self.standing["status"] = status
        properties = {**self.standing, "conversation_id": self.conversation_id, "by": by, **told}
        self.facts.append(DeskFact(name, at(when), self.conversation_id, self.customer_id, properties))
        return self

    def asks(self, when: str, *, automatic: bool = False) -> "Story":
        """The customer writes; the desk opens or reopens by itself."""
        if not self.facts:
            self.add(fact_names.CONVERSATION_STARTED, when, ADA, status="open")
        was = self.standing.get("status")
        self._says(fact_names.MESSAGE_RECEIVED, when, ADA, automatic=automatic, status=None if automatic else "open")
        if not automatic and was == "resolved":
            self.add(fact_names.CONVERSATION_REOPENED, when, ADA, status="open")
        elif not automatic and was in ("waiting", "snoozed"):
            self.add(fact_names.CONVERSATION_OPENED, when, ADA, status="open")
        return self

    def answers(self, when: str, by: str = INES, *, automatic: bool = False, then: str | None = None) -> "Story":
        if not self.facts:
            self.add(fact_names.CONVERSATION_STARTED, when, by, status="open")
        self._says(fact_names.REPLY_SENT, when, by, automatic=automatic, status=None)
        return self.becomes(then, when, by) if then else self

    def _says(self, name: str, when: str, by: str, *, automatic: bool, status: str | None) -> None:
        self.add(
            name, when, by, status=status, message=1000 * self.conversation_id + len(self.facts), automatic=automatic
        )

    def notes(self, when: str) -> "Story":
        return self.add(fact_names.NOTE_ADDED, when, INES, message=999)

    def becomes(self, status: str, when: str, by: str = INES) -> "Story":
        name = {
            "open": fact_names.CONVERSATION_OPENED,
            "waiting": fact_names.CONVERSATION_WAITING,
            "snoozed": fact_names.CONVERSATION_SNOOZED,
            "resolved": fact_names.CONVERSATION_RESOLVED,
            "reopened": fact_names.CONVERSATION_REOPENED,
        }[status]
        return self.add(name, when, by, status="open" if status == "reopened" else status)

    def wakes(self, when: str) -> "Story":
        return self.add(fact_names.CONVERSATION_WOKE, when, "system", status="open")

    def goes_to(self, when: str, *, team: int | None = None, agent: int | None = None) -> "Story":
        self.standing |= {"team_id": team, "agent_id": agent}
        return self.add(fact_names.CONVERSATION_ASSIGNED, when, INES)

    def becomes_priority(self, priority: int, when: str) -> "Story":
        self.standing["priority"] = priority
        return self.add(fact_names.PRIORITY_CHANGED, when, INES)

    def takes_in(self, other: "Story", when: str, *, undone: str | None = None) -> "Story":
        self.add(fact_names.CONVERSATIONS_MERGED, when, INES, merged=other.conversation_id)
        if undone:
            self.add(fact_names.CONVERSATION_MERGE_UNDONE, undone, INES, merged=other.conversation_id)
        return self

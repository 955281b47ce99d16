"""How a channel wants its mail to look: what its settings say, read once."""

from dataclasses import dataclass
from typing import Any

AGENT_AT_COMPANY, COMPANY, AGENT = "agent at company", "company", "agent"
SENDER_NAMES = (AGENT_AT_COMPANY, COMPANY, AGENT)
AUTOMATIC_A_DAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The settings of a channel that decide what its mail says. `signature` may name {agent} and {company}."""

    address: str
    company: str
    sender_name: str = AGENT_AT_COMPANY
    signature: str = ""
    quotes_previous: bool = False
    has_plus_addresses: bool = True
    marks_texts: bool = False  # where answers could not be known by their address, nor by what they answer
    numbers_subjects: bool = False  # where answers come back through what loses everything but the subject
    automatic_a_day: int = AUTOMATIC_A_DAY

    @classmethod
    def of(cls, settings: dict[str, Any], *, address: str, company: str) -> "Wishes":
        """Read what a channel's settings say; what cannot be used counts as not said."""
        sender_name, most = settings.get("sender_name"), settings.get("automatic_a_day")
        return cls(
            address=address,
            company=str(settings.get("from_name") or "").strip() or company,
            sender_name=sender_name if sender_name in SENDER_NAMES else AGENT_AT_COMPANY,
            signature=str(settings.get("signature") or "").strip(),
            quotes_previous=bool(settings.get("quote_previous", False)),
            has_plus_addresses=bool(settings.get("plus_address", True)),
            marks_texts=not settings.get("plus_address", True),
            numbers_subjects=bool(settings.get("subject_number", False)),
            automatic_a_day=most if isinstance(most, int) and most >= 0 else AUTOMATIC_A_DAY,
        )

    def name_for(self, agent: str) -> str:
        """The name customers read beside the address."""
        if not agent or self.sender_name == COMPANY:
            return self.company
        if self.sender_name == AGENT or not self.company:
            return agent
        return f"{agent} at {self.company}"

    def signature_for(self, agent: str) -> str:
        """The signature, with who signs."""
        return self.signature.replace("{agent}", agent).replace("{company}", self.company).strip()

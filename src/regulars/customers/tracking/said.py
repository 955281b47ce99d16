"""What identify, group and alias say: who is who, and what is known of them."""

from dataclasses import dataclass, field
from typing import Any

from regulars.customers.actions.recognition import Way

PREVIOUS = "previous"  # the kind of a way of which an alias does not say the kind


@dataclass(frozen=True, slots=True)
class Said:
    """One message about a customer. `other` is the visitor they were (identify) or the name they had (alias)."""

    message_id: str
    way: Way
    is_trusted: bool
    other: Way | None = None
    traits: dict[str, Any] = field(default_factory=dict)
    company: str | None = None
    company_traits: dict[str, Any] = field(default_factory=dict)

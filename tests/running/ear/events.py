from dataclasses import dataclass

from regulars.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRang(DomainEvent):
    """Somebody rang; the handler writes `word` where a test can read it."""

    word: str

"""Who did it: never a bare id."""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["agent", "customer", "bot", "rule", "key", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """An agent, a customer, a bot, a rule, a key or the system itself."""

    kind: Kind
    id: int | None = None
    name: str = ""

    def __str__(self) -> str:
        return self.kind if self.id is None else f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Actor":
        """Read what `str` wrote; the name is not kept."""
        kind, _, number = text.partition(":")
        if kind not in get_args(Kind):
            raise ValueError(f"no such actor: {text!r}")
        return cls(kind=kind, id=int(number) if number else None)  # type: ignore[arg-type]  # looked up above


SYSTEM = Actor("system")

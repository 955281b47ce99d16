"""What the numbers of another installation's export mean here: people by address, all else by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from regulars.desk.moving.records import words
from regulars.kernel.actors import Actor

Numbers = dict[str, int]
Tree = dict[str, Any]
_MOST_DEEP: Final = 10
# Which conditions name something by its number, and which mapping says what that is here.
_NUMBERED: Final = {
    "assignee": "agents", "team": "teams", "label": "labels", "channel": "channels",
    "customer label": "customer_labels",
    "company": "companies", "customer": "customers",
}  # fmt: skip


class NotHere(Exception):
    """Something is named that has no counterpart here."""


@dataclass(slots=True, kw_only=True)
class Here:
    """By number there the number here. Whatever is missing has no counterpart; of customers none is known."""

    channel_id: int
    agents: Numbers = field(default_factory=dict)
    teams: Numbers = field(default_factory=dict)
    channels: Numbers = field(default_factory=dict)
    labels: Numbers = field(default_factory=dict)
    customer_labels: Numbers = field(default_factory=dict)
    companies: Numbers = field(default_factory=dict)
    customers: Numbers = field(default_factory=dict)
    rules: Numbers = field(default_factory=dict)
    macros: Numbers = field(default_factory=dict)

    def number(self, kind: str, there: object) -> int:
        """The number here; what is not here is refused."""
        found = self.maybe(kind, there)
        if found is None:
            raise NotHere(f"{kind}: {words(there)}")
        return found

    def maybe(self, kind: str, there: object) -> int | None:
        """The number here, or None."""
        known: Mapping[str, int] = getattr(self, kind)
        return known.get(words(there))

    def channel(self, there: object) -> int:
        """The channel of the same address, else the one that everything moves into."""
        return self.channels.get(words(there), self.channel_id)

    def actor(self, said: object, name: object = "", *, customer: Callable[[str], int | None]) -> Actor:
        """Who it was, as far as they are here; their name stays in any case."""
        kind, _, number = words(said).partition(":")
        if kind == "agent":
            return Actor("agent", self.agents.get(number), words(name))
        if kind == "customer":
            return Actor("customer", customer(number), words(name))
        if kind == "rule":
            return Actor("rule", self.rules.get(number), words(name))
        return Actor(kind if kind in ("bot", "key") else "system", None, words(name))  # type: ignore[arg-type]  # both are

    def tree(self, said: object, *, depth: int = 0) -> Tree:
        """A tree of conditions with the numbers of here; refused where one of them is not."""
        if not isinstance(said, dict) or depth > _MOST_DEEP:
            raise NotHere(words(said))
        if "field" in said:
            return self._leaf(said)
        turned = dict(said)
        for group in ("all", "any"):
            if isinstance(said.get(group), list):
                turned[group] = [self.tree(each, depth=depth + 1) for each in said[group]]
        if "not" in said:
            turned["not"] = self.tree(said["not"], depth=depth + 1)
        return turned

    def _leaf(self, said: Tree) -> Tree:
        kind = _NUMBERED.get(words(said["field"]))
        if kind is None or not isinstance(said.get("value"), list):
            return said
        return {**said, "value": [self.number(kind, one) if isinstance(one, int) else one for one in said["value"]]}

    def deed(self, said: Mapping[str, Any]) -> dict[str, str]:
        """A deed with the numbers of here; refused where one of them is not."""
        deed, value = words(said.get("deed")), words(said.get("value"))
        kind = {"assign": "agents", "team": "teams", "unlabel": "labels"}.get(deed)
        if kind and value not in ("", "me"):
            value = str(self.number(kind, value))
        return {"deed": deed, "value": value}

"""How a search may go on: its operators, and the names they take."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from regulars.desk.selectors import fields

FIXED: Final[Mapping[str, tuple[str, ...]]] = {
    "is:": ("open", "waiting", "snoozed", "resolved", "mine", "unassigned", "following", "spam"),
    "priority:": ("urgent", "high", "normal", "low"),
    "kind:": ("issue", "account"),
    "has:": ("file",),
    "before:": ("today", "yesterday", "7d", "30d"),
    "after:": ("today", "yesterday", "7d", "30d"),
    "from:": (),
    "to:": (),
    "subject:": (),
    "file:": (),
}


def offered(choices: Mapping[str, Any]) -> dict[str, list[str]]:
    """Each operator with what may stand behind it; names of several words stand in quotes."""
    named = {
        "label:": [label.name for label in choices["labels"]],
        "assignee:": ["me", "nobody", *(str(agent) for agent in choices["agents"])],
        "team:": [team.name for team in choices["teams"]],
        "channel:": [channel.name for channel in choices["channels"]],
    }
    found: dict[str, list[str]] = {name: list(values) for name, values in FIXED.items()}
    own = {f"{fields.handle(row)}:": _values(row) for row in fields.defined()}
    return own | found | {name: _quoted(values) for name, values in named.items()}


def _values(row: Any) -> list[str]:
    """What may stand behind a field of the company's own."""
    return ["yes", "no"] if row.kind == "yes or no" else _quoted(row.offered.values())


def _quoted(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' if " " in name else name for name in names]

"""Reading what somebody typed into the search: words, "phrases", -without, and operators.

    from:ada label:shipping is:open before:2026-03-01 "torn bag" -refund #4711

An operator that names nothing there is becomes an ordinary word, so that nobody has to know them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from regulars.accounts import selectors as accounts
from regulars.channels import selectors as channels
from regulars.desk.models import Conversation, Label
from regulars.desk.selectors import field_search
from regulars.desk.selectors.conditions import Tree
from regulars.desk.words import in_order
from regulars.kernel import clock

LONGEST: Final = 500
MOST_WORDS: Final = 12
PRIORITIES: Final = {"urgent": 1, "high": 2, "normal": 3, "low": 4}
OPERATORS: Final = (
    "from:", "is:", "label:", "assignee:", "team:", "channel:", "priority:", "kind:", "has:", "before:", "after:",
)  # fmt: skip

_PARTS = re.compile(r'(?P<minus>-?)(?:(?P<name>[a-z][a-z0-9_]*):)?(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))')


@dataclass(slots=True)
class Query:
    """What is asked for: words that must be there, phrases as written, words that must not, conditions, a number."""

    words: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    trees: list[Tree] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    number: int | None = None
    is_spam: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.trees or self.senders or self.number or self.is_spam)


def read(text: str, *, zone: str) -> Query:
    """Understand what was typed; days are days in the given zone."""
    query = Query()
    for part in _PARTS.finditer(text[:LONGEST]):
        name, value = part["name"], part["phrase"] if part["phrase"] is not None else part["word"]
        if not value or (name and _operator(query, name, value, is_not=bool(part["minus"]), zone=zone)):
            continue
        _words(query, f"{name}:{value}" if name else value, part)
    return query


def _words(query: Query, value: str, part: re.Match[str]) -> None:
    digits = value.removeprefix("#")
    if digits.isascii() and digits.isdigit() and len(digits) < 16 and not part["minus"]:
        query.number = int(digits)
    found = list(in_order(value))
    if part["minus"]:
        query.without += found
        return
    query.words += [word for word in found if word not in query.words][: MOST_WORDS - len(query.words)]
    if part["phrase"] is not None and len(found) > 1:
        query.phrases.append(part["phrase"])


def _operator(query: Query, name: str, value: str, *, is_not: bool, zone: str) -> bool:
    """Take an operator in; false when it says nothing we know."""
    if name == "from" and not is_not:
        query.senders.append(value)
        return True
    if name == "is" and value.lower() == "spam" and not is_not:
        query.is_spam = True
        return True
    tree = _READ[name](value, zone) if name in _READ else field_search.tree(name, value)
    if tree is None:
        return False
    query.trees.append({"not": tree} if is_not else tree)
    return True


def _is(value: str, zone: str) -> Tree | None:
    value = value.lower()
    if value in Conversation.STATUSES:
        return _among("status", value)
    if value in ("mine", "unassigned"):
        return _among("assignee", "me" if value == "mine" else "nobody")
    return {"field": "following", "is": "is", "value": True} if value in ("following", "watched") else None


def _among(name: str, *values: Any) -> Tree:
    return {"field": name, "is": "in", "value": list(values)}


def _assignee(value: str, zone: str) -> Tree | None:
    if value.lower() in ("me", "nobody"):
        return _among("assignee", value.lower())
    found = [agent.pk for agent in accounts.answering_agents() if _begins(str(agent), value)]
    return _among("assignee", *found) if found else None


def _named(name: str, rows: Callable[[], Sequence[Any]]) -> Callable[[str, str], Tree | None]:
    def read_name(value: str, zone: str) -> Tree | None:
        found = [row.pk for row in rows() if _begins(row.name, value)]
        return _among(name, *found) if found else None

    return read_name


def _begins(name: str, value: str) -> bool:
    """Whether a name, or a word of it, begins as somebody typed."""
    folded, wanted = " ".join(in_order(name)), " ".join(in_order(value))
    return bool(wanted) and (folded.startswith(wanted) or f" {wanted}" in f" {folded}")


def _priority(value: str, zone: str) -> Tree | None:
    number = PRIORITIES.get(value.lower())
    return _among("priority", number) if number else None


def _kind(value: str, zone: str) -> Tree | None:
    return _among("kind", value.lower()) if value.lower() in Conversation.KINDS else None


def _has(value: str, zone: str) -> Tree | None:
    is_files = value.lower() in ("attachment", "attachments", "file", "files")
    return {"field": "attachments", "is": "is", "value": True} if is_files else None


def _before(value: str, zone: str) -> Tree | None:
    day = _day(value, zone)
    return {"field": "last", "is": "before", "value": day.isoformat()} if day else None


def _after(value: str, zone: str) -> Tree | None:
    day = _day(value, zone)
    return {"field": "last", "is": "after", "value": (day + timedelta(days=1)).isoformat()} if day else None


def _day(value: str, zone: str) -> datetime | None:
    """The beginning of a day: a date, `today`, `yesterday`, or `7d` for so many days ago."""
    today = clock.today(zone)
    ago = {"today": 0, "yesterday": 1}.get(value)
    if ago is None and value[:-1].isascii() and value[:-1].isdigit() and value[-1:] == "d" and len(value) < 6:
        ago = int(value[:-1])
    if ago is not None:
        day = today - timedelta(days=ago)
    else:
        try:
            day = datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, put into its zone below
        except ValueError:
            return None
    return datetime.combine(day, time(), ZoneInfo(zone))


_READ: Final[Mapping[str, Callable[[str, str], Tree | None]]] = {
    "is": _is,
    "label": _named("label", lambda: list(Label.objects.order_by("name", "pk"))),
    "assignee": _assignee,
    "team": _named("team", lambda: list(accounts.teams())),
    "channel": _named("channel", lambda: list(channels.channels())),
    "priority": _priority,
    "kind": _kind,
    "has": _has,
    "before": _before,
    "after": _after,
}

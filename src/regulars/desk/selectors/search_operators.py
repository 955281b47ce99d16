"""What the operators of the search mean: `is:open`, `label:late`, `before:2026-03-01`, as conditions on conversations.

Whoever comes from another desk or from mail types what that one calls them: `tag:`, `assigned:`, `older_than:`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from regulars.accounts import selectors as accounts
from regulars.channels import selectors as channels
from regulars.desk.models import Conversation
from regulars.desk.selectors import label_list
from regulars.desk.selectors.conditions import Tree
from regulars.desk.words import in_order
from regulars.kernel import clock

OPERATORS: Final = (
    "from:", "to:", "subject:", "is:", "label:", "assignee:", "team:", "channel:", "priority:", "kind:", "has:",
    "file:", "before:", "after:",
)  # fmt: skip
ALSO_CALLED: Final[Mapping[str, str]] = {
    "customer": "from", "sender": "from", "email": "from", "contact": "from", "title": "subject",
    "status": "is", "state": "is", "in": "is", "tag": "label", "tags": "label", "labels": "label",
    "assigned": "assignee", "assigned_to": "assignee", "owner": "assignee", "agent": "assignee", "group": "team",
    "mailbox": "channel", "inbox": "channel", "via": "channel", "filename": "file",
    "older": "before", "older_than": "before", "until": "before",
    "newer": "after", "newer_than": "after", "since": "after",
}  # fmt: skip
STATUSES: Final = {
    "active": "open",
    "pending": "waiting",
    "closed": "resolved",
    "solved": "resolved",
    "done": "resolved",
}
PRIORITIES: Final = {"urgent": 1, "high": 2, "normal": 3, "low": 4}
ONE_OF: Final = frozenset(
    {"status", "assignee", "team", "channel", "priority", "kind"}
)  # a conversation has one of each

_AGO: Final = re.compile(r"(\d{1,4})([dwmy])")
_DAYS: Final = {"d": 1, "w": 7, "m": 30, "y": 365}
_WRITTEN: Final = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})[-/](?P<m>\d{1,2})(?P<d>)"),
    re.compile(r"(?P<y>\d{4})(?P<m>)(?P<d>)"),
)


def named(name: str) -> str:
    """What an operator is called here."""
    return ALSO_CALLED.get(name, name)


def is_known(name: str) -> bool:
    """Whether there is an operator of this name, by whichever name."""
    return f"{named(name)}:" in OPERATORS


def tree(name: str, value: str, *, zone: str) -> Tree | None:
    """The condition; None where the value says nothing, or the operator is none of conditions."""
    read = _READ.get(named(name))
    return read(value, zone) if read else None


def added(trees: Sequence[Tree], new: Tree) -> list[Tree]:
    """With one more condition. Of what a conversation has one of, either will do: `is:open is:waiting`."""
    if new.get("field") in ONE_OF and new.get("is") == "in":
        for place, tree in enumerate(trees):
            if (tree.get("field"), tree.get("is")) == (new["field"], "in"):
                either = list(dict.fromkeys([*tree["value"], *new["value"]]))
                return [*trees[:place], tree | {"value": either}, *trees[place + 1 :]]
    return [*trees, new]


def _is(value: str, zone: str) -> Tree | None:
    value = STATUSES.get(value.lower(), value.lower())
    if value in Conversation.STATUSES:
        return _among("status", value)
    if value in ("mine", "unassigned"):
        return _among("assignee", "me" if value == "mine" else "nobody")
    if value == "assigned":
        return {"not": _among("assignee", "nobody")}
    return {"field": "following", "is": "is", "value": True} if value in ("following", "watched") else None


def _among(name: str, *values: Any) -> Tree:
    return {"field": name, "is": "in", "value": list(values)}


def _assignee(value: str, zone: str) -> Tree | None:
    if value.lower() in ("me", "nobody"):
        return _among("assignee", value.lower())
    if value.lower() in ("none", "unassigned"):
        return _among("assignee", "nobody")
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


def _channel(value: str, zone: str) -> Tree | None:
    """By its name, or by the address customers write to."""
    rows = channels.channels()
    found = [row.pk for row in rows if _begins(row.name, value) or _begins(row.address, value)]
    return _among("channel", *found) if found else None


def _priority(value: str, zone: str) -> Tree | None:
    number = PRIORITIES.get(value.lower())
    return _among("priority", number) if number else None


def _kind(value: str, zone: str) -> Tree | None:
    return _among("kind", value.lower()) if value.lower() in Conversation.KINDS else None


def _has(value: str, zone: str) -> Tree | None:
    is_files = value.lower() in ("attachment", "attachments", "file", "files")
    return {"field": "attachments", "is": "is", "value": True} if is_files else None


def _before(value: str, zone: str) -> Tree | None:
    day = _day(value.lower(), zone)
    return {"field": "last", "is": "before", "value": day.isoformat()} if day else None


def _after(value: str, zone: str) -> Tree | None:
    """From that day on, with the day: as mail programs take it, and nobody misses a day they meant."""
    day = _day(value.lower(), zone)
    return {"field": "last", "is": "after", "value": day.isoformat()} if day else None


def _day(value: str, zone: str) -> datetime | None:
    """The beginning of a day: a date, `today`, `yesterday`, or `7d`, `2w`, `3m`, `1y` for so long ago."""
    today = clock.today(zone)
    ago = {"today": 0, "yesterday": 1}.get(value)
    if value.isascii() and (match := _AGO.fullmatch(value)):
        ago = int(match[1]) * _DAYS[match[2]]
    try:
        day = _date(value) if ago is None else today - timedelta(days=ago)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(day, time(), ZoneInfo(zone)) if day and day.year > 1 else None


def _date(value: str) -> date | None:
    """Of a month or a year alone the first day."""
    found = next((match for form in _WRITTEN if value.isascii() and (match := form.fullmatch(value))), None)
    return date(int(found["y"]), int(found["m"] or 1), int(found["d"] or 1)) if found else None


_READ: Final[Mapping[str, Callable[[str, str], Tree | None]]] = {
    "is": _is,
    "label": _named("label", label_list.every_name),
    "assignee": _assignee,
    "team": _named("team", lambda: list(accounts.teams())),
    "channel": _channel,
    "to": _channel,
    "priority": _priority,
    "kind": _kind,
    "has": _has,
    "before": _before,
    "after": _after,
}

"""Conditions in words: what each field and each way of asking is called, and what there is to choose from."""

from collections.abc import Iterable
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.accounts import selectors as accounts
from regulars.channels import selectors as channels
from regulars.customers.selectors import choices as customers
from regulars.desk.selectors import fields, wording
from regulars.desk.selectors.condition_fields import FIELDS
from regulars.web.desk import words

FIELD_WORDS: Final[dict[str, str | Promise]] = {
    "status": gettext_lazy("Status"),
    "assignee": gettext_lazy("Assigned to"),
    "team": gettext_lazy("Team"),
    "channel": gettext_lazy("Channel"),
    "kind": gettext_lazy("Kind"),
    "priority": gettext_lazy("Priority"),
    "label": gettext_lazy("Label"),
    "subject": gettext_lazy("Subject"),
    "language": gettext_lazy("Language"),
    "customer label": gettext_lazy("Customer's label"),
    "customer value": gettext_lazy("Customer's value"),
    "customer risk": gettext_lazy("Customer's risk of leaving"),
    "customer stake": gettext_lazy("At stake with the customer"),
    "created": gettext_lazy("Begun"),
    "last": gettext_lazy("Last message"),
    "waiting": gettext_lazy("Waiting for an answer"),
    "due": gettext_lazy("Due"),
    "attachments": gettext_lazy("Has files"),
    "watching": gettext_lazy("I watch it"),
    "mentioned": gettext_lazy("It mentions me"),
    "custom": gettext_lazy("Another detail"),
}
WAY_WORDS: Final[dict[str, str | Promise]] = {
    "in": gettext_lazy("is one of"),
    "not in": gettext_lazy("is none of"),
    "contains": gettext_lazy("contains"),
    "does not contain": gettext_lazy("does not contain"),
    "at least": gettext_lazy("is at least"),
    "at most": gettext_lazy("is at most"),
    "older than": gettext_lazy("longer ago than"),
    "newer than": gettext_lazy("within the last"),
    "before": gettext_lazy("before"),
    "after": gettext_lazy("after"),
    "within": gettext_lazy("within the next"),
    "over": gettext_lazy("is past"),
    "set": gettext_lazy("is set"),
    "is": gettext_lazy("is"),
    "is not": gettext_lazy("is not"),
    "is so": gettext_lazy("is"),
    "equals": gettext_lazy("is exactly"),
    "costs at least": gettext_lazy("is at least"),
    "costs at most": gettext_lazy("is at most"),
    "on": gettext_lazy("is the day"),
    "filled": gettext_lazy("is filled in"),
    "empty": gettext_lazy("is empty"),
}
_PLAIN: Final = ("is", "is not")  # of a detail nobody defined
ASKED: Final = [
    (field, way) for field in FIELD_WORDS for way in FIELDS[field].ways if field != "custom" or way in _PLAIN
]
"""Every pair of a field and a way that the page offers."""

Choices = list[tuple[str, str]]


OF_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "short text": ("is", "is not", "contains", "does not contain"),
    "long text": ("contains", "does not contain"),
    "link": ("contains", "does not contain"),
    "number": ("equals", "at least", "at most"),
    "money": ("costs at least", "costs at most"),
    "date": ("on", "before", "after"),
    "yes or no": ("is so",),
    "choice": ("in", "not in"),
    "choices": ("in", "not in"),
}
"""How each kind of the company's own fields may be asked for, besides whether anything is in it."""


def asked(group: Any = None) -> Choices:
    """What may be asked, as one list to choose from: "status.in" and "Status is one of".

    A group's own questions about details nobody defined, or any more, stand last: they stay what they are.
    """
    own = [(row, way) for row in fields.defined() for way in (*OF_KINDS[row.kind], "filled", "empty")]
    found = [
        *((f"{field}.{way}", f"{FIELD_WORDS[field]} {WAY_WORDS[way]}") for field, way in ASKED),
        *((f"custom:{row.key}.{way}", f"{row.label} {WAY_WORDS[way]}") for row, way in own),
    ]
    known = {name for name, _word in found}
    return [*found, *((name, _undefined(name)) for name in _custom(group) if name not in known)]


def _custom(group: Any) -> list[str]:
    items = group.items if group is not None else []
    inner = [name for item in items if item.is_group for name in _custom(item)]
    return list(dict.fromkeys([*(item.asked for item in items if not item.is_group and item.is_custom), *inner]))


def _undefined(name: str) -> str:
    field, _dot, way = name.removeprefix("custom:").rpartition(".")
    return f"{field} {WAY_WORDS[way]}"


def choices() -> dict[str, Choices]:
    """What each kind of value that is chosen from a list offers."""
    return {
        "status": _named(words.STATUSES.items()),
        "kind": _named(words.KINDS.items()),
        "priority": _named(words.PRIORITIES.items()),
        "agent": [("me", _("me")), ("nobody", _("nobody")), *_rows(accounts.answering_agents())],
        "team": [("mine", _("my teams")), ("none", _("no team")), *_rows(accounts.teams())],
        "channel": _rows(channels.channels()),
        "label": _rows(wording.labels()),
        "customer_label": _rows(customers.labels()),
        "yes": [("yes", _("yes")), ("no", _("no"))],
        **{f"custom:{row.key}": list(row.labels.items()) for row in fields.defined() if row.choices},
    }


def _named(items: Iterable[tuple[Any, Any]]) -> Choices:
    return [(str(value), str(name)) for value, name in items]


def _rows(rows: Iterable[Any]) -> Choices:
    return [(str(row.pk), str(row)) for row in rows]

"""Conditions in words: what each field and each way of asking is called, and what there is to choose from."""

from collections.abc import Iterable
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.accounts import selectors as accounts
from regulars.channels import selectors as channels
from regulars.customers.selectors import choices as customers
from regulars.desk.selectors import wording
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
    "custom": gettext_lazy("Own field"),
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
}
ASKED: Final = [(field, way) for field in FIELD_WORDS for way in FIELDS[field].ways]
"""Every pair of a field and a way that the page offers."""

Choices = list[tuple[str, str]]


def asked() -> Choices:
    """What may be asked, as one list to choose from: "status.in" and "Status is one of"."""
    return [(f"{field}.{way}", f"{FIELD_WORDS[field]} {WAY_WORDS[way]}") for field, way in ASKED]


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
    }


def _named(items: Iterable[tuple[Any, Any]]) -> Choices:
    return [(str(value), str(name)) for value, name in items]


def _rows(rows: Iterable[Any]) -> Choices:
    return [(str(row.pk), str(row)) for row in rows]

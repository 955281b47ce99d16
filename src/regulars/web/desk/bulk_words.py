"""A bulk action in the words of the page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.kernel import clock
from regulars.web.desk import language_words, words

MOST_REASONS: Final = 3
DONE: Final[dict[str, str | Promise]] = {
    "resolve": gettext_lazy("Resolved"),
    "open": gettext_lazy("Opened"),
    "wait": gettext_lazy("Waiting for the customer"),
    "snooze": gettext_lazy("Put aside"),
    "snooze_for": gettext_lazy("Put aside"),
    "kind": gettext_lazy("Filed as %(who)s"),
    "language": gettext_lazy("Its language: %(who)s"),
    "field": gettext_lazy("Set %(who)s"),
    "macro": gettext_lazy("Macro “%(who)s”"),
    "answer": gettext_lazy("Answered with “%(who)s”"),
    "watch": gettext_lazy("Watched"),
    "assign": gettext_lazy("Given to %(who)s"),
    "team": gettext_lazy("Given to the team %(who)s"),
    "priority": gettext_lazy("Priority %(who)s"),
    "label": gettext_lazy("Labelled “%(who)s”"),
    "unlabel": gettext_lazy("Label “%(who)s” taken off"),
    "spam": gettext_lazy("Marked as spam"),
    "not_spam": gettext_lazy("Marked as not spam"),
    "read": gettext_lazy("Mentions marked as read"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One bulk action as it is drawn."""

    bulk: Any
    name: str
    outcome: str
    done: int

    @property
    def seconds_left(self) -> float | None:
        """From the pace so far; nothing is said before there is one."""
        began: datetime = self.bulk.undo_asked_at or self.bulk.at
        if not self.bulk.is_running or not self.done:
            return None
        return (clock.now() - began).total_seconds() / self.done * (self.bulk.total - self.done)


def seen(bulk: Any) -> Seen:
    """A bulk action with its words."""
    done = bulk.undo_done if bulk.undo_asked_at else bulk.done
    return Seen(bulk, name(bulk), "" if bulk.is_running else outcome(bulk), done)


def name(bulk: Any) -> str:
    """What was done."""
    if bulk.deed in ("assign", "team") and not bulk.told:
        return _("Taken from whoever had it") if bulk.deed == "assign" else _("Taken from its team")
    who = words.PRIORITIES[int(bulk.told)] if bulk.deed == "priority" else bulk.told
    who = words.KINDS.get(bulk.told, bulk.told) if bulk.deed == "kind" else who
    who = (language_words.name(bulk.told) or _("not known")) if bulk.deed == "language" else who
    return str(DONE.get(bulk.deed, bulk.deed)) % {"who": who}


def refusals(bulk: Any) -> list[str]:
    """How many were left as they are, and why."""
    said = []
    for reason, count in list(bulk.refusals.items())[:MOST_REASONS]:
        left = ngettext("%(n)d was left as it is:", "%(n)d were left as they are:", count) % {"n": count}
        said.append(f"{left} {reason}")
    return said


def outcome(bulk: Any) -> str:
    """What came of it, or of taking it back."""
    if bulk.undone_at is None:
        if bulk.deed == "read":
            return _("%(deed)s.") % {"deed": name(bulk)}
        counted = ngettext("%(count)d conversation", "%(count)d conversations", bulk.changed) % {"count": bulk.changed}
        return " ".join([_("%(deed)s: %(counted)s.") % {"deed": name(bulk), "counted": counted}, *refusals(bulk)])
    undone = ngettext("Taken back in %(count)d conversation.", "Taken back in %(count)d conversations.", bulk.undone)
    left = ngettext(
        "%(count)d changed meanwhile and stays as it is.",
        "%(count)d changed meanwhile and stay as they are.",
        bulk.not_undone,
    )
    said = [undone % {"count": bulk.undone}]
    if bulk.not_undone:
        said.append(left % {"count": bulk.not_undone})
    return " ".join(said)
